//! A system that gives little: few files, a small stack, little memory, streams that are closed or are directories.
//! Each ends in success or in lines of ours, never in a panic or by a signal.

use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Output, Stdio};

use crate::fake_server::{FakeServer, Reply};
use crate::process::{BINARY, Home};

const TOKEN: &str = "abcdef.f395accd246ae52d";

/// Every verb, and what else can be asked for.
const RUNS: &[&[&str]] = &[
    &["--help"],
    &["create", TOKEN],
    &["create", TOKEN, "--dry-run"],
    &["delete", "abcdef"],
    &["diagnose", "abcdef"],
    &[
        "discover",
        "localhost:1",
        "--token-file",
        "token",
        "--timeout",
        "1ns",
    ],
    &["generate"],
    &["list"],
    &["list", "-o", "go-template={{.token}}"],
    &["list", "-o", "jsonpath={.token}"],
    &["manifest", TOKEN],
    &["pin"],
    &["sign"],
];

fn home() -> (Home, FakeServer) {
    let server = FakeServer::new(vec![Reply::refusal(403, "Forbidden", "no"); 10_000]);
    let home = Home::new(&server);
    home.write("token", TOKEN);
    (home, server)
}

/// Runs what a shell runs under `limit`.
pub(crate) fn limited(home: &Home, limit: &str, args: &[&str]) -> Output {
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(format!("{limit}; exec \"$0\" \"$@\""));
    command.arg(BINARY).args(args);
    command.env_clear().env("HOME", home.path(""));
    command.env("KUBECONFIG", home.path("config"));
    command.current_dir(home.path("")).stdin(Stdio::null());
    command.output().unwrap()
}

/// It ended by itself; whatever is on standard error is ours.
#[track_caller]
fn ends(output: &Output, what: &str) {
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{what}: {}\n{stderr}",
        output.status
    );
    for line in stderr.lines() {
        let is_ours = ["error: ", "help: ", "warning: "]
            .iter()
            .any(|start| line.starts_with(start));
        assert!(is_ours, "{what}\n{stderr}");
    }
    assert!(!stderr.contains("internal error"), "{what}\n{stderr}");
}

#[test]
fn few_open_files() {
    let (home, _server) = home();
    for args in RUNS {
        // With fewer, the loader of shared libraries fails already.
        for files in 4..=20 {
            let limit = format!("ulimit -n {files}");
            ends(&limited(&home, &limit, args), &format!("{limit}: {args:?}"));
        }
    }
    let said = String::from_utf8(limited(&home, "ulimit -n 6", &["list"]).stderr).unwrap();
    assert_eq!(
        said,
        "error: cannot start the runtime: no more open files or threads\n\
         help: raise the limit of open files (`ulimit -n`), of processes (`ulimit -u`) or of memory (`ulimit -v`)\n"
    );
}

/// With no more address space than 256 MiB, each thing that is read may go on for ever: a file, and a pipe.
#[test]
fn what_does_not_end() {
    const PIN: &str =
        "--ca-pin=sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let (home, _server) = home();
    for (args, error) in [
        (
            &["create", "--token-file=/dev/zero"][..],
            "the bootstrap token in the file /dev/zero was not of the form",
        ),
        (&["create", "-"], "the bootstrap token was not of the form"),
        (&["delete", "-"], "given token didn't match pattern"),
        (
            &["manifest", "--token-file=-"],
            "the bootstrap token was not of the form",
        ),
        (
            &["create", "--config=/dev/zero"],
            "unable to read config from \"/dev/zero\": it is larger than 1048576 bytes",
        ),
        (
            &["discover", "a", "--ca-file=/dev/zero"],
            "the CA file /dev/zero is longer than 1 MiB",
        ),
        (
            &["discover", "a", PIN, "--token=-"],
            "the bootstrap token was not of the form",
        ),
        (
            &["discover", "--discovery-file=/dev/zero"],
            "the discovery file /dev/zero is longer than 1 MiB",
        ),
        (
            &["pin", "/dev/zero"],
            "cannot read a certificate from /dev/zero: it is longer than 16777216 bytes",
        ),
        (
            &["pin", "-"],
            "cannot read a certificate from standard input: it is longer than 16777216 bytes",
        ),
        (
            &["list", "-o", "jsonpath-file=/dev/zero"],
            "could not construct output printer: error reading --template /dev/zero, open /dev/zero: too long for a template",
        ),
        (
            &["list", "-o", "go-template-file=/dev/zero"],
            "could not construct output printer: error reading --template /dev/zero, open /dev/zero: too long for a template",
        ),
    ] {
        let endless = "ulimit -v 262144; exec </dev/zero";
        let piped =
            "cat /dev/zero | exec sh -c 'ulimit -v 262144; exec \"$0\" \"$@\"' \"$0\" \"$@\"; exit";
        for limit in [endless, piped] {
            let output = limited(&home, limit, args);
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(
                (output.status.code(), output.stdout.len()),
                (Some(1), 0),
                "{args:?}: {said}"
            );
            assert!(
                said.starts_with(&format!("error: {error}")),
                "{args:?}: {said}"
            );
            assert_eq!(said.lines().count(), 2, "{args:?}: {said}");
        }
    }
}

