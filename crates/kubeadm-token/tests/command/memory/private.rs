//! Nobody but root may look into the command.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, chown};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::waiting::Waiting;
use super::{TOKEN, cluster};
use crate::process::{BINARY, Home};

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
fn memory_that_cannot_be_locked_is_no_error() {
    let (server, home) = cluster([]);
    let program = home_of_user(&home);
    let script = "ulimit -l 0; exec \"$0\" create -";
    let command = as_user("sh".as_ref(), &["-c", script, program.to_str().unwrap()]);
    let waiting = Waiting::run(&home, command, TOKEN, || server.was_asked());
    let status = fs::read_to_string(format!("/proc/{}/status", waiting.id())).unwrap();
    let locked = status.lines().find_map(|line| line.strip_prefix("VmLck:"));
    assert_eq!(locked.unwrap().trim(), "0 kB");

    let script = "ulimit -l 0; echo $1 | \"$0\" manifest --token-file /dev/stdin";
    let mut command = as_user("sh".as_ref(), &["-c", script]);
    home.settle(command.arg(program).arg(TOKEN));
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert!(output.status.success());
}

/// There is its first thread, and none for the work.
#[test]
fn a_limit_of_processes_is_told() {
    let (_server, home) = cluster([]);
    let program = home_of_user(&home);
    // The one letter is bash's, the other dash's.
    let script = "ulimit -u 1 2>/dev/null || ulimit -p 1; exec \"$0\" generate";
    let mut command = as_user("sh".as_ref(), &["-c", script]);
    home.settle(command.arg(program));
    let output = command.output().unwrap();
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "error: cannot start a thread: resource temporarily unavailable\n\
         help: raise the limit of processes (`ulimit -u`) or of memory (`ulimit -v`)\n"
    );
    assert_eq!(output.status.code(), Some(1));
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
    // SIGABRT: a shell lets what it runs in the background ignore SIGQUIT, which dumps a core as well.
    assert_eq!(status.signal(), Some(6));
    assert!(!status.core_dumped());
}

/// What `/proc` has of a process is its user's, unless it is concealed. Its own files it may open all the same.
#[test]
fn its_own_user_may_not_look_into_it() {
    let (server, home) = cluster([]);
    let program = home_of_user(&home);
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

/// The home is the other user's, and has a copy of the command.
fn home_of_user(home: &Home) -> PathBuf {
    let program = home.path("program");
    fs::copy(BINARY, &program).unwrap();
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        for path in [home.path(""), home.path("config")] {
            chown(path, Some(USER), Some(USER)).unwrap();
        }
    }
    program
}

fn as_user(program: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(args);
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        command.uid(USER).gid(USER);
    }
    command
}
