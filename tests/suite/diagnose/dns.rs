//! A machine whose nameserver does not answer.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use conformance::command::{Program, folder_of_kubeadm};
use conformance::suite::{Trial, trial};

/// In a namespace of its own, where a file lies over `/etc/resolv.conf`. Nobody has an address of TEST-NET-1 (RFC 5737).
const OVER: &str = "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"";

/// Ignored, which is said, where no such namespace is to be had, or that address is refused at once.
pub(crate) fn that_does_not_answer() -> Trial {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("resolv.conf");
    fs::write(&file, "nameserver 192.0.2.53\n").unwrap();
    let is_to_be_had = over(&file, "true")
        .status()
        .is_ok_and(|done| done.success());
    trial("dns::that_does_not_answer", move || look(&file, folder)).with_ignored_flag(!is_to_be_had)
}

fn over(file: &Path, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("unshare");
    command
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", OVER])
        .arg(file)
        .arg(program)
        .stderr(Stdio::null());
    command
}

fn look(file: &Path, _folder: tempfile::TempDir) {
    let program = folder_of_kubeadm(Program::Ours);
    let mut child = over(file, program.path().join("kubeadm"))
        .args(["token", "diagnose", "-", "--server", "cp.example"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"07401b.f395accd246ae52d").unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let told = "server-name-unknown: https://cp.example:6443: what address that name has was not answered within ";
    assert!(said.starts_with(told), "{said}");
    assert_eq!(output.status.code(), Some(1));
}