#[test]
fn a_small_stack() {
    let (home, _server) = home();
    for args in RUNS {
        for limit in ["ulimit -s 64", "ulimit -s 128"] {
            ends(&limited(&home, limit, args), &format!("{limit}: {args:?}"));
        }
    }
    assert_eq!(
        limited(&home, "ulimit -s 64", &["generate"]).status.code(),
        Some(0)
    );
}

/// From too little for the loader to enough. In between there is room for the program, and none for its thread.
#[test]
fn little_memory() {
    let (home, _server) = home();
    let no_thread = "error: cannot start a thread: resource temporarily unavailable\n\
                     help: raise the limit of processes (`ulimit -u`) or of memory (`ulimit -v`)\n";
    let mut said = Vec::new();
    for megabytes in 1..4096 {
        let limit = format!("ulimit -v {}", megabytes << 10);
        let output = limited(&home, &limit, &["generate"]);
        if output.status.success() {
            break;
        }
        said.push(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    // Before it, the loader and Rust's own start fail; after it, an allocation may, which ends every Rust program.
    let first = said.iter().position(|said| said == no_thread);
    let first = first.unwrap_or_else(|| panic!("{said:?}"));
    for said in &said[first..] {
        assert!(
            said == no_thread
                || said.starts_with("error: ")
                || said.starts_with("memory allocation of "),
            "{said}"
        );
    }
}

#[test]
fn streams_that_are_closed_or_directories() {
    let (home, _server) = home();
    for args in RUNS {
        for closed in [
            "<&-",
            ">&-",
            "2>&-",
            "<&- >&-",
            "<&- 2>&-",
            ">&- 2>&-",
            "<&- >&- 2>&-",
            "</",
        ] {
            let limit = format!("exec {closed}");
            ends(
                &limited(&home, &limit, args),
                &format!("{closed}: {args:?}"),
            );
        }
    }
    for args in [
        &["create", "-"][..],
        &["diagnose", "-"],
        &["create", "--config", "-"],
    ] {
        let output = home.command(args).stdin(File::open("/").unwrap()).output();
        let output = output.unwrap();
        ends(&output, &format!("{args:?}"));
        assert_eq!(output.status.code(), Some(1), "{args:?}");
    }
}

/// In each place where there may be a word, and in each variable that is read.
#[test]
fn words_and_variables_that_are_not_utf_8() {
    let (home, _server) = home();
    let odd: &[&[u8]] = &[
        b"\xff",
        b"a\xff",
        b"-\xff",
        b"-v\xff",
        b"-o\xff",
        b"-a\xff",
        b"--\xff",
        b"--v=\xff",
        b"--kubeconfig=\xff",
        b"--output=\xff",
        b"--ttl=\xff",
        b"--token-file=\xff",
        b"---\xff",
        b"--=\xff",
    ];
    let run = |mut command: Command, what: &str| {
        ends(&command.output().unwrap(), what);
    };
    let verbs = [
        "create", "delete", "diagnose", "discover", "generate", "help", "list", "manifest", "pin",
        "sign",
    ];
    for verb in verbs.map(str::as_bytes) {
        for odd in odd {
            for words in [
                &[*odd][..],
                &[verb, odd],
                &[odd, verb],
                &[verb, b"--", odd],
                &[verb, odd, odd],
                &[verb, b"x", odd],
            ] {
                let words: Vec<_> = words.iter().map(|word| OsStr::from_bytes(word)).collect();
                run(home.command(&words), &format!("{words:?}"));
            }
        }
        for name in [
            "KUBECONFIG",
            "HOME",
            "HTTPS_PROXY",
            "HTTP_PROXY",
            "NO_PROXY",
            "NO_COLOR",
            "TERM",
            "KUBEADM_TOKEN_COMPLETE",
            "PATH",
            "RUST_BACKTRACE",
        ] {
            let mut command = home.command(&[OsStr::from_bytes(verb)]);
            command.env(name, OsStr::from_bytes(b"\xff"));
            if name == "KUBEADM_TOKEN_COMPLETE" {
                // A shell that is not known: the completion's own words.
                let output = command.output().unwrap();
                assert_eq!(output.status.signal(), None);
                assert_ne!(output.status.code(), Some(101));
            } else {
                run(command, &format!("{name} {verb:?}"));
            }
        }
    }
    for odd in odd {
        let mut command = home.command(&[
            OsStr::new("--"),
            OsStr::new("kubeadm-token"),
            OsStr::from_bytes(odd),
        ]);
        command.env("KUBEADM_TOKEN_COMPLETE", "bash");
        let output = command.output().unwrap();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{odd:?}");
    }
}
