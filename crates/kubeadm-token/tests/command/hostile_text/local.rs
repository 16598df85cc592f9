//! Kubeconfigs, kubeadm's configuration, file names and words of the command line.

use std::path::Path;

use super::{Arrives, HOSTILE, Rows, filled, line, yaml};
use crate::discover::support::Authority;
use crate::fake_server::{FakeServer, NOBODY, Reply};
use crate::process::{Home, kubeconfig};

use Arrives::{Nowhere, Stderr, Stdout};

/// What is put in the place of what, in a kubeconfig.
const KUBECONFIGS: &[(&str, &str, Arrives)] = &[
    ("current-context: here", "current-context: {H}", Stderr),
    ("- name: here", "- name: {H}", Stderr),
    ("cluster: fake", "cluster: {H}", Stderr),
    ("user: tester", "user: {H}", Stderr),
    ("server: URL", "server: {H}", Nowhere),
    (
        "server: URL",
        "certificate-authority: {H}\n    server: URL",
        Stderr,
    ),
    (
        "server: URL",
        "certificate-authority-data: {H}\n    server: URL",
        Nowhere,
    ),
    (
        "server: URL",
        "tls-server-name: {H}\n    server: URL",
        Nowhere,
    ),
    ("server: URL", "proxy-url: {H}\n    server: URL", Nowhere),
    ("token: x", "tokenFile: {H}", Stderr),
    ("token: x", "token: {H}", Nowhere),
    (
        "token: x",
        "client-certificate: {H}\n    client-key: x",
        Stderr,
    ),
    (
        "token: x",
        "client-certificate-data: eA==\n    client-key: {H}",
        Stderr,
    ),
    (
        "token: x",
        "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: {H}}",
        Stderr,
    ),
    (
        "token: x",
        "exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./none, installHint: {H}}",
        Stderr,
    ),
    ("token: x", "auth-provider: {name: {H}}", Nowhere),
];

#[test]
fn every_place_in_a_kubeconfig() {
    let mut rows = Rows::default();
    let hostile = yaml(HOSTILE);
    let ca = Authority::new("kubernetes");
    for (from, to, arrives) in KUBECONFIGS {
        // Nothing is asked for by plain HTTP, so that credentials are not looked at there.
        let text = kubeconfig("URL", "token: x").replace(from, &filled(to, &hostile));
        let text = match *from {
            "token: x" => text.replace("URL", "URL\n    certificate-authority: ca"),
            _ => text,
        };
        for args in [
            &["list"][..],
            &["create", "--dry-run"],
            &["sign"],
            &["diagnose", "abcdef"],
        ] {
            let home = || {
                let no = Reply::refusal(403, "Forbidden", "no");
                let server = ca.server("127.0.0.1", [no]);
                let home = Home::empty();
                home.write("ca", &ca.pem);
                home.write("config", &text.replace("URL", &server.url()));
                (home, line(args))
            };
            rows.run(home, *arrives);
        }
    }
    rows.end();
}

/// Documents for `create --config`.
const CONFIGS: &[(&str, Arrives)] = &[
    ("apiVersion: {H}\nkind: InitConfiguration\n", Stderr),
    ("apiVersion: kubeadm.k8s.io/v1beta4\nkind: {H}\n", Stderr),
    ("apiVersion: {H}\nkind: {H}\n", Stderr),
    ("INIT{H}: x\n", Stderr),
    ("INIT{H}: x\n{H}: y\n", Stderr),
    ("INITnodeRegistration: {{H}: x}\n", Stderr),
    ("INITbootstrapTokens: {H}\n", Nowhere),
    ("INITbootstrapTokens: [{{H}: x}]\n", Stderr),
    ("INITbootstrapTokens: [{token: {H}}]\n", Nowhere),
    ("INITbootstrapTokens: [{token: TOKEN, ttl: {H}}]\n", Stderr),
    (
        "INITbootstrapTokens: [{token: TOKEN, expires: {H}}]\n",
        Nowhere,
    ),
    (
        "INITbootstrapTokens: [{token: TOKEN, usages: [{H}]}]\n",
        Stderr,
    ),
    (
        "INITbootstrapTokens: [{token: TOKEN, groups: [{H}]}]\n",
        Stderr,
    ),
    ("{H}", Nowhere),
    ("&{H} x", Nowhere),
];

#[test]
fn every_place_in_a_configuration() {
    let mut rows = Rows::default();
    let hostile = yaml(HOSTILE);
    for (config, arrives) in CONFIGS {
        let home = || {
            let no = Reply::refusal(403, "Forbidden", "no");
            let home = Home::new(&FakeServer::new([no]));
            let text = filled(config, &hostile)
                .replace(
                    "INIT",
                    "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n",
                )
                .replace("TOKEN", "abcdef.9r2c3d4e5f6g7h8i");
            home.write("f", &text);
            (home, line(&["create", "--config", "f"]))
        };
        rows.run(home, *arrives);
    }
    rows.end();
}

