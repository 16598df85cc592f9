//! What the cluster itself has against a token: its words are passed on, as far as no secret can be in them.

use bootstrap_token::Token;
use conformance::suite::Test;
use conformance::{secrets, tests, wait};
use serde_json::{Value, json};

use crate::support::{find_secret, ours_admin, plane};

pub(crate) const TESTS: &[Test] = tests!["admission":
    the_words_of_a_policy_are_passed_on,
    words_that_repeat_the_secret_are_kept_back,
    a_webhook_that_is_down_is_an_error_of_the_server,
];

fn the_words_of_a_policy_are_passed_on() {
    let token = secrets::token();
    policy(&token, &json!("'no tokens on a Friday'"));
    let output = created_in_vain(&token);
    assert!(
        output.contains("422") && output.contains("no tokens on a Friday"),
        "{output}"
    );
}

fn words_that_repeat_the_secret_are_kept_back() {
    let token = secrets::token();
    policy(
        &token,
        &json!("'it may not be ' + string(object.data['token-secret'])"),
    );
    // The harness sees to it that the secret is not in it.
    let output = created_in_vain(&token);
    assert!(
        output.contains("422") && output.contains("it may not be …"),
        "{output}"
    );
}

fn a_webhook_that_is_down_is_an_error_of_the_server() {
    let token = secrets::token();
    let name = format!("{}.example.com", token.id());
    plane().admin().post(
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
        &json!({
            "metadata": {"name": name},
            "webhooks": [{
                "name": name,
                "clientConfig": {"url": "https://127.0.0.1:1/none"},
                "rules": rules(),
                "matchConditions": conditions(&token),
                "sideEffects": "None",
                "admissionReviewVersions": ["v1"],
            }],
        }),
    );
    let output = created_in_vain(&token);
    assert!(output.contains("500 Internal Server Error"), "{output}");
    assert!(output.contains("failed calling webhook"), "{output}");
}

/// Denies this one token with the text that an expression yields.
fn policy(token: &Token, message: &Value) {
    let plane = plane();
    let name = format!("deny-{}", token.id());
    let path = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolic";
    plane.admin().post(
        &format!("{path}ies"),
        &json!({
            "metadata": {"name": name},
            "spec": {
                "matchConstraints": {"resourceRules": rules()},
                "matchConditions": conditions(token),
                "validations": [{"expression": "false", "messageExpression": message}],
            },
        }),
    );
    plane.admin().post(
        &format!("{path}ybindings"),
        &json!({"metadata": {"name": name}, "spec": {"policyName": name, "validationActions": ["Deny"]}}),
    );
}

fn rules() -> Value {
    json!([{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["secrets"]}])
}

fn conditions(token: &Token) -> Value {
    let expression = format!("object.metadata.name == 'bootstrap-token-{}'", token.id());
    json!([{"name": "it", "expression": expression}])
}

/// Creates until the server has heard of what is against it; what came before that is deleted.
fn created_in_vain(token: &Token) -> String {
    wait::until("the token is refused", || {
        let create = ours_admin(&["create", "-", "-v=10"]).stdin(token.expose().to_string());
        let output = create.prints_token().run();
        if output.code == Some(0) {
            ours_admin(&["delete", token.id().as_str()]).run().success();
            return Err("it was created");
        }
        assert_eq!(output.stdout, "");
        assert!(find_secret(token.id()).is_none());
        Ok(output.failure().to_owned())
    })
}
