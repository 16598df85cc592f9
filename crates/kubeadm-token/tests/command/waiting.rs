//! What a person sees who waits: a line, which is gone when the wait is over. Nobody else sees it.

use std::process::Command;
use std::sync::{Arc, Barrier};

use crate::diagnose::inside::healthy;
use crate::discover::support::{Authority, TOKEN, info, kubeconfig, signed};
use crate::fake_server::{FakeServer, Reply, base64, secret, token};
use crate::process::{self, Home};
use crate::{pty, sign};

/// What the terminal is sent for a line that stands in one row, and to take it back.
fn shown(line: &str) -> String {
    format!("\r\x1b[K\x1b[?7l{line}\x1b[?7h\r\x1b[K")
}

/// Runs with both streams on a terminal, and lets the server reply when the line is there.
fn screen(mut command: Command, until: &str, reply: &Arc<Barrier>) -> String {
    let (until, reply) = (until.as_bytes().to_vec(), Arc::clone(reply));
    let mut is_seen = false;
    command.env("TERM", "xterm").env("NO_COLOR", "1");
    let run = pty::run_watched(
        command,
        |command, terminal| {
            command
                .stdout(terminal.try_clone().unwrap())
                .stderr(terminal);
        },
        move |screen| {
            let holds = screen.windows(until.len()).any(|part| part == until);
            if holds && !is_seen {
                is_seen = true;
                reply.wait();
            }
        },
    );
    let screen = String::from_utf8(run.screen).unwrap();
    assert_eq!(run.code, Some(0), "{screen}");
    screen
}

#[test]
fn each_verb_that_waits_for_a_server() {
    let token = token(TOKEN, &[]);
    for (args, reply, result) in [
        (
            &["list", "-o", "name"][..],
            Reply::secrets(&[token]),
            "secret/bootstrap-token-abcdef\r\n",
        ),
        (
            &["create", TOKEN],
            Reply::Whole(201, "", secret("abcdef", &[])),
            "abcdef.9r2c3d4e5f6g7h8i\r\n",
        ),
        (
            &["delete", "abcdef"],
            Reply::ok(r#"{"kind":"Status","apiVersion":"v1","status":"Success"}"#),
            "bootstrap token \"abcdef\" deleted\r\n",
        ),
    ] {
        let barrier = Arc::new(Barrier::new(2));
        let held = Reply::Held(Arc::clone(&barrier), Box::new(reply));
        let server = FakeServer::new([held]);
        let home = Home::new(&server);
        let line = format!("waiting for the API server at {}", server.url());
        let seen = screen(home.command(args), &line, &barrier);
        assert_eq!(seen, format!("{}{result}", shown(&line)));
    }
}

/// The reply, when the line about the wait is there.
fn held(barrier: &Arc<Barrier>, reply: Reply) -> Reply {
    Reply::Held(Arc::clone(barrier), Box::new(reply))
}

#[test]
fn each_verb_that_reads_cluster_info() {
    let ca = Authority::new("kubernetes");
    let barrier = Arc::new(Barrier::new(2));
    let published = kubeconfig(&ca.pem);
    let server = ca.server("127.0.0.1", []);
    let home = Home::empty();
    let data = base64(ca.pem.as_bytes());
    let url = server.url();
    let cluster = format!("{url}\n    certificate-authority-data: {data}");
    home.write("config", &process::kubeconfig(&cluster, "token: x"));
    let line = format!("waiting for the API server at {url}");

    server.then([held(&barrier, info(&published, &[]))]);
    let seen = screen(home.command(&["pin", "--cluster"]), &line, &barrier);
    assert_eq!(seen, format!("{}{}\r\n", shown(&line), ca.pin()));

    let data = [("kubeconfig", &*published)];
    let signing = Reply::secrets(&[sign::signing("miss00")]);
    server.then([
        held(&barrier, sign::cluster_info(&data)),
        signing.clone(),
        Reply::ok("{}"),
    ]);
    let args = ["sign", "--write"];
    let seen = screen(home.command(&args), &line, &barrier);
    let warning = format!(
        "{}warning: whoever signs vouches for the server cp.example:6443 and the CA {}, ",
        shown(&line),
        ca.pin()
    );
    assert!(seen.starts_with(&warning), "{seen:?}");
    assert!(seen.contains("TOKEN ID   SIGNATURE "), "{seen:?}");

    // A person reads it before anything is written.
    let warning = warning.replace(&shown(&line), "");
    server.then([
        sign::cluster_info(&data),
        signing,
        held(&barrier, Reply::ok("{}")),
    ]);
    let seen = screen(home.command(&args), &warning, &barrier);
    assert!(seen.contains("TOKEN ID   SIGNATURE "), "{seen:?}");
}

#[test]
fn a_diagnosis_that_is_waited_for() {
    let ca = Authority::new("kubernetes");
    let barrier = Arc::new(Barrier::new(2));
    let none = r#"{"kind":"ConfigMap","apiVersion":"v1","data":{}}"#;
    let named = ca.server("127.0.0.1", [Reply::ok(none)]);
    let mut replies = healthy(&ca, &named);
    let first = held(&barrier, replies.remove(0));
    let server = FakeServer::new([vec![first], replies].concat());
    let home = Home::new(&server);
    let line = "waiting for what the cluster answers";
    let seen = screen(home.command(&["diagnose", "abcdef"]), line, &barrier);
    let result = "healthy: a machine can join by the token abcdef, if its secret is right, which was not given\r\n";
    assert_eq!(seen, format!("{}{result}", shown(line)));
}

#[test]
fn a_signature_that_is_waited_for() {
    let ca = Authority::new("kubernetes");
    let barrier = Arc::new(Barrier::new(2));
    let good = signed(&kubeconfig(&ca.pem), TOKEN);
    let held = Reply::Held(Arc::clone(&barrier), Box::new(good.clone()));
    let server = ca.server("127.0.0.1", [info(&kubeconfig(&ca.pem), &[]), held, good]);
    let home = Home::empty();
    home.write("token", TOKEN);
    let (url, pin) = (server.url(), ca.pin());
    let args = [
        "discover",
        &url,
        "--token-file=token",
        "--ca-pin",
        &pin,
        "-o",
        "json",
    ];
    let line = format!("waiting: {url}: cluster-info is not signed by any token");
    let seen = screen(home.command(&args), &line, &barrier);
    let (_, result) = seen
        .split_once(&shown(&line))
        .expect("the line, and its end");
    assert!(
        result.starts_with("{\r\n") && result.ends_with("}\r\n"),
        "{result:?}"
    );
}

/// A terminal that cannot take a line back, and a log, which tells the steps.
#[test]
fn nobody_else_is_told() {
    for (args, term) in [
        (&["list"][..], "dumb"),
        (&["list"], ""),
        (&["list", "-v=1"], "xterm"),
    ] {
        let server = FakeServer::new([Reply::Late(Box::new(Reply::secrets(&[])))]);
        let home = Home::new(&server);
        let mut command = home.command(args);
        command.env("TERM", term);
        let run = pty::run_on(command, |command, terminal| {
            command.stderr(terminal);
        });
        let screen = String::from_utf8(run.screen).unwrap();
        assert!(!screen.contains("waiting"), "{term}: {screen}");
        assert_eq!(run.code, Some(0));
    }
    let server = FakeServer::new([Reply::Late(Box::new(Reply::secrets(&[])))]);
    let home = Home::new(&server);
    let output = home
        .command(&["list"])
        .env("TERM", "xterm")
        .output()
        .unwrap();
    assert_eq!((output.stdout, output.stderr), (Vec::new(), Vec::new()));
}
