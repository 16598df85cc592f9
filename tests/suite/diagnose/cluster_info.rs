//! What is wrong with cluster-info.

use std::fs;

use base64::Engine as _;
use bootstrap_token::Token;
use conformance::command::{kubectl, ours};
use conformance::suite::Test;
use conformance::{pki, tests, wait};
use serde_json::json;

use crate::joiner::with_token;
use crate::kubeadm;
use crate::support::{
    admin, cluster_info, create, delete, finally, found, found_of_cluster, patch_cluster_info,
    plane, signed, without_controllers,
};

pub(crate) const TESTS: &[Test] = tests!["cluster_info":
    nothing,
    there_is_no_token,
    it_is_missing,
    not_everybody_may_read_it,
    there_is_no_kubeconfig_in_it,
    its_kubeconfig_is_none,
    its_authority_is_another,
    another_authority_stands_beside_it,
    its_authority_is_not_valid_now,
    it_is_nearly_full,
];

const NAMESPACE: [&str; 2] = ["-n", "kube-public"];

fn kube_public(arguments: &[&str]) -> String {
    admin(&[&NAMESPACE, arguments].concat())
}

fn nothing() {
    let token = create();
    signed(&token);
    assert_eq!(found_of_cluster(), [""; 0]);
    delete(&token);
}

/// Nothing is wrong, and whether the API server takes tokens cannot be tried.
fn there_is_no_token() {
    let tokens = "--field-selector=type=bootstrap.kubernetes.io/token";
    admin(&["-n", "kube-system", "delete", "secrets", tokens]);
    let output = ours(["diagnose"]).kubeconfig(plane().kubeconfig()).run();
    assert_eq!(output.code, Some(1), "{output:?}");
    assert!(output.stdout.starts_with("unknown: "), "{output:?}");
    let said = "warning: not looked at: whether the API server takes a token: there is no token to try it by\n";
    assert!(output.stderr.starts_with(said), "{output:?}");
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
    with_token(|_| {
        with_kubeconfig(Some("apiVersion: v1\nkind: Config\n"), || {
            assert_eq!(found_of_cluster(), ["cluster-info-unusable"]);
        });
    });
}

/// With these CA certificates in the place of the cluster's, and signed.
pub(crate) fn with_authorities(pem: &str, act: impl FnOnce(&Token)) {
    let encode = |pem: &[u8]| base64::engine::general_purpose::STANDARD.encode(pem);
    let ours = fs::read(plane().ca_file()).unwrap();
    let kubeconfig = cluster_info().remove("kubeconfig").unwrap();
    let changed = kubeconfig.replace(&encode(&ours), &encode(pem.as_bytes()));
    assert_ne!(changed, kubeconfig);
    with_token(|token| {
        let before = signed(token);
        with_kubeconfig(Some(&changed), || {
            wait::until_true("it is signed anew", || signed(token) != before);
            act(token);
        });
    });
}

pub(crate) fn another_authority() -> String {
    let other = pki::another_authority(&plane());
    fs::read_to_string(other.path().join("ca.crt")).unwrap()
}

fn its_authority_is_another() {
    with_authorities(&another_authority(), |token| {
        assert_eq!(found(token), ["cluster-info-other-ca"]);
        without_controllers(|| {
            patch_cluster_info(&json!({"jws-kubeconfig-nobody": "x"}));
            let before = cluster_info();
            for arguments in [&["sign"][..], &["sign", "--write"]] {
                let output = ours(arguments).kubeconfig(plane().kubeconfig()).run();
                let said = "error: cluster-info is not to be signed as it stands: in it stands a CA that the kubeconfig does not trust: sha256:";
                assert!(output.failure().contains(said), "{output:?}");
                assert!(!output.stderr.contains("--write"), "{output:?}");
            }
            assert_eq!(cluster_info(), before);
            patch_cluster_info(&json!({"jws-kubeconfig-nobody": null}));
        });
    });
}

/// kubeadm trusts both once one of them is pinned.
fn another_authority_stands_beside_it() {
    let its_own = fs::read_to_string(plane().ca_file()).unwrap();
    with_authorities(&format!("{its_own}{}", another_authority()), |token| {
        assert_eq!(found(token), ["cluster-info-further-ca"]);
        kubeadm::sees_nothing_of("cluster-info-further-ca", token);
        let pins = ours(["pin", "--cluster"])
            .kubeconfig(plane().kubeconfig())
            .run();
        let [known, further] = pins.success().lines().collect::<Vec<_>>()[..] else {
            panic!("two pins: {pins:?}");
        };
        assert!(!pins.stderr.contains(known), "{pins:?}");
        let warning = format!(
            "warning: {further}: cluster-info has this CA, and the kubeconfig does not trust it"
        );
        assert!(pins.stderr.starts_with(&warning), "{pins:?}");
        assert_eq!(found_of_cluster(), ["cluster-info-further-ca"]);
    });
}

fn its_authority_is_not_valid_now() {
    for (years, code) in [
        ((2020, 2021), "ca-expired"),
        ((2120, 2121), "ca-not-yet-valid"),
    ] {
        let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
        params.not_before = rcgen::date_time_ymd(years.0, 1, 1);
        params.not_after = rcgen::date_time_ymd(years.1, 1, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        with_authorities(&pem, |token| assert_eq!(found(token), [code]));
    }
}

fn it_is_nearly_full() {
    with_token(|token| {
        patch_cluster_info(&json!({"filler": "x".repeat(1_000_000)}));
        finally(
            || {
                assert_eq!(found_of_cluster(), ["cluster-info-nearly-full"]);
                kubeadm::sees_nothing_of("cluster-info-nearly-full", token);
            },
            || patch_cluster_info(&json!({"filler": null})),
        );
    });
}
