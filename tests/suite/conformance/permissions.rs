//! Users who may not do everything.

use conformance::command::ours;
use conformance::suite::Test;
use conformance::{pki, secrets, tests, wait};
use serde_json::json;

use crate::support::{create, created, find_secret, plane};

pub(crate) const TESTS: &[Test] = tests!["permissions":
    who_may_do_nothing_is_told_what_is_missing,
    who_may_only_create_can_create,
];

fn who_may_do_nothing_is_told_what_is_missing() {
    let kubeconfig = pki::user(&plane(), "jane", "visitors");
    let there = create(&[]);
    let new = secrets::token();
    for (arguments, verb) in [
        (vec!["list"], "list"),
        (vec!["create"], "create"),
        (vec!["create", "-"], "create"),
        (vec!["delete", there.id().as_str()], "delete"),
    ] {
        let output = ours(&arguments)
            .kubeconfig(&kubeconfig.path())
            .stdin(new.expose().to_string())
            .run();
        let text = output.failure();
        assert!(
            text.contains(&format!("User \"jane\" cannot {verb} resource \"secrets\"")),
            "{output:?}"
        );
        assert!(text.contains("\nhelp: user \"jane\" of "), "{output:?}");
        assert_eq!(output.stdout, "");
    }
    assert!(find_secret(there.id()).is_some());
    assert!(find_secret(new.id()).is_none());
}

/// One POST and nothing else: no right to read the other tokens is needed.
fn who_may_only_create_can_create() {
    let plane = plane();
    let kubeconfig = pki::user(&plane, "creator", "creators");
    let metadata = json!({"name": "creator", "namespace": "kube-system"});
    let rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/kube-system";
    plane.admin().post(
        &format!("{rbac}/roles"),
        &json!({"metadata": metadata, "rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["create"]}]}),
    );
    plane.admin().post(
        &format!("{rbac}/rolebindings"),
        &json!({
            "metadata": metadata,
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "creator"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "creator"}],
        }),
    );
    // The server has to hear of its own rules first.
    let token = wait::until("creator may create", || {
        let output = ours(["create"])
            .kubeconfig(&kubeconfig.path())
            .prints_token()
            .run();
        if output.code == Some(0) {
            Ok(output)
        } else {
            Err(output)
        }
    });
    let token: bootstrap_token::Token = token.stdout.trim_end().parse().unwrap();
    assert!(find_secret(token.id()).is_some());
    let given = secrets::token();
    created(
        ours(["create", "-"])
            .kubeconfig(&kubeconfig.path())
            .stdin(given.expose().to_string()),
    );
}
