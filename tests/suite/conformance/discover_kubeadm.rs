//! Our discovery and kubeadm's own: each trusts what the other's side signed, and where they part.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token::Token;
use bootstrap_token_discovery::cluster_info::signature_key;
use bootstrap_token_discovery::{Certificate, Pin};
use conformance::command::{kubeadm_discover, ours};
use conformance::control_plane::Component::{ApiServer, ControllerManager};
use conformance::control_plane::ControlPlane;
use conformance::suite::Test;
use conformance::{pki, secrets, tests, wait};
use serde_json::json;

use crate::support::{cluster_of, create, created, discover, pin, pin_of, plane};

pub(crate) const TESTS: &[Test] = tests!["discover_kubeadm":
    what_the_controller_signed_both_trust_alike,
    what_is_signed_in_the_controller_manager_s_place,
];

fn what_the_controller_signed_both_trust_alike() {
    let token = create(&[]);
    let address = address(&plane(), "127.0.0.1");
    let pin = pin();
    let theirs = kubeadm_discover(&address, &token, ["--timeout", "60s", "--pin", &pin]).run();
    let ours = discover(&token, &[&address, "--ca-pin", &pin])
        .prints_token()
        .run();
    let trusted = [theirs.success(), ours.success()].map(trusts);
    assert_eq!(trusted[0], trusted[1]);
    let (server, authorities) = &trusted[0];
    assert_eq!(server, plane().server());
    let authority = fs::read(plane().ca_file()).unwrap();
    assert_eq!(authorities, &pins(&authority));
}

/// A control plane of its own, whose signer is gone and whose API server has two faces.
fn what_is_signed_in_the_controller_manager_s_place() {
    let plane = ControlPlane::start();
    plane.kill(ControllerManager);
    let token = created(ours(["create"]).kubeconfig(plane.kubeconfig()));
    kubeadm_accepts_what_we_signed(&plane, &token);
    an_authority_beside_the_pinned_one(&plane, &token);
}

fn kubeadm_accepts_what_we_signed(plane: &ControlPlane, token: &Token) {
    let address = address(plane, "127.0.0.1");
    let pin = pin_of(plane.ca_file());
    let accepts = |token: &Token, timeout: &str| {
        kubeadm_discover(&address, token, ["--timeout", timeout, "--pin", &pin]).run()
    };
    let unsigned = accepts(token, "1s");
    assert!(
        unsigned
            .failure()
            .contains("could not find a JWS signature"),
        "{unsigned:?}"
    );
    sign(plane);
    accepts(token, "60s").success();
    // It does look at what we wrote.
    let other = Token::new(token.id(), secrets::token().secret().clone());
    let refused = accepts(&other, "1s");
    assert!(
        refused.failure().contains("failed to verify JWS signature"),
        "{refused:?}"
    );
}

/// Whoever may write into cluster-info puts an authority of theirs behind the true one, and has an API server
/// with a certificate of it. The machine that joins was given the pin of the true one only.
fn an_authority_beside_the_pinned_one(plane: &ControlPlane, token: &Token) {
    let attacker = pki::another_server(plane);
    let real = fs::read(plane.ca_file()).unwrap();
    let theirs = fs::read(attacker.path().join("ca.crt")).unwrap();
    let both = [&real[..], &theirs].concat();
    let kubeconfig = plane.admin().cluster_info().remove("kubeconfig").unwrap();
    let changed = kubeconfig.replace(&STANDARD.encode(&real), &STANDARD.encode(&both));
    assert_ne!(changed, kubeconfig);
    let changed = json!({"data": {"kubeconfig": changed}});
    plane.admin().patch_cluster_info(&changed);
    let refused = ours(["sign", "--write"])
        .kubeconfig(plane.kubeconfig())
        .run();
    let why = format!(
        "error: cluster-info is not to be signed as it stands: in it stands a CA that the kubeconfig does not trust: {}\n",
        pin_of(&attacker.path().join("ca.crt"))
    );
    assert!(refused.failure().contains(&why), "{refused:?}");
    the_controller_manager_signs(plane, token);
    let pin = pin_of(plane.ca_file());
    let kubeadm = |address: &str| {
        let flags = ["--timeout", "60s", "--pin", &pin];
        kubeadm_discover(address, token, flags).run()
    };
    let ours = |address: &str| {
        discover(token, &[address, "--ca-pin", &pin, "--timeout", "60s"])
            .prints_token()
            .run()
    };

    let true_one = address(plane, "127.0.0.1");
    let (_, trusted) = trusts(kubeadm(&true_one).success());
    assert_eq!(trusted, pins(&both), "kubeadm trusts all");
    let (_, trusted) = trusts(ours(&true_one).success());
    assert_eq!(trusted, pins(&real), "ours what is pinned");

    // By this name it shows the attacker's certificate, by its address the true one.
    let file = |name: &str| attacker.path().join(name).display().to_string();
    let (certificate, key) = (file("apiserver.crt"), file("apiserver.key"));
    plane.kill(ApiServer);
    let for_name = format!("--tls-sni-cert-key={certificate},{key}:localhost");
    plane.restart_with(ApiServer, &[&for_name]);
    let impostor = address(plane, "localhost");
    let (_, trusted) = trusts(kubeadm(&impostor).success());
    assert_eq!(trusted, pins(&both), "kubeadm trusts it");
    let refused = ours(&impostor);
    let error = format!(
        "error: cannot discover the cluster: https://{impostor}: cannot read cluster-info over verified TLS: the API server's certificate is not trusted"
    );
    assert!(refused.failure().starts_with(&error), "{refused:?}");
    assert_eq!(refused.stdout, "");
    ours(&true_one).success();
}

fn sign(plane: &ControlPlane) {
    ours(["sign", "--write"])
        .kubeconfig(plane.kubeconfig())
        .run()
        .success();
}

/// Whatever stands there.
fn the_controller_manager_signs(plane: &ControlPlane, token: &Token) {
    let key = signature_key(token.id());
    let signature = || plane.admin().cluster_info().remove(&key);
    let before = signature();
    plane.restart(ControllerManager);
    wait::until_true("it signs anew", || signature() != before);
    plane.kill(ControllerManager);
}

/// `HOST:PORT` of the API server.
fn address(plane: &ControlPlane, host: &str) -> String {
    let address = plane.server().replace("https://", "");
    address.replace("127.0.0.1", host)
}

/// The server of a kubeconfig, and the pins of the certificates that it is to be known by.
fn trusts(kubeconfig: &str) -> (String, Vec<String>) {
    let cluster = cluster_of(kubeconfig);
    let pem = STANDARD.decode(cluster.certificate_authority_data.unwrap());
    (cluster.server.unwrap(), pins(&pem.unwrap()))
}

/// Each by its pin, which is short enough to be read in a failure.
fn pins(pem: &[u8]) -> Vec<String> {
    let bundle = Certificate::bundle_from_pem(pem).unwrap();
    let all = bundle.iter().map(|one| Pin::of(one).to_string());
    all.collect()
}
