//! What keeps cluster-info from being signed.

use bootstrap_token::Token;
use bootstrap_token_discovery::DetachedJws;
use conformance::command::ours;
use conformance::control_plane::Component::ControllerManager;
use conformance::suite::Test;
use conformance::{tests, wait};
use serde_json::json;

use crate::cluster_info::without;
use crate::joiner;
use crate::kubeadm;
use crate::support::{
    admin, cluster_info, create, delete, finally, found, found_of_cluster, mend,
    patch_cluster_info, plane, signed, unknown, verdict_of, without_controllers,
};

pub(crate) const TESTS: &[Test] = tests!["signer":
    the_token_was_made_a_moment_ago,
    the_controller_manager_does_not_run,
    a_lease_that_was_left_over,
    the_signer_is_switched_off,
    the_signer_may_not_write,
    the_kubeconfig_has_changed,
    another_secret_signed,
    something_else_stands_in_its_place,
];

/// With a lease that tells whether it runs, and soon that it does not.
const LEASE: [&str; 4] = [
    "--leader-elect=true",
    "--leader-elect-lease-duration=3s",
    "--leader-elect-renew-deadline=2s",
    "--leader-elect-retry-period=1s",
];

/// A controller manager with these arguments, then the usual one.
fn with_manager(arguments: &[&str], act: impl FnOnce()) {
    plane().kill(ControllerManager);
    plane().restart_with(ControllerManager, &[&LEASE, arguments].concat());
    finally(act, || {
        if plane().pid(ControllerManager).is_some() {
            plane().kill(ControllerManager);
        }
        let lease = ["lease", "kube-controller-manager"];
        admin(&[&["-n", "kube-system", "delete"][..], &lease].concat());
        plane().restart(ControllerManager);
    });
}

/// What is found once the token is so old that it should be signed.
fn found_at_last(token: &Token) -> Vec<String> {
    let mut codes = Vec::new();
    wait::until_true("the token is no more young", || {
        codes = found(token);
        codes != ["not-signed-yet"]
    });
    codes
}

fn the_token_was_made_a_moment_ago() {
    without_controllers(|| {
        let token = create();
        assert_eq!(found(&token), ["not-signed-yet"]);
        delete(&token);
    });
}

/// Asked once each time: from one moment to the next it may have.
fn lease_runs_out() {
    wait::until("its lease has run out", || {
        let codes = verdict_of(ours(["diagnose"]).kubeconfig(plane().kubeconfig()));
        match &codes[..] {
            [code] if code == "controller-manager-not-running" => Ok(()),
            _ => Err(codes),
        }
    });
}

fn the_controller_manager_does_not_run() {
    with_manager(&[], || {
        let before = create();
        signed(&before);
        plane().kill(ControllerManager);
        // With all tokens signed that are there.
        lease_runs_out();
        assert_eq!(found(&before), ["controller-manager-not-running"]);
        kubeadm::sees_nothing_of("controller-manager-not-running", &before);
        delete(&before);
        let token = create();
        wait::until(
            "its lease has run out",
            || match &found_at_last(&token)[..] {
                [code] if code == "controller-manager-not-running" => Ok(()),
                codes => Err(codes.to_vec()),
            },
        );
        assert_eq!(found_of_cluster(), ["controller-manager-not-running"]);
        delete(&token);
    });
}

/// It runs on without leader election, and signs.
fn a_lease_that_was_left_over() {
    with_manager(&[], || {
        let before = create();
        signed(&before);
        plane().kill(ControllerManager);
        lease_runs_out();
        // Times of creation are told to the second.
        std::thread::sleep(std::time::Duration::from_secs(2));
        let token = create();
        assert_eq!(found(&token), ["controller-manager-not-running"]);
        plane().restart(ControllerManager);
        signed(&token);
        assert_eq!(found(&token), [""; 0]);
        delete(&token);
        delete(&before);
    });
}

/// The flag that mends it is taken as it stands in the line.
fn the_signer_is_switched_off() {
    let mut told = String::new();
    with_manager(&["--controllers=*,-bootstrap-signer-controller"], || {
        let token = create();
        assert_eq!(found_at_last(&token), ["signer-not-running"]);
        assert_eq!(found_of_cluster(), ["signer-not-running"]);
        told = mend(&token, "signer-not-running");
        delete(&token);
    });
    let flag = told
        .split(' ')
        .find(|word| word.starts_with("--controllers="));
    with_manager(&[flag.unwrap()], || {
        let token = create();
        signed(&token);
        assert_eq!(found(&token), [""; 0]);
        delete(&token);
    });
}

fn the_signer_may_not_write() {
    let binding = ["rolebinding", "system:controller:bootstrap-signer"];
    without(&binding, || {
        let token = create();
        assert_eq!(found_at_last(&token), ["signer-without-rights"]);
        delete(&token);
    });
}

fn the_kubeconfig_has_changed() {
    let (token, other) = (create(), create());
    signed(&token);
    signed(&other);
    without_controllers(|| {
        let kubeconfig = cluster_info().remove("kubeconfig").unwrap();
        patch_cluster_info(&json!({"kubeconfig": format!("{kubeconfig}\n# changed\n")}));
        assert_eq!(found(&token), ["signature-stale"]);
        assert_eq!(found_of_cluster(), ["signature-stale"]);
        patch_cluster_info(&json!({"kubeconfig": kubeconfig}));
        assert_eq!(found(&token), [""; 0]);
    });
    delete(&token);
    delete(&other);
}

fn another_secret_signed() {
    let (token, other) = (create(), create());
    signed(&token);
    signed(&other);
    without_controllers(|| {
        let mut info = cluster_info();
        let content = info.remove("kubeconfig").unwrap();
        let other_secret = Token::new(token.id(), unknown().secret().clone());
        let forged = DetachedJws::sign(content.as_bytes(), &other_secret);
        let key = format!("jws-kubeconfig-{}", token.id());
        patch_cluster_info(&json!({ &key: forged.as_str() }));
        assert_eq!(found(&token), ["signature-of-another-secret"]);
        assert_eq!(found_of_cluster(), ["signature-of-another-secret"]);
        let both = joiner::at(plane().server(), &token).kubeconfig(plane().kubeconfig());
        assert_eq!(verdict_of(both), ["signature-of-another-secret"]);
        patch_cluster_info(&json!({ &key: info[&key] }));
    });
    delete(&token);
    delete(&other);
}

fn something_else_stands_in_its_place() {
    let token = create();
    signed(&token);
    without_controllers(|| {
        let key = format!("jws-kubeconfig-{}", token.id());
        let saved = cluster_info().remove(&key);
        patch_cluster_info(&json!({ &key: "zzz" }));
        assert_eq!(found(&token), ["signature-malformed"]);
        assert_eq!(found_of_cluster(), ["signature-malformed"]);
        patch_cluster_info(&json!({ &key: saved }));
    });
    delete(&token);
}
