//! Signatures that are missing, or of something else.

use bootstrap_token::Token;
use bootstrap_token_discovery::DetachedJws;
use conformance::command::kubeadm_discover;
use conformance::control_plane::Component::ControllerManager;
use conformance::suite::Test;
use conformance::tests;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use serde_json::json;

use super::rows::{
    DELETED, EXPIRED, NO_JWS, NO_SIGNER, NO_TOKEN, NOT_FOR_SIGNING, NOT_YET, REFUSED_WRITE,
    SIGNED_BY_ANOTHER, STALE, WRONG_SECRET,
};
use super::{address, both_say, good, pin};
use crate::cluster_info::without;
use crate::support::{
    admin, cluster_info, create, create_with, delete, finally, patch_cluster_info, plane, put,
    store, unknown, without_controllers,
};

pub(crate) const TESTS: &[Test] = tests!["kubeadm::signatures":
    says_of_a_token_that_was_deleted,
    says_of_a_token_that_has_expired,
    says_of_another_secret,
    says_of_a_token_that_is_not_for_signing,
    says_of_a_signer_that_is_stopped,
    says_of_a_stale_signature,
    says_of_a_secret_that_is_no_token,
    says_of_what_is_no_signature,
    says_of_a_signature_by_another_secret,
    says_of_a_signer_that_may_not_write,
    says_of_a_token_that_is_not_signed_yet,
];

fn says_of_a_token_that_was_deleted() {
    let (token, other) = (good(), good());
    delete(&token);
    is_not_signed(&token);
    both_say(DELETED, &token);
    delete(&other);
}

fn is_not_signed(token: &Token) {
    let key = format!("jws-kubeconfig-{}", token.id());
    conformance::wait::until_true("its signature is taken away", || {
        !cluster_info().contains_key(&key)
    });
}

/// The signer does not sign for it, and the cleaner deletes it: it makes no difference which was first.
fn says_of_a_token_that_has_expired() {
    let (token, other) = (unknown(), good());
    put(&store(&token, &[("expiration", "2026-01-01T00:00:00Z")]));
    both_say(EXPIRED, &token);
    delete(&other);
}

fn says_of_another_secret() {
    let token = good();
    let other = Token::new(token.id(), unknown().secret().clone());
    both_say(WRONG_SECRET, &other);
    delete(&token);
}

fn says_of_a_token_that_is_not_for_signing() {
    let token = create_with(&["--usages", "authentication"]);
    let other = good();
    both_say(NOT_FOR_SIGNING, &token);
    delete(&token);
    delete(&other);
}

fn says_of_a_signer_that_is_stopped() {
    let other = good();
    without_controllers(|| {
        let token = create();
        both_say(NO_SIGNER, &token);
        delete(&token);
    });
    delete(&other);
}

fn says_of_a_stale_signature() {
    let token = good();
    without_controllers(|| {
        let kubeconfig = cluster_info().remove("kubeconfig").unwrap();
        patch_cluster_info(&json!({"kubeconfig": format!("{kubeconfig}\n# changed\n")}));
        both_say(STALE, &token);
        patch_cluster_info(&json!({"kubeconfig": kubeconfig}));
    });
    delete(&token);
}

fn says_of_a_secret_that_is_no_token() {
    let other = good();
    for spoil in [
        |secret: &mut Secret| secret.type_ = Some("Opaque".to_owned()),
        |secret: &mut Secret| secret.metadata.name = Some("bootstrap-token-other0".to_owned()),
        |secret: &mut Secret| drop(secret.data.as_mut().unwrap().remove("token-secret")),
        |secret: &mut Secret| {
            let soon = ByteString(b"soon".to_vec());
            secret
                .data
                .as_mut()
                .unwrap()
                .insert("expiration".to_owned(), soon);
        },
    ] {
        let token = unknown();
        let mut secret = store(&token, &[]);
        spoil(&mut secret);
        put(&secret);
        both_say(NO_TOKEN, &token);
        let name = secret.metadata.name.unwrap();
        // The cleaner may have been first.
        admin(&[
            "-n",
            "kube-system",
            "delete",
            "secret",
            "--ignore-not-found",
            &name,
        ]);
    }
    delete(&other);
}

fn says_of_what_is_no_signature() {
    let token = good();
    without_controllers(|| {
        let key = format!("jws-kubeconfig-{}", token.id());
        patch_cluster_info(&json!({ &key: "zzz" }));
        both_say(NO_JWS, &token);
    });
    delete(&token);
}

fn says_of_a_signature_by_another_secret() {
    let token = good();
    without_controllers(|| {
        let content = cluster_info().remove("kubeconfig").unwrap();
        let other = Token::new(token.id(), unknown().secret().clone());
        let forged = DetachedJws::sign(content.as_bytes(), &other);
        let key = format!("jws-kubeconfig-{}", token.id());
        patch_cluster_info(&json!({ &key: forged.as_str() }));
        both_say(SIGNED_BY_ANOTHER, &token);
    });
    delete(&token);
}

fn says_of_a_signer_that_may_not_write() {
    let other = good();
    without(
        &["rolebinding", "system:controller:bootstrap-signer"],
        || {
            let token = create();
            both_say(REFUSED_WRITE, &token);
            delete(&token);
        },
    );
    delete(&other);
}

/// Who asks for longer than it takes is told nothing of it.
fn says_of_a_token_that_is_not_signed_yet() {
    let other = good();
    plane().stop(ControllerManager);
    let mut made = None;
    finally(
        || {
            let token = create();
            both_say(NOT_YET, &token);
            made = Some(token);
        },
        || plane().cont(ControllerManager),
    );
    let token = made.unwrap();
    let flags = ["--timeout", "60s", "--pin", &pin()];
    let later = kubeadm_discover(&address(), &token, flags);
    later.prints_token().run().success();
    delete(&token);
    delete(&other);
}
