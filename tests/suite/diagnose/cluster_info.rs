//! What is wrong with cluster-info.

use base64::Engine as _;
use conformance::command::kubectl;
use conformance::suite::Test;
use conformance::{pki, tests, wait};
use serde_json::json;

use crate::support::{
    admin, cluster_info, create, delete, finally, found, found_of_cluster, patch_cluster_info,
    plane, signed,
};

pub(crate) const TESTS: &[Test] = tests!["cluster_info":
    nothing,
    it_is_missing,
    not_everybody_may_read_it,
    there_is_no_kubeconfig_in_it,
    its_kubeconfig_is_none,
    its_authority_is_another,
    it_is_nearly_full,
];

const NAMESPACE: [&str; 2] = ["-n", "kube-public"];

fn kube_public(arguments: &[&str]) -> String {
    admin(&[&NAMESPACE, arguments].concat())
}

fn nothing() {
    assert_eq!(found_of_cluster(), [""; 0]);
}

/// Takes an object away, and puts it back.
pub(crate) fn without(object: &[&str], act: impl FnOnce()) {
    let saved = kube_public(&[&["get", "-o", "json"], object].concat());
    kube_public(&[&["delete"], object].concat());
    finally(act, || {
        kubectl(["create", "-f", "-"])
            .kubeconfig(plane().kubeconfig())
            .stdin(saved)
            .run()
            .success();
    });
}

fn it_is_missing() {
    let token = create();
    signed(&token);
    without(&["configmap", "cluster-info"], || {
        assert_eq!(found(&token), ["cluster-info-missing"]);
        assert_eq!(found_of_cluster(), ["cluster-info-missing"]);
    });
    delete(&token);
}

fn not_everybody_may_read_it() {
    let token = create();
    signed(&token);
    without(
        &["rolebinding", "kubeadm:bootstrap-signer-clusterinfo"],
        || {
            assert_eq!(found(&token), ["cluster-info-not-public"]);
        },
    );
    delete(&token);
}

/// With another kubeconfig in it, signed by the controller manager as any.
pub(crate) fn with_kubeconfig(kubeconfig: Option<&str>, act: impl FnOnce()) {
    let saved = cluster_info().remove("kubeconfig").unwrap();
    patch_cluster_info(&json!({"kubeconfig": kubeconfig}));
    finally(act, || patch_cluster_info(&json!({"kubeconfig": saved})));
}

fn there_is_no_kubeconfig_in_it() {
    let token = create();
    signed(&token);
    with_kubeconfig(None, || {
        assert_eq!(found(&token), ["cluster-info-without-kubeconfig"]);
        assert_eq!(found_of_cluster(), ["cluster-info-without-kubeconfig"]);
    });
    delete(&token);
}

fn its_kubeconfig_is_none() {
    with_kubeconfig(Some("apiVersion: v1\nkind: Config\n"), || {
        assert_eq!(found_of_cluster(), ["cluster-info-unusable"]);
    });
}

fn its_authority_is_another() {
    let token = create();
    let before = signed(&token);
    let kubeconfig = cluster_info().remove("kubeconfig").unwrap();
    let other = pki::another_authority(&plane());
    let encode = |path: &std::path::Path| {
        base64::engine::general_purpose::STANDARD.encode(std::fs::read(path).unwrap())
    };
    let [ours, theirs] = [plane().ca_file(), &other.path().join("ca.crt")].map(encode);
    let changed = kubeconfig.replace(&ours, &theirs);
    assert_ne!(changed, kubeconfig);
    with_kubeconfig(Some(&changed), || {
        wait::until_true("it is signed anew", || signed(&token) != before);
        assert_eq!(found(&token), ["cluster-info-other-ca"]);
    });
    delete(&token);
}

fn it_is_nearly_full() {
    patch_cluster_info(&json!({"filler": "x".repeat(1_000_000)}));
    finally(
        || assert_eq!(found_of_cluster(), ["cluster-info-nearly-full"]),
        || patch_cluster_info(&json!({"filler": null})),
    );
}