/// Command lines, a kubeconfig that leads nowhere under them.
const WORDS: &[(&[&str], Arrives)] = &[
    (&["{H}"], Stderr),
    (&["--{H}"], Stderr),
    (&["-{H}"], Stderr),
    (&["---{H}"], Stderr),
    (&["help", "{H}"], Stderr),
    (&["-v={H}", "list"], Stderr),
    (&["--rootfs={H}", "list"], Stderr),
    (&["--context={H}", "list"], Stderr),
    (&["--kubeconfig={H}", "list"], Stderr),
    (&["--kubeconfig={H}", "pin"], Stderr),
    (&["--dry-run={H}", "list"], Stderr),
    (&["generate", "{H}"], Stderr),
    (&["list", "{H}"], Stderr),
    (&["list", "-o", "{H}"], Stderr),
    (&["list", "-o", "jsonpath={.{H}"], Stderr),
    (&["list", "-o", "jsonpath-file={H}"], Stderr),
    (&["list", "-o", "go-template={{{H}"], Stderr),
    (&["list", "-o", "go-template-file={H}"], Stderr),
    (&["list", "--sort-by={H}{"], Stderr),
    (&["create", "{H}"], Stderr),
    (&["create", "--{H}"], Stderr),
    (&["create", "--ttl={H}"], Stderr),
    (&["create", "--usages={H}"], Stderr),
    (&["create", "--groups={H}"], Stderr),
    (&["create", "--config={H}"], Stderr),
    (&["create", "--token-file={H}"], Stderr),
    (
        &["create", "--print-join-command", "--certificate-key={H}"],
        Nowhere,
    ),
    (&["create", "-o", "{H}"], Stderr),
    (&["delete", "{H}"], Nowhere),
    (&["manifest", "--usages={H}"], Stderr),
    (&["manifest", "-o", "json", "--description={H}"], Stdout),
    (&["manifest", "-o", "yaml", "--description={H}"], Stdout),
    (&["pin", "{H}"], Stderr),
    (&["pin", "-o", "{H}"], Stderr),
    (&["sign", "-o", "{H}"], Stderr),
    (&["sign", "--ca-file={H}"], Stderr),
    (&["diagnose", "{H}"], Stderr),
    (&["diagnose", "-o", "{H}"], Stderr),
    (&["diagnose", "--server={H}", "--token-file=token"], Stderr),
    (
        &[
            "discover",
            "{H}",
            "--danger-skip-ca-pin",
            "--token-file=token",
        ],
        Stderr,
    ),
    (
        &["discover", "h", "--ca-pin={H}", "--token-file=token"],
        Nowhere,
    ),
    (
        &["discover", "h", "--ca-file={H}", "--token-file=token"],
        Stderr,
    ),
    (
        &["discover", "--discovery-file={H}", "--token-file=token"],
        Stderr,
    ),
    (
        &["discover", "h", "--danger-skip-ca-pin", "--token-file={H}"],
        Stderr,
    ),
    (
        &[
            "discover",
            "h",
            "--danger-skip-ca-pin",
            "--out-file={H}/",
            "--token-file=token",
        ],
        Stderr,
    ),
    (
        &["discover", "h", "--danger-skip-ca-pin", "--timeout={H}"],
        Stderr,
    ),
];

#[test]
fn every_word_of_a_command_line() {
    let mut rows = Rows::default();
    for (words, arrives) in WORDS {
        let home = || {
            let home = Home::empty();
            home.write("token", "abcdef.9r2c3d4e5f6g7h8i");
            home.write(
                "config",
                &kubeconfig(&format!("http://{NOBODY}"), "token: x"),
            );
            (home, line(words))
        };
        rows.run(home, *arrives);
    }
    rows.end();
}

/// Files that are there.
const FILES: &[(&[&str], Arrives)] = &[
    (&["pin", "-o", "wide", "{H}"], Stdout),
    (&["pin", "-o", "json", "{H}"], Stdout),
    (&["pin", "-o", "yaml", "{H}"], Stdout),
    (&["pin", "empty{H}"], Stderr),
    (&["--kubeconfig=empty{H}", "list"], Stderr),
    (&["--kubeconfig=empty{H}", "diagnose", "abcdef"], Stderr),
    (&["create", "--token-file=empty{H}"], Stderr),
    (&["create", "--config=empty{H}"], Stderr),
    (
        &[
            "discover",
            "--discovery-file=empty{H}",
            "--token-file=token",
        ],
        Stderr,
    ),
];

#[test]
fn every_name_of_a_file() {
    let mut rows = Rows::default();
    let ca = Authority::new("kubernetes");
    for (words, arrives) in FILES {
        let home = || {
            let home = Home::empty();
            home.write("token", "abcdef.9r2c3d4e5f6g7h8i");
            home.write(HOSTILE, &ca.pem);
            home.write(&format!("empty{HOSTILE}"), "");
            assert!(Path::new(&home.path(HOSTILE)).exists());
            (home, line(words))
        };
        rows.run(home, *arrives);
    }
    rows.end();
}
