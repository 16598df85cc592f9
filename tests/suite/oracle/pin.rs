//! Public key pins: read as kubeadm reads them, and of a certificate the one that kubeadm computes.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token_discovery::{Certificate, Pin};
use conformance::command::{Command, Program};
use conformance::oracle::Oracle;
use conformance::property::{Agreed, Spread, holds_for};
use conformance::suite::Test;
use conformance::tests;
use proptest::collection::vec;
use proptest::prelude::*;
use rcgen::{CertificateParams, KeyPair, SignatureAlgorithm};
use serde_json::json;

use crate::generate::{mixed, regex};

pub(crate) const TESTS: &[Test] = tests!["pin":
    a_pin_is_what_kubeadm_takes_for_one,
    a_certificate_s_pin_is_the_one_that_kubeadm_computes,
    a_certificate_that_both_read_has_the_same_pin,
];

fn a_pin_is_what_kubeadm_takes_for_one() {
    holds_for(
        10_000,
        Spread::Both,
        mixed(regex("(sha|SHA|Sha)256:[0-9a-fA-F]{64}")),
        |text| [json!({"op": "pin_parse", "pins": [text]})],
        |text, [theirs]| Agreed::on(theirs.accepted(), text.parse::<Pin>().is_ok()),
    );
}

fn a_certificate_s_pin_is_the_one_that_kubeadm_computes() {
    let mut oracle = Oracle::start();
    let mut all = String::new();
    let mut ours = Vec::new();
    for algorithm in [
        &rcgen::PKCS_ECDSA_P256_SHA256,
        &rcgen::PKCS_ECDSA_P384_SHA384,
        &rcgen::PKCS_ED25519,
    ] {
        let pem = authority(algorithm);
        let certificate = Certificate::bundle_from_pem(pem.as_bytes())
            .unwrap()
            .remove(0);
        ours.push(Pin::of(&certificate).to_string());
        all.push_str(&pem);
    }
    let rsa = rsa_authority();
    ours.push(Pin::of(&Certificate::bundle_from_pem(rsa.as_bytes()).unwrap()[0]).to_string());
    all.push_str(&rsa);
    let theirs = oracle.ask(&json!({"op": "pin_hash", "pem": all}));
    assert_eq!(theirs.ok(), Some(&json!(ours)));
    let bundle = Certificate::bundle_from_pem(all.as_bytes()).unwrap();
    let of_bundle: Vec<_> = bundle.iter().map(|c| Pin::of(c).to_string()).collect();
    assert_eq!(of_bundle, ours);
}

/// With a byte or two changed. What is passed over here (names, extensions), Go reads, and may find fault with; and
/// what stands behind the last part that it reads, Go does not look at.
fn a_certificate_that_both_read_has_the_same_pin() {
    let pem = authority(&rcgen::PKCS_ECDSA_P256_SHA256);
    let der = Certificate::bundle_from_pem(pem.as_bytes()).unwrap()[0]
        .der()
        .to_vec();
    let changed = |changes: &[(usize, u8)]| {
        let mut der = der.clone();
        for (at, byte) in changes {
            let at = at % der.len();
            der[at] = *byte;
        }
        der
    };
    let framed = |der: &[u8]| {
        let base64 = STANDARD.encode(der);
        format!("-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
    };
    holds_for(
        4_000,
        Spread::Both,
        vec((any::<usize>(), any::<u8>()), 1..3),
        |changes| [json!({"op": "pin_hash", "pem": framed(&changed(changes))})],
        |changes, [theirs]| {
            let ours = Certificate::from_der(&changed(changes)).map(|c| Pin::of(&c).to_string());
            match (theirs.ok(), ours) {
                (Some(theirs), Ok(ours)) if *theirs == json!([ours]) => Ok(Agreed::Accepted),
                (Some(_), Ok(ours)) => Err(format!("ours: {ours}")),
                (None, Err(_)) => Ok(Agreed::Refused),
                _ => Ok(Agreed::Excluded),
            }
        },
    );
}

fn authority(algorithm: &'static SignatureAlgorithm) -> String {
    let key = KeyPair::generate_for(algorithm).unwrap();
    CertificateParams::default()
        .self_signed(&key)
        .unwrap()
        .pem()
}

/// kubeadm's own.
fn rsa_authority() -> String {
    let dir = tempfile::tempdir().unwrap();
    let to = format!("--cert-dir={}", dir.path().display());
    let made = [
        "init",
        "phase",
        "certs",
        "ca",
        "--kubernetes-version=v1.37.2",
        &to,
    ];
    Command::new(Program::Kubeadm, made).run().success();
    fs::read_to_string(dir.path().join("ca.crt")).unwrap()
}
