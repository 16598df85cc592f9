//! What a machine that joins finds wrong with what the cluster publishes, and with its token.

use conformance::control_plane::{ControlPlane, NOBODY};
use conformance::suite::Test;
use conformance::tests;
use serde_json::json;

use crate::cluster_info::{with_kubeconfig, without};
use crate::joiner::{found, found_without_pin, with_token};
use crate::support::{
    cluster_info, delete, patch_cluster_info, plane, put, signed, store, unknown,
    without_controllers,
};

pub(crate) const TESTS: &[Test] = tests!["published":
    nothing_is,
    not_for_everybody,
    without_a_kubeconfig,
    a_kubeconfig_that_is_none,
    a_server_where_nobody_listens,
    another_cluster_s,
    a_signature_that_is_none,
    a_token_that_the_server_refuses,
];

fn nothing_is() {
    with_token(|token| {
        without(&["configmap", "cluster-info"], || {
            assert_eq!(found(token), ["cluster-info-missing"]);
        });
    });
}

fn not_for_everybody() {
    with_token(|token| {
        let binding = ["rolebinding", "kubeadm:bootstrap-signer-clusterinfo"];
        without(&binding, || {
            assert_eq!(found(token), ["cluster-info-not-public"]);
        });
    });
}

fn without_a_kubeconfig() {
    with_token(|token| {
        with_kubeconfig(None, || {
            assert_eq!(found(token), ["cluster-info-without-kubeconfig"]);
        });
    });
}

fn a_kubeconfig_that_is_none() {
    with_token(|token| {
        let before = signed(token);
        with_kubeconfig(Some("apiVersion: v1\nkind: Config\n"), || {
            conformance::wait::until_true("it is signed anew", || signed(token) != before);
            assert_eq!(found(token), ["cluster-info-unusable"]);
        });
    });
}

/// All is right where the machine asks, and it is sent elsewhere.
fn a_server_where_nobody_listens() {
    with_token(|token| {
        let before = signed(token);
        let kubeconfig = cluster_info().remove("kubeconfig").unwrap();
        let elsewhere = kubeconfig.replace(plane().server(), &format!("https://{NOBODY}"));
        assert_ne!(elsewhere, kubeconfig);
        with_kubeconfig(Some(&elsewhere), || {
            conformance::wait::until_true("it is signed anew", || signed(token) != before);
            assert_eq!(found(token), ["server-unreachable"]);
            assert_eq!(crate::support::found(token), ["server-unreachable"]);
        });
        conformance::wait::until_true("and once more", || signed(token) == before);
    });
}

/// It is signed as any, and all of it is right for the other cluster.
fn another_cluster_s() {
    let other = ControlPlane::start();
    let theirs = other.admin().cluster_info().remove("kubeconfig").unwrap();
    with_token(|token| {
        let before = signed(token);
        with_kubeconfig(Some(&theirs), || {
            conformance::wait::until_true("it is signed anew", || signed(token) != before);
            let inside = crate::support::found(token);
            assert_eq!(inside, ["cluster-info-of-another-cluster"]);
            assert_eq!(found(token), ["pin-does-not-match"]);
        });
    });
}

fn a_signature_that_is_none() {
    with_token(|token| {
        without_controllers(|| {
            let key = format!("jws-kubeconfig-{}", token.id());
            let good = cluster_info().remove(&key).unwrap();
            let (_, behind) = good.split_once("..").unwrap();
            // `{"alg":"none"}`
            let none = format!("eyJhbGciOiJub25lIn0..{behind}");
            patch_cluster_info(&json!({ &key: none }));
            assert_eq!(found(token), ["signature-malformed"]);
            patch_cluster_info(&json!({ &key: good }));
            assert_eq!(found(token), [""; 0]);
        });
    });
}

/// It signs, and does not authenticate.
fn a_token_that_the_server_refuses() {
    let token = unknown();
    put(&store(
        &token,
        &[("usage-bootstrap-authentication", "false")],
    ));
    signed(&token);
    assert_eq!(
        found_without_pin(plane().server(), &token),
        ["token-refused"]
    );
    delete(&token);
}
