//! The token is one that a cluster knows: none is made here, and none is read from a file.

use std::fs::File;

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
        ("ABCDEF", "", &no_dot),
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
