//! What a person sees of text that somebody else stored.

#[path = "../../../crates/kubeadm-token/tests/command/pty.rs"]
mod pty;

use std::process;

use conformance::command::{Program, kubeadm, ours};
use conformance::control_plane::ControlPlane;
use conformance::suite::Test;
use conformance::tests;

use crate::support::created;

pub(crate) const TESTS: &[Test] =
    tests!["terminal": a_description_drives_no_terminal_and_is_kubeadm_s_in_a_pipe];

/// On a control plane of its own: kubeadm cannot print this description as YAML, and ends every list there.
fn a_description_drives_no_terminal_and_is_kubeadm_s_in_a_pipe() {
    let plane = ControlPlane::start();
    let kubeconfig = plane.kubeconfig();
    let description = "bell\u{7} clear\u{1b}[2J\u{9b}2J turn\u{202e}\r\nhelp: run this";
    let create = kubeadm(["create", "--ttl", "0", "--description", description]);
    let token = created(create.kubeconfig(kubeconfig));
    let row = |list: &str| {
        let (_, row) = list.split_once(&*token.expose()).expect("its row");
        row.split_inclusive("run this").next().map(str::to_owned)
    };
    let [theirs, ours] = [kubeadm(["list"]), ours(["list"])].map(|list| {
        let list = list.kubeconfig(kubeconfig).prints_token().run();
        row(list.success()).unwrap()
    });
    assert!(theirs.ends_with(description), "{theirs:?}");
    assert_eq!(ours, theirs);

    let mut command = process::Command::new(Program::Ours.file());
    command
        .args(["list", "--redact", "--kubeconfig"])
        .arg(kubeconfig);
    let run = pty::run(command);
    assert_eq!((run.code, &*run.piped), (Some(0), &b""[..]));
    let screen = String::from_utf8(run.screen).unwrap();
    let mut rows = screen.split("\r\n");
    let redacted = format!("{}.****************   ", token.id());
    let row = rows.find(|row| row.starts_with(&redacted)).unwrap();
    let shown = r"bell\u0007 clear\u001b[2J\u009b2J turn\u202e\r\nhelp: run this";
    assert!(row.contains(shown), "{row:?}");
}
