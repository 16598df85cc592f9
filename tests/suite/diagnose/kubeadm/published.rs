//! A cluster-info that is missing or shut, or leads to no cluster.

use std::fs;

use bootstrap_token::Token;
use conformance::suite::Test;
use conformance::{pki, tests};

use super::rows::{EXPIRED_CA, MISSING, NO_KUBECONFIG, NOT_PUBLIC, OTHER_CA, UNUSABLE, WRONG_PIN};
use super::{address, both_say, both_say_at, good, pin_of};
use crate::between::{ending_tls, onward};
use crate::cluster_info::{another_authority, with_authorities, with_kubeconfig, without};
use crate::support::{delete, plane, signed};

pub(crate) const TESTS: &[Test] = tests!["kubeadm::published":
    says_of_a_cluster_info_that_is_missing,
    says_of_a_cluster_info_that_is_not_public,
    says_of_no_kubeconfig_in_it,
    says_of_another_pin,
    says_of_what_is_no_kubeconfig,
    says_of_another_ca_in_cluster_info,
    says_of_a_ca_that_has_expired,
];

fn says_of_a_cluster_info_that_is_missing() {
    let token = good();
    without(&["configmap", "cluster-info"], || {
        both_say(MISSING, &token);
    });
    delete(&token);
}

fn says_of_a_cluster_info_that_is_not_public() {
    let token = good();
    let binding = ["rolebinding", "kubeadm:bootstrap-signer-clusterinfo"];
    without(&binding, || both_say(NOT_PUBLIC, &token));
    delete(&token);
}

fn says_of_no_kubeconfig_in_it() {
    let token = good();
    with_kubeconfig(None, || both_say(NO_KUBECONFIG, &token));
    delete(&token);
}

fn says_of_another_pin() {
    let token = good();
    let other = pki::another_authority(&plane());
    let pin = pin_of(&other.path().join("ca.crt"));
    both_say_at(WRONG_PIN, &address(), &token, &pin);
    delete(&token);
}

/// Signed as any.
#[track_caller]
fn with_signed_kubeconfig(kubeconfig: &str, act: impl FnOnce(&Token)) {
    let token = good();
    let before = signed(&token);
    with_kubeconfig(Some(kubeconfig), || {
        conformance::wait::until_true("it is signed anew", || signed(&token) != before);
        act(&token);
    });
    delete(&token);
}

fn says_of_what_is_no_kubeconfig() {
    with_signed_kubeconfig("apiVersion: v1\nkind: Config\n", |token| {
        both_say(UNUSABLE, token);
    });
}

fn says_of_another_ca_in_cluster_info() {
    with_authorities(&another_authority(), |token| both_say(OTHER_CA, token));
}

/// With a server whose certificate is good and of that CA.
fn says_of_a_ca_that_has_expired() {
    let expired = pki::expired_authority(&plane());
    let file = expired.path().join("ca.crt");
    let server = ending_tls(expired.path(), onward);
    with_authorities(&fs::read_to_string(&file).unwrap(), |token| {
        both_say_at(EXPIRED_CA, &server, token, &pin_of(&file));
    });
}
