//! The token is one that a cluster knows: none is made here.

use std::fs::File;

use crate::discover::support::TOKEN;
use crate::fake_server::NOBODY;
use crate::process::Home;

const PATTERN: &str = "\"\\\\A([a-z0-9]{6})\\\\.([a-z0-9]{16})\\\\z\"";

#[test]
fn what_is_no_token() {
    let malformed = |why: &str| {
        format!(
            "error: the bootstrap token was not of the form {PATTERN}: {why}\n\
             help: give the whole token, as `kubeadm-token create` printed it on the cluster: six characters, a dot, sixteen characters; or, on the command line, its ID alone\n"
        )
    };
    let no_dot = malformed("the token has no dot between its ID and its secret");
    for (word, stdin, says) in [
        ("-", "", &*malformed("the token is empty")),
        ("-", "abcdef", &no_dot),
        (
            "ABCDEF",
            "",
            &format!(
                "error: the bootstrap token \"ABCDEF\" was not of the form {PATTERN}\n\
                 help: the token has no dot between its ID and its secret; give the whole token, as `kubeadm-token create` printed it on the cluster: six characters, a dot, sixteen characters; or, on the command line, its ID alone\n"
            ),
        ),
        (
            "",
            "",
            "error: the token given is empty\n\
             help: give a token or a token ID, or leave it out to ask whether the cluster can be joined by tokens at all\n",
        ),
    ] {
        let outcome = Home::empty().run_with(&["diagnose", word], stdin.as_bytes());
        outcome.fails_with(says);
    }
}

/// As a script gives it whose variable is empty: it is not left out.
#[test]
fn a_server_that_is_empty() {
    let outcome = Home::empty().run_with(&["diagnose", "-", "--server", ""], TOKEN.as_bytes());
    assert!(
        outcome
            .stderr
            .starts_with("error: the server \"\" is no address of an API server"),
        "{outcome:?}"
    );
    assert_eq!(outcome.code, 1);
}

#[test]
fn a_server_that_is_no_address_is_told_how_to_be_written() {
    for (server, help) in [
        (
            "fd00::1:6443",
            "write it as [fd00::1]:6443, or [fd00::1:6443]:6443",
        ),
        (
            "a:6443,b:6443",
            "name one of them with --server: a:6443 b:6443",
        ),
        ("bücher.example", "write it as xn--bcher-kva.example"),
        ("https://[10.0.0.1]:443", "write it as https://10.0.0.1:443"),
    ] {
        let outcome =
            Home::empty().run_with(&["diagnose", "-", "--server", server], TOKEN.as_bytes());
        let expected = format!("\nhelp: {help}\n");
        assert!(outcome.stderr.ends_with(&expected), "{outcome:?}");
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""));
    }
}

#[test]
fn a_token_from_a_file() {
    let home = Home::empty();
    let file = home.write("token", &format!("{TOKEN}\n"));
    let file = file.display().to_string();
    let by_file = |more: &[&str]| home.run(&[&["diagnose", "--token-file", &file], more].concat());
    let outcome = by_file(&["--server", NOBODY]);
    assert!(
        outcome.stdout.starts_with("server-unreachable: "),
        "{outcome:?}"
    );
    by_file(&["abcdef"]).fails_with(
        "error: a token is given on the command line and with --token-file as well\n\
         help: leave one of them out\n",
    );
    let missing = home.run(&["diagnose", "--token-file", "gone"]);
    assert!(
        missing
            .stderr
            .starts_with("error: cannot read the token file: open gone: "),
        "{missing:?}"
    );
}

#[cfg(unix)]
#[test]
fn standard_input_that_is_a_directory() {
    let home = Home::empty();
    let mut command = home.command(&["diagnose", "-"]);
    command.stdin(File::open(home.path(".")).unwrap());
    let output = command.output().unwrap();
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: cannot read a token from standard input: is a directory\n\
         help: give the token there, with nothing but a line break after it\n"
    );
    assert_eq!(output.status.code(), Some(1));
}
