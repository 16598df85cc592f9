//! What is wrong with a token.

use conformance::command::ours;
use conformance::suite::Test;
use conformance::{tests, wait};
use k8s_openapi::ByteString;
use serde_json::json;

use crate::cluster_info::without;
use crate::joiner;
use crate::kubeadm;
use crate::support::{
    admin, create, create_with, delete, do_as_told, found, found_of_cluster, found_of_whole, name,
    plane, put, signed, store, unknown, verdict_of, with_api_server, without_controllers,
};

pub(crate) const TESTS: &[Test] = tests!["token":
    nothing,
    it_never_was,
    it_was_deleted,
    it_has_expired,
    its_expiration_cannot_be_read,
    its_secret_is_another,
    its_type_is_wrong,
    its_name_is_wrong,
    its_namespace_is_wrong,
    it_lacks_what_makes_it_a_token,
    it_is_being_deleted,
    it_is_not_for_signing,
    it_is_not_for_authentication,
    a_group_is_bad,
    its_group_has_no_rights,
    its_requests_are_not_approved,
    kubeadm_may_not_read_its_configuration,
    the_api_server_takes_no_tokens,
];

fn nothing() {
    let token = create();
    signed(&token);
    assert_eq!(found(&token), [""; 0]);
    assert_eq!(found_of_whole(&token), [""; 0]);
    delete(&token);
}

fn it_never_was() {
    assert_eq!(found(&unknown()), ["token-not-found"]);
    assert_eq!(found_of_whole(&unknown()), ["token-not-found"]);
}

fn it_was_deleted() {
    let token = create();
    signed(&token);
    delete(&token);
    assert_eq!(found(&token), ["token-not-found"]);
}

fn it_has_expired() {
    without_controllers(|| {
        let token = unknown();
        put(&store(&token, &[("expiration", "2026-01-01T00:00:00Z")]));
        assert_eq!(found(&token), ["token-expired"]);
        delete(&token);
    });
}

fn its_expiration_cannot_be_read() {
    without_controllers(|| {
        let token = unknown();
        put(&store(&token, &[("expiration", "tomorrow")]));
        assert_eq!(found(&token), ["expiration-unreadable"]);
        delete(&token);
    });
}

fn its_secret_is_another() {
    let token = create();
    signed(&token);
    let wrong = bootstrap_token::Token::new(token.id(), unknown().secret().clone());
    assert_eq!(found_of_whole(&wrong), ["token-wrong-secret"]);
    delete(&token);
}

fn its_type_is_wrong() {
    let token = unknown();
    let mut secret = store(&token, &[]);
    secret.type_ = Some("Opaque".to_owned());
    put(&secret);
    assert_eq!(found(&token), ["secret-wrong-type"]);
    delete(&token);
}

fn its_name_is_wrong() {
    let (token, other) = (unknown(), unknown());
    let mut secret = store(&token, &[]);
    secret.metadata.name = Some(name(&other));
    put(&secret);
    assert_eq!(found(&token), ["secret-wrong-name"]);
    assert_eq!(found(&other), ["secret-wrong-name"]);
    delete(&other);
}

fn its_namespace_is_wrong() {
    let token = unknown();
    let mut secret = store(&token, &[]);
    secret.metadata.namespace = Some("default".to_owned());
    plane()
        .admin()
        .post("/api/v1/namespaces/default/secrets", &json!(secret));
    assert_eq!(found(&token), ["secret-wrong-namespace"]);
    admin(&["-n", "default", "delete", "secret", &name(&token)]);
    assert_eq!(found(&token), ["token-not-found"]);
}

fn it_lacks_what_makes_it_a_token() {
    for (key, value, code) in [
        ("token-secret", None, "secret-lacks-key"),
        ("token-id", None, "secret-lacks-key"),
        (
            "token-secret",
            Some("0123456789ABCDEF"),
            "token-secret-malformed",
        ),
        ("token-id", Some("ABCDEF"), "token-id-malformed"),
    ] {
        let token = unknown();
        let mut secret = store(&token, &[]);
        let data = secret.data.as_mut().unwrap();
        match value {
            Some(value) => data.insert(key.to_owned(), ByteString(value.into())),
            None => data.remove(key),
        };
        put(&secret);
        assert_eq!(found(&token), [code], "{key}: {value:?}");
        delete(&token);
    }
}

fn it_is_being_deleted() {
    let token = create();
    signed(&token);
    let finalizers = json!({"metadata": {"finalizers": ["example.com/keep"]}});
    plane().admin().patch_secret(&name(&token), &finalizers);
    delete(&token);
    assert_eq!(found(&token), ["token-being-deleted"]);
    kubeadm::sees_nothing_of("token-being-deleted", &token);
    let none = json!({"metadata": {"finalizers": null}});
    plane().admin().patch_secret(&name(&token), &none);
}

