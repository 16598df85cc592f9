//! The token that `kubeadm init phase upload-certs` makes.

use conformance::command::{Command, Program, ours};
use conformance::suite::Test;
use conformance::tests;

use crate::support::{admin, create, delete, found_of_cluster, plane, signed, verdict_of};

pub(crate) const TESTS: &[Test] = tests!["upload_certs": its_token_is_for_nobody_and_not_broken];

fn its_token_is_for_nobody_and_not_broken() {
    let config = plane()
        .ca_file()
        .parent()
        .unwrap()
        .with_file_name("kubeadm.yaml");
    Command::new(
        Program::Kubeadm,
        [
            "init",
            "phase",
            "upload-certs",
            "--upload-certs",
            "--config",
        ],
    )
    .args([config])
    .kubeconfig(plane().kubeconfig())
    .run()
    .success();
    let owner = "jsonpath={.metadata.ownerReferences[0].name}";
    let name = admin(&[
        "-n",
        "kube-system",
        "get",
        "secret",
        "kubeadm-certs",
        "-o",
        owner,
    ]);
    let id = name.strip_prefix("bootstrap-token-").unwrap();
    let diagnose = ours(["diagnose", id]).kubeconfig(plane().kubeconfig());
    assert_eq!(verdict_of(diagnose), ["token-not-for-joining"]);
    // Of the cluster as a whole nothing is told of it: another token is tried.
    let token = create();
    signed(&token);
    assert_eq!(found_of_cluster(), [""; 0]);
    delete(&token);
    let list = ours(["list", "--redact", "-o", "wide"])
        .kubeconfig(plane().kubeconfig())
        .run();
    let row = list
        .success()
        .lines()
        .find(|row| row.starts_with(id))
        .unwrap();
    let told = "it is not for joining: the Secret kubeadm-certs is deleted when it expires";
    assert!(row.ends_with(told), "{row}");
    let role = "kubeadm:kubeadm-certs";
    for (kind, name) in [
        ("secret", "kubeadm-certs"),
        ("secret", &*name),
        ("rolebinding", role),
        ("role", role),
    ] {
        admin(&["-n", "kube-system", "delete", kind, name]);
    }
}
