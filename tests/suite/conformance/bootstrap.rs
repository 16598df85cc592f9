//! What a kubelet does with `discover`'s kubeconfig: from a token to a certificate of its own.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use conformance::api::Api;
use conformance::command::kubectl;
use conformance::kubeconfig::Kubeconfig;
use conformance::suite::Test;
use conformance::{tests, wait};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use serde_json::{Value, json};

use crate::support::{cluster_of, create, discover, pin, plane};

pub(crate) const TESTS: &[Test] = tests!["bootstrap":
    from_a_token_to_the_certificate_of_a_node,
];

const REQUESTS: &str = "/apis/certificates.k8s.io/v1/certificatesigningrequests";

/// The approver is the controller manager's, by the bindings that kubeadm makes: no administrator helps.
fn from_a_token_to_the_certificate_of_a_node() {
    let token = create(&[]);
    let node = format!("machine-{}", token.id());
    let dir = tempfile::tempdir().unwrap();
    let bootstrap = dir.path().join("bootstrap-kubelet.conf");
    discover(
        &token,
        &[plane().server(), "--ca-pin", &pin(), "--out-file"],
    )
    .args([&bootstrap])
    .run()
    .success();

    let key = KeyPair::generate().unwrap();
    Api::from_kubeconfig(&bootstrap).post(REQUESTS, &request(&node, &key));
    let certificate = issued(&bootstrap, &node);

    // Nothing but what discovery gave says where the cluster is and what it is known by.
    let cluster = cluster_of(&std::fs::read_to_string(&bootstrap).unwrap());
    let kubelet = Kubeconfig::new(
        &serde_json::to_value(cluster).unwrap(),
        &json!({
            "client-certificate-data": certificate,
            "client-key-data": STANDARD.encode(key.serialize_pem()),
        }),
    );
    let user = who_is(&kubelet.path());
    assert_eq!(user["username"], json!(format!("system:node:{node}")));
    let groups = user["groups"].as_array().unwrap();
    assert!(groups.contains(&json!("system:nodes")), "{user}");
}

/// As kubelet asks for its client certificate, with a key that is not RSA.
fn request(node: &str, key: &KeyPair) -> Value {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name = DistinguishedName::new();
    let name = &mut params.distinguished_name;
    name.push(DnType::OrganizationName, "system:nodes");
    name.push(DnType::CommonName, format!("system:node:{node}"));
    let signed = params.serialize_request(key).unwrap().pem().unwrap();
    json!({
        "apiVersion": "certificates.k8s.io/v1",
        "kind": "CertificateSigningRequest",
        "metadata": {"name": node},
        "spec": {
            "request": STANDARD.encode(signed),
            "signerName": "kubernetes.io/kube-apiserver-client-kubelet",
            "usages": ["digital signature", "client auth"],
        },
    })
}

/// The certificate in base64, looked for by the one who asked for it.
fn issued(bootstrap: &Path, name: &str) -> Value {
    wait::until("the certificate is issued", || {
        let output = kubectl(["get", "certificatesigningrequest", name, "-o", "json"])
            .kubeconfig(bootstrap)
            .run();
        let request: Value = serde_json::from_str(output.success()).unwrap();
        let certificate = &request["status"]["certificate"];
        if certificate.is_string() {
            assert_eq!(request["status"]["conditions"][0]["type"], "Approved");
            assert_eq!(request["status"]["conditions"][0]["reason"], "AutoApproved");
            return Ok(certificate.clone());
        }
        Err(request["status"].clone())
    })
}

fn who_is(kubeconfig: &Path) -> Value {
    let output = kubectl(["auth", "whoami", "--output", "json"])
        .kubeconfig(kubeconfig)
        .run();
    let review: Value = serde_json::from_str(output.success()).unwrap();
    review["status"]["userInfo"].clone()
}
