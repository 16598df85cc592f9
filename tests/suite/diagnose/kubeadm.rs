//! For the record: what kubeadm says of a broken cluster, beside what our `discover` says.

pub(crate) mod published;
mod rows;
pub(crate) mod signatures;
pub(crate) mod way;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Certificate, Pin};
use conformance::command::{Command, kubeadm_discover, ours};
use conformance::suite::Test;
use conformance::{paths, tests};

use crate::support::{create, plane, signed};
use rows::{ROWS, Row, line};

pub(crate) const TESTS: &[Test] = tests!["kubeadm":
    sees_nothing_of_the_others,
    nothing_else_stands_in_the_table,
];

fn section() -> String {
    let page = std::fs::read_to_string(paths::workspace().join("docs/DIAGNOSE.md")).unwrap();
    let (_, section) = page.split_once("\n## What kubeadm says\n").unwrap();
    section.split("\n## ").next().unwrap().to_owned()
}

/// The rows that stand in the docs.
fn written() -> Vec<String> {
    let section = section();
    let rows = section.lines().filter(|line| line.starts_with('|'));
    rows.skip(2).map(str::to_owned).collect()
}

fn nothing_else_stands_in_the_table() {
    assert_eq!(written(), ROWS.map(line));
}

/// What kubeadm's discovery sees nothing of, where the docs say so: each test that makes one of them asks.
const UNSEEN: [&str; 10] = [
    "token-not-for-authentication",
    "token-authentication-off",
    "token-being-deleted",
    "group-invalid",
    "group-without-rights",
    "requests-not-approved",
    "kubeadm-config-not-readable",
    "cluster-info-further-ca",
    "cluster-info-nearly-full",
    "controller-manager-not-running",
];

/// Runs both by the token, and looks for what the row says in what each complains of.
#[track_caller]
fn both_say(row: Row, token: &Token) {
    both_say_at(row, &address(), token, &pin());
}

#[track_caller]
fn both_say_at(row: Row, address: &str, token: &Token, pin: &str) {
    both_say_in(row, address, token, pin, |command| command);
}

/// The same by a proxy.
#[track_caller]
fn both_say_through(row: Row, proxy: &str, address: &str, token: &Token, pin: &str) {
    both_say_in(row, address, token, pin, |command| {
        command.env("HTTPS_PROXY", proxy)
    });
}

#[track_caller]
fn both_say_in(
    row: Row,
    address: &str,
    token: &Token,
    pin: &str,
    with: impl Fn(Command) -> Command,
) {
    let flags = ["--timeout", "1s", "--pin", pin];
    let theirs = with(kubeadm_discover(address, token, flags)).run();
    // It asks every five seconds, so this is one question, with time for the answer on a busy machine.
    let ours = ours(["discover", address, "--token", "-", "--ca-pin", pin])
        .args(["--timeout", "5s"])
        .stdin(token.expose().as_bytes());
    let ours = with(ours).run();
    says(theirs.failure(), row.1);
    says(ours.failure(), row.2);
    // What is to be done about it is for ours to say.
    assert!(ours.stderr.contains("\nhelp: "), "{ours:?}");
    assert!(
        written().contains(&line(row)),
        "in the table: {}",
        line(row)
    );
}

/// Whether the pieces between the `…` stand there, in this order.
#[track_caller]
fn says(text: &str, phrase: &str) {
    let mut rest = text;
    for piece in phrase.split('…') {
        let Some((_, behind)) = rest.split_once(piece) else {
            panic!("want {piece:?} of {phrase:?} in {text}");
        };
        rest = behind;
    }
}

fn address() -> String {
    plane().server().replace("https://", "")
}

fn pin() -> String {
    pin_of(plane().ca_file())
}

fn pin_of(file: &std::path::Path) -> String {
    let pem = std::fs::read(file).unwrap();
    Pin::of(&Certificate::bundle_from_pem(&pem).unwrap()[0]).to_string()
}

/// A token that is signed for, and nothing is wrong with.
fn good() -> Token {
    let token = create();
    signed(&token);
    token
}

/// Both trust the cluster, and what is wrong comes out when the machine goes on.
#[track_caller]
pub(crate) fn sees_nothing_of(code: &str, token: &Token) {
    let (address, pin) = (address(), pin());
    let theirs = kubeadm_discover(&address, token, ["--timeout", "5s", "--pin", &pin]);
    theirs.prints_token().run().success();
    let ours = ours(["discover", &address, "--token", "-", "--ca-pin", &pin]);
    let ours = ours.stdin(token.expose().as_bytes()).prints_token().run();
    ours.success();
    assert!(unseen().contains(&code.to_owned()), "{code}");
}

/// The codes that the docs say so of.
fn unseen() -> Vec<String> {
    let section = section();
    let (_, list) = section.split_once("sees nothing of\n").unwrap();
    let list = list.split(": ").next().unwrap();
    let codes = list.split('`').skip(1).step_by(2);
    codes.map(str::to_owned).collect()
}

fn sees_nothing_of_the_others() {
    assert_eq!(unseen(), UNSEEN);
}
