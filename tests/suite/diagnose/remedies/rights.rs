//! Rights, given by the commands as they stand in the line: those that kubeadm itself gives.

use bootstrap_token::Token;
use conformance::suite::Test;
use conformance::{tests, wait};

use crate::cluster_info::without;
use crate::support::{admin, create, create_with, delete, do_as_told, finally, found, signed};

pub(crate) const TESTS: &[Test] = tests!["remedies::rights":
    anybody_may_read_cluster_info,
    the_default_group_may_ask_for_a_certificate,
    the_requests_of_the_default_group_are_approved,
    another_group_has_both,
];

type Object = [&'static str; 2];

fn anybody_may_read_cluster_info() {
    let name = "kubeadm:bootstrap-signer-clusterinfo";
    let objects = [["rolebinding", name], ["role", name]];
    are_given_back(&objects, "cluster-info-not-public");
}

fn the_default_group_may_ask_for_a_certificate() {
    let binding = ["clusterrolebinding", "kubeadm:kubelet-bootstrap"];
    are_given_back(&[binding], "group-without-rights");
}

fn the_requests_of_the_default_group_are_approved() {
    let binding = ["clusterrolebinding", "kubeadm:node-autoapprove-bootstrap"];
    are_given_back(&[binding], "requests-not-approved");
}

/// Where no kubeadm joins.
fn another_group_has_both() {
    let token = create_with(&["--groups", "system:bootstrappers:visitors"]);
    signed(&token);
    let code = "group-without-rights";
    comes_to(&token, &[code]);
    do_as_told(&token, code);
    comes_to(&token, &[]);
    for name in [
        "kubelet-bootstrap:visitors",
        "node-autoapprove-bootstrap:visitors",
    ] {
        admin(&["delete", "clusterrolebinding", name]);
    }
    delete(&token);
}

/// Without these objects this is found; once it is done as told, nothing is, and they are as kubeadm had made them.
#[track_caller]
fn are_given_back(objects: &[Object], code: &str) {
    let token = create();
    signed(&token);
    let before: Vec<_> = objects.iter().map(says).collect();
    let act = || {
        comes_to(&token, &[code]);
        do_as_told(&token, code);
        comes_to(&token, &[]);
        let after: Vec<_> = objects.iter().map(says).collect();
        assert_eq!(after, before);
    };
    let tidy = || {
        for object in objects {
            kube_public(&[&["delete", "--ignore-not-found"], &object[..]].concat());
        }
    };
    take_away(objects, &mut || finally(act, tidy));
    delete(&token);
}

fn take_away(objects: &[Object], act: &mut dyn FnMut()) {
    match objects {
        [] => act(),
        [first, rest @ ..] => without(first, || take_away(rest, act)),
    }
}

/// What is allowed, and to whom.
fn says(object: &Object) -> String {
    let what = ["get", "-o", "jsonpath={.rules}{.roleRef}{.subjects}"];
    kube_public(&[&what[..], object].concat())
}

/// Its namespace is no matter to what has none.
fn kube_public(arguments: &[&str]) -> String {
    admin(&[&["-n", "kube-public"], arguments].concat())
}

/// The API server learns of its own rules a moment later.
#[track_caller]
fn comes_to(token: &Token, codes: &[&str]) {
    wait::until("the API server knows", || match found(token) {
        found if found == codes => Ok(()),
        found => Err(found),
    });
}
