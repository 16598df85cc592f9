//! `pin`: the same from everywhere, and what kubeadm prints.

use std::fs;

use conformance::command::{kubeadm, ours};
use conformance::oracle::Oracle;
use conformance::suite::Test;
use conformance::{pki, tests};
use serde_json::{Value, json};

use crate::support::{kubeadm_admin, ours_admin, plane};

pub(crate) const TESTS: &[Test] = tests!["pin":
    the_same_of_file_kubeconfig_and_cluster_as_kubeadm_prints,
    a_bundle_has_a_pin_for_each_authority,
];

fn the_same_of_file_kubeconfig_and_cluster_as_kubeadm_prints() {
    let plane = plane();
    let join = kubeadm_admin(&["create", "--print-join-command"])
        .prints_token()
        .run();
    let words: Vec<_> = join.success().split_whitespace().collect();
    let flag = "--discovery-token-ca-cert-hash";
    let at = words.iter().position(|word| *word == flag).unwrap();
    let expected = format!("{}\n", words[at + 1]);

    let file = plane.ca_file().to_str().unwrap();
    assert_eq!(ours(["pin", file]).run().success(), expected);
    let ca = fs::read(plane.ca_file()).unwrap();
    assert_eq!(ours(["pin", "-"]).stdin(ca).run().success(), expected);
    assert_eq!(ours_admin(&["pin"]).run().success(), expected);
    assert_eq!(ours_admin(&["pin", "--cluster"]).run().success(), expected);

    let wide = ours_admin(&["pin", "--cluster", "-o", "json"]).run();
    let object: Value = serde_json::from_str(wide.success()).unwrap();
    assert_eq!(object["certificates"][0]["pin"], expected.trim_end());
    // kubeadm has no such verb.
    let theirs = kubeadm(["pin"]).run();
    assert_eq!(theirs.code, Some(1));
}

fn a_bundle_has_a_pin_for_each_authority() {
    let plane = plane();
    let other = pki::another_authority(&plane);
    let mut bundle = fs::read_to_string(plane.ca_file()).unwrap();
    bundle.push_str(&fs::read_to_string(other.path().join("ca.crt")).unwrap());
    let theirs = Oracle::start().ask(&json!({"op": "pin_hash", "pem": bundle}));
    let output = ours(["pin", "-"]).stdin(bundle).run();
    let pins: Vec<_> = output.success().lines().collect();
    assert_eq!(pins.len(), 2);
    assert_eq!(theirs.ok(), Some(&json!(pins)));
}
