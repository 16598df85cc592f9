//! Nobody but root may look into the command.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::Path;
use std::process::Command;

use super::waiting::Waiting;
use super::{TOKEN, cluster};
use crate::process::BINARY;

/// `nobody`.
const USER: u32 = 65_534;

#[test]
fn the_arguments_are_masked() {
    let (server, home) = cluster([]);
    let args = ["create", TOKEN, "--description", "for rack 7"];
    let waiting = Waiting::start(&home, &args, "", || server.was_asked());
    let line = fs::read_to_string(format!("/proc/{}/cmdline", waiting.id())).unwrap();
    let words: Vec<_> = line.split('\0').skip(1).collect();
    assert_eq!(
        words,
        [
            "create",
            "abcdef.xxxxxxxxxxxxxxxx",
            "--description",
            "for rack 7",
            ""
        ]
    );
}

#[test]
fn the_token_stays_in_ram() {
    let (server, home) = cluster([]);
    let waiting = Waiting::start(&home, &["create", "-"], TOKEN, || server.was_asked());
    let status = fs::read_to_string(format!("/proc/{}/status", waiting.id())).unwrap();
    let locked = status.lines().find_map(|line| line.strip_prefix("VmLck:"));
    assert_ne!(locked.unwrap().trim(), "0 kB");
}

#[test]
fn no_core_is_dumped() {
    let (server, home) = cluster([]);
    let mut command = Command::new("sh");
    command.args([
        "-c",
        "ulimit -c unlimited; exec \"$0\" \"$@\"",
        BINARY,
        "create",
        "-",
    ]);
    let mut waiting = Waiting::run(&home, command, TOKEN, || server.was_asked());
    let limits = fs::read_to_string(format!("/proc/{}/limits", waiting.id())).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    assert_eq!(core.unwrap().split_whitespace().nth(4), Some("0"));
    let status = waiting.quit();
    assert_eq!(status.signal(), Some(3));
    assert!(!status.core_dumped());
}

/// What `/proc` has of a process is its user's, unless it is concealed. Its own files it may open all the same.
#[test]
fn its_own_user_may_not_look_into_it() {
    let (server, home) = cluster([]);
    let program = home.path("program");
    fs::copy(BINARY, &program).unwrap();
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        for path in [home.path(""), home.path("config")] {
            chown(path, Some(USER), Some(USER)).unwrap();
        }
    }
    let command = as_user(&program, &["create", "-"]);
    let waiting = Waiting::run(&home, command, TOKEN, || server.was_asked());
    let owner = fs::metadata(format!("/proc/{}/mem", waiting.id()));
    assert_eq!(owner.unwrap().uid(), 0);

    let script = r#"echo $1 | "$0" manifest --token-file /dev/stdin"#;
    let mut command = as_user("sh".as_ref(), &["-c", script]);
    home.settle(command.arg(program).arg(TOKEN));
    let output = command.output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert!(stdout.contains("token-id: abcdef"), "{stdout}");
}

fn as_user(program: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args);
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        command.uid(USER).gid(USER);
    }
    command
}
