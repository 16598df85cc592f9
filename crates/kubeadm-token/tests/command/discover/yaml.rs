//! YAML that is made to cost its reader time or memory. Whoever holds the token can sign it, so that it is parsed.

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use super::support::{Authority, TOKEN, home, kubeconfig, signed};
use crate::process::BINARY;

/// Kilobytes of addresses, of which the threads alone take half and which the system gives no more of; seconds of work,
/// after which it ends the process.
const LIMITED: &str = "ulimit -v 400000 && ulimit -t 10 && exec \"$0\" \"$@\"";

const LONGEST: Duration = Duration::from_secs(20);

/// The run ends in time and in bounds, with a reason.
#[track_caller]
fn is_refused(what: &str, text: &str) {
    let ca = Authority::new("kubernetes");
    let server = ca.server("127.0.0.1", [signed(text, TOKEN)]);
    let home = home();
    let url = server.url();
    let before = Instant::now();
    let output = Command::new("sh")
        .args(["-c", LIMITED, BINARY, "discover", &url])
        .args(["--token-file=token", "--ca-pin", &ca.pin()])
        .current_dir(home.path("."))
        .env_clear()
        .output()
        .unwrap();
    assert!(before.elapsed() < LONGEST, "{what} is not refused in time");
    let stderr = String::from_utf8(output.stderr).unwrap();
    let shown = stderr.get(..500).unwrap_or(&stderr);
    assert_eq!(
        (output.status.code(), &*output.stdout),
        (Some(1), &b""[..]),
        "{what}: {shown}"
    );
    let expected =
        format!("error: cannot discover the cluster: {url}: the kubeconfig cannot be read");
    assert!(shown.starts_with(&expected), "{what}: {shown}");
    assert_eq!(stderr.lines().count(), 2, "{what}: {shown}");
    assert!(
        stderr.ends_with("; aliases, anchors and tags are not taken\n"),
        "{what}: {shown}"
    );
    server.asked();
}

/// Each line has twice what the one before it has, or ten times.
fn doubling(lines: usize, times: usize) -> String {
    let mut text = "a0: &a0 [x]\n".to_owned();
    for line in 1..=lines {
        let aliases = vec![format!("*a{}", line - 1); times].join(", ");
        let _ = writeln!(text, "a{line}: &a{line} [{aliases}]");
    }
    text
}

fn with(addition: &str) -> String {
    format!(
        "{}{addition}",
        kubeconfig(&Authority::new("kubernetes").pem)
    )
}

#[test]
fn aliases_that_double() {
    is_refused("64 doublings", &with(&doubling(64, 2)));
    is_refused("a billion laughs", &with(&doubling(9, 10)));
    is_refused(
        "a string that doubles",
        &with("a: &a \"x\"\nb: &b {a: *a, b: *a}\nc: &c {a: *b, b: *b}\nd: {a: *c, b: *c}\n"),
    );
    is_refused("an alias of itself", &with("a: &a [*a]\n"));
    is_refused(
        "merges that double",
        &with("a: &a {x: 1}\nb: &b {<<: [*a, *a]}\nc: {<<: [*b, *b]}\n"),
    );
    is_refused(
        "one alias where a server stands",
        &with("").replace("server: https", "server: &s https"),
    );
}

#[test]
fn deep_nesting() {
    const DEEP: usize = 400_000;

    is_refused(
        "sequences",
        &with(&format!("x: {}{}\n", "[".repeat(DEEP), "]".repeat(DEEP))),
    );
    is_refused("sequences that do not end", &"[".repeat(DEEP));
    is_refused(
        "mappings",
        &with(&format!("x: {}\n", "{a: ".repeat(DEEP / 2))),
    );
    is_refused(
        "block sequences",
        &with(&format!("x:\n {}\n", "- ".repeat(DEEP))),
    );
    is_refused("explicit keys", &"? ".repeat(DEEP));
    let stairs: Vec<_> = (0..1_000).map(|step| " ".repeat(step) + "a:\n").collect();
    is_refused("block mappings", &stairs.concat());
}

#[test]
fn more_than_any_kubeconfig_has() {
    let many =
        |one: &dyn Fn(usize) -> String, times: usize| (0..times).map(one).collect::<String>();
    is_refused(
        "anchors",
        &with(&many(&|n| format!("a{n}: &a{n} x\n"), 40_000)),
    );
    is_refused(
        "one long anchor",
        &with(&format!("a: &{} x\n", "a".repeat(900_000))),
    );
    is_refused("keys", &with(&many(&|n| format!("a{n}: x\n"), 60_000)));
    is_refused("items", &with(&format!("a: [{}]\n", "x,".repeat(400_000))));
    is_refused(
        "empty items",
        &with(&format!("a:\n{}", "-\n".repeat(400_000))),
    );
    is_refused("documents", &with(&"---\n".repeat(200_000)));
    is_refused(
        "tags",
        &with(&many(&|n| format!("a{n}: !t{n} x\n"), 30_000)),
    );
    is_refused(
        "a megabyte and more",
        &with(&format!("# {}\n", "x".repeat(1 << 20))),
    );
}
