//! The controller manager's signature over `cluster-info`.

use bootstrap_token::Token;
use conformance::oracle::Oracle;
use conformance::suite::Test;
use conformance::{tests, wait};
use k8s_openapi::ByteString;
use serde_json::json;

use crate::support::{create, create_for_signing, ours_admin, plane};

pub(crate) const TESTS: &[Test] = tests!["signature":
    a_token_signs_until_it_is_deleted,
    a_token_for_authentication_only_does_not_sign,
];

fn a_token_signs_until_it_is_deleted() {
    let token = create(&[]);
    let signature = signed(&token);
    let content = plane().admin().cluster_info().remove("kubeconfig").unwrap();
    let verified = Oracle::start().ask(&json!({
        "op": "jws_verify",
        "content": ByteString(content.into_bytes()),
        "id": token.id().as_str(),
        "secret": token.secret().expose(),
        "jws": signature,
    }));
    assert_eq!(verified.ok(), Some(&json!(true)));

    ours_admin(&["delete", token.id().as_str()]).run().success();
    wait::until_true("the signature is taken away", || find(&token).is_none());
}

fn a_token_for_authentication_only_does_not_sign() {
    let silent = create(&["--usages", "authentication"]);
    // All signatures are made in one go, so this one's would have come with the next.
    signed(&create_for_signing());
    assert_eq!(find(&silent), None);
}

fn signed(token: &Token) -> String {
    wait::until("the signature appears", || find(token).ok_or(()))
}

fn find(token: &Token) -> Option<String> {
    let key = format!("jws-kubeconfig-{}", token.id());
    plane().admin().cluster_info().remove(&key)
}