fn it_is_not_for_signing() {
    let token = create_with(&["--usages", "authentication"]);
    assert_eq!(found(&token), ["token-not-for-signing"]);
    delete(&token);
}

fn it_is_not_for_authentication() {
    let token = unknown();
    put(&store(
        &token,
        &[("usage-bootstrap-authentication", "True")],
    ));
    signed(&token);
    assert_eq!(found(&token), ["token-not-for-authentication"]);
    kubeadm::sees_nothing_of("token-not-for-authentication", &token);
    delete(&token);
}

fn a_group_is_bad() {
    let token = unknown();
    put(&store(
        &token,
        &[("auth-extra-groups", "system:bootstrappers:a,masters")],
    ));
    signed(&token);
    assert_eq!(found(&token), ["group-invalid"]);
    kubeadm::sees_nothing_of("group-invalid", &token);
    // By the command that the line has: the valid group of the two goes as well.
    let line = ours(["diagnose", token.id().as_str()])
        .kubeconfig(plane().kubeconfig())
        .run();
    let told = "put the default group in the place of all that it has: `kubectl ";
    let (_, command) = line.stdout.split_once(told).unwrap();
    let [words, patch, _] = command.splitn(3, '\'').collect::<Vec<_>>()[..] else {
        panic!("{command}");
    };
    let mut words: Vec<_> = words.split_whitespace().collect();
    words.push(patch);
    admin(&words);
    assert_eq!(found(&token), [""; 0]);
    let data = plane().admin().secret(&name(&token)).unwrap().data.unwrap();
    let default = "system:bootstrappers:kubeadm:default-node-token";
    assert_eq!(data["auth-extra-groups"].0, default.as_bytes());
    delete(&token);
}

fn its_group_has_no_rights() {
    let token = create_with(&["--groups", "system:bootstrappers:visitors"]);
    signed(&token);
    assert_eq!(found(&token), ["group-without-rights"]);
    kubeadm::sees_nothing_of("group-without-rights", &token);
    assert_eq!(joiner::found(&token), ["group-without-rights"]);
    delete(&token);
}

fn its_requests_are_not_approved() {
    let token = create();
    signed(&token);
    let binding = ["clusterrolebinding", "kubeadm:node-autoapprove-bootstrap"];
    without(&binding, || {
        assert_eq!(found(&token), ["requests-not-approved"]);
        kubeadm::sees_nothing_of("requests-not-approved", &token);
        assert_eq!(joiner::found(&token), ["requests-not-approved"]);
        assert_eq!(found_of_cluster(), ["requests-not-approved"]);
    });
    delete(&token);
}

/// What mends it is done as it is told.
fn kubeadm_may_not_read_its_configuration() {
    let token = create();
    signed(&token);
    let role = "kubeadm:nodes-kubeadm-config";
    for kind in ["rolebinding", "role"] {
        admin(&["-n", "kube-system", "delete", kind, role]);
    }
    assert_eq!(found(&token), ["kubeadm-config-not-readable"]);
    assert_eq!(joiner::found(&token), ["kubeadm-config-not-readable"]);
    kubeadm::sees_nothing_of("kubeadm-config-not-readable", &token);
    do_as_told(&token, "kubeadm-config-not-readable");
    assert_eq!(found(&token), [""; 0]);
    delete(&token);
}

fn the_api_server_takes_no_tokens() {
    let token = create();
    signed(&token);
    with_api_server(&["--enable-bootstrap-token-auth=false"], || {
        // Until then the API server may have yet to learn of it.
        wait::until_true("the token is no more young", || {
            let run = ours(["diagnose", token.id().as_str()]);
            let said = run.kubeconfig(plane().kubeconfig()).run();
            !said.stderr.contains("it was made a moment ago")
        });
        assert_eq!(found(&token), ["token-authentication-off"]);
        kubeadm::sees_nothing_of("token-authentication-off", &token);
        assert_eq!(found_of_cluster(), ["token-authentication-off"]);
        // From both sides it is the machine that shows it.
        let both = joiner::at(plane().server(), &token).kubeconfig(plane().kubeconfig());
        assert_eq!(verdict_of(both), ["token-authentication-off"]);
    });
    wait::until("all is as before", || match found(&token) {
        none if none.is_empty() => Ok(()),
        some => Err(some),
    });
    let name = name(&token);
    admin(&["-n", "kube-system", "delete", "secret", &name]);
}
