//! Colour, which is for persons only.

use crate::fake_server::{FakeServer, Reply, token};
use crate::process::Home;
use crate::pty;

/// The start of the row of a token that never expires.
const PLAIN: &str = "abcdef.9r2c3d4e5f6g7h8i   <forever>   <never> ";
const COLOURED: &str = "abcdef.9r2c3d4e5f6g7h8i   \x1b[33m<forever>\x1b[0m   <never> ";

/// What a list prints on a terminal, with these variables.
fn on_a_terminal(args: &[&str], env: &[(&str, &str)]) -> String {
    let server = FakeServer::new([Reply::secrets(&[token("abcdef.9r2c3d4e5f6g7h8i", &[])])]);
    let home = Home::new(&server);
    let mut command = home.command(&[&["list", "--no-headers"], args].concat());
    command.envs(env.iter().copied());
    let run = pty::run(command);
    assert_eq!(run.code, Some(0));
    String::from_utf8(run.screen).unwrap()
}

#[test]
fn a_ttl_is_coloured_on_a_terminal_that_can_and_may() {
    for (env, starts) in [
        (&[("TERM", "xterm")][..], COLOURED),
        (&[("TERM", "xterm"), ("NO_COLOR", "")], COLOURED),
        (&[("TERM", "xterm"), ("NO_COLOR", "1")], PLAIN),
        (&[("TERM", "dumb")], PLAIN),
        (&[], PLAIN),
    ] {
        let shown = on_a_terminal(&[], env);
        assert!(shown.starts_with(starts), "{env:?}: {shown:?}");
    }
    let json = on_a_terminal(&["-o", "json"], &[("TERM", "xterm")]);
    assert!(!json.contains('\x1b'), "{json:?}");
}

#[test]
fn nothing_is_coloured_in_a_pipe() {
    let server = FakeServer::new([Reply::secrets(&[token("abcdef.9r2c3d4e5f6g7h8i", &[])])]);
    let home = Home::new(&server);
    let mut command = home.command(&["list", "--no-headers"]);
    let output = command.env("TERM", "xterm").output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.starts_with(PLAIN), "{shown:?}");
}
