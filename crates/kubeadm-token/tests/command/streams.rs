//! Readers that go away, and disks that are full.

use std::process::Stdio;

use crate::fake_server::{FakeServer, Reply, secret, token};
use crate::process::Home;

/// Runs with a standard output that nobody reads.
fn run_closed(home: &Home, args: &[&str]) -> (i32, String) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = home
        .command(args)
        .stdout(writer)
        .stderr(Stdio::piped())
        .output()
        .unwrap();
    (
        output.status.code().unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn a_closed_output_is_no_error() {
    let home = Home::empty();
    assert_eq!(run_closed(&home, &["generate"]), (0, String::new()));
    assert_eq!(run_closed(&home, &["--help"]), (0, String::new()));
    assert_eq!(run_closed(&home, &["--version"]), (0, String::new()));

    let server = FakeServer::new([Reply::Whole(201, "", secret("x", &[]))]);
    let created = ["create", "abcdef.9r2c3d4e5f6g7h8i"];
    let named = "warning: created and not printed: abcdef; see them with `kubeadm-token list`\n";
    assert_eq!(
        run_closed(&Home::new(&server), &created),
        (0, named.to_owned())
    );
    server.asked();
}

/// The page after the one that could not be printed may be on its way already, and no other.
#[test]
fn a_list_that_nobody_reads_is_not_fetched_to_its_end() {
    let pages = ["aaaaaa", "bbbbbb", "cccccc", "dddddd"].map(|id| {
        let token = token(&format!("{id}.f395accd246ae52d"), &[]);
        Reply::page(&[token], &format!("after-{id}"))
    });
    let server = FakeServer::new(pages);
    assert_eq!(
        run_closed(&Home::new(&server), &["list"]),
        (0, String::new())
    );
    let asked = server.times_asked();
    assert!((1..=2).contains(&asked), "{asked}");
}

#[test]
fn tokens_are_deleted_though_nobody_reads_of_it() {
    let gone = Reply::ok(r#"{"kind":"Status","apiVersion":"v1","status":"Success"}"#);
    let server = FakeServer::new([gone.clone(), gone]);
    let outcome = run_closed(&Home::new(&server), &["delete", "aaaaaa", "bbbbbb"]);
    assert_eq!(outcome, (0, String::new()));
    assert_eq!(server.asked().len(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = Home::empty()
        .command(&["generate"])
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: cannot write to standard output: no space left on device\n\
         help: is the disk full? What was asked for may have been done: see `kubeadm-token list`\n"
    );
    assert_eq!(output.status.code(), Some(1));
}
