//! Every code of a machine that joins, as the docs have them.

use std::collections::BTreeSet;

use super::rights;
use super::way::{look, serve};
use crate::discover::support::{Authority, TOKEN, info, kubeconfig, signed};
use crate::fake_server::{NOBODY, Reply};

const DOCS: &str = include_str!("../../../../../docs/DIAGNOSE.md");

/// The codes in the second table.
fn documented() -> BTreeSet<&'static str> {
    let table = DOCS.split("\n## ").nth(2).unwrap();
    let codes = table.lines().filter_map(|line| line.strip_prefix("| `"));
    codes
        .filter_map(|line| line.split(" | ").next())
        .flat_map(|cell| cell.split("`, `"))
        .map(|code| code.trim_end_matches('`'))
        .collect()
}

/// What is met at a server of an authority's, for a name, with these replies.
fn met(ca: &Authority, name: &str, replies: Vec<Reply>, code: &'static str) -> &'static str {
    let server = ca.server(name, replies);
    let found = look(&server.url(), &[], &[]);
    let [(only, _)] = &found[..] else {
        panic!("want {code} alone: {found:?}");
    };
    assert_eq!(only, code, "{found:?}");
    server.asked();
    code
}

/// What the token's groups may not do.
fn of_rights() -> BTreeSet<&'static str> {
    let mut codes = BTreeSet::new();
    for (answers, code) in [
        (&[false][..], "group-without-rights"),
        (&[true, false], "requests-not-approved"),
        (&[true, true, false], "kubeadm-config-not-readable"),
    ] {
        let mut replies: Vec<_> = answers.iter().map(|is| rights::allowed(*is)).collect();
        let default = "system:bootstrappers:kubeadm:default-node-token";
        replies.push(rights::groups(&["system:bootstrappers", default]));
        let (outcome, _) = rights::look(replies);
        let lines: Vec<_> = outcome.stdout.lines().collect();
        assert_eq!(lines.len(), 1, "{outcome:?}");
        assert_eq!(lines[0].split(": ").next(), Some(code));
        codes.insert(code);
    }
    codes
}

#[test]
fn each_code_is_met() {
    let ca = Authority::new("kubernetes");
    let good = signed(&kubeconfig(&ca.pem), TOKEN);
    let here = "127.0.0.1";
    let at = |replies: Vec<Reply>, code| met(&ca, here, replies, code);
    let refusal = |code, reason| vec![Reply::refusal(code, reason, "no")];
    let mut codes = BTreeSet::from([
        at(vec![Reply::Nothing], "connection-broken"),
        at(vec![Reply::Silence], "server-too-slow"),
        at(refusal(429, "TooManyRequests"), "server-in-trouble"),
        at(refusal(503, "ServiceUnavailable"), "server-in-trouble"),
        at(vec![Reply::ok("<html>")], "not-an-api-server"),
        at(refusal(401, "Unauthorized"), "anonymous-off"),
        at(refusal(403, "Forbidden"), "cluster-info-not-public"),
        at(refusal(404, "NotFound"), "cluster-info-missing"),
        at(vec![info("", &[])], "cluster-info-without-kubeconfig"),
        at(
            vec![signed("kind: Config\n", TOKEN)],
            "cluster-info-unusable",
        ),
        at(vec![info(&kubeconfig(&ca.pem), &[])], "not-signed"),
        at(
            vec![signed(&kubeconfig(&ca.pem), "abcdef.aaaaaaaaaaaaaaa1")],
            "signature-does-not-verify",
        ),
        at(
            vec![info(&kubeconfig(&ca.pem), &[("abcdef", "x")])],
            "signature-malformed",
        ),
        at(
            [vec![good.clone()], refusal(401, "Unauthorized")].concat(),
            "token-refused",
        ),
    ]);
    let old = Authority::valid("kubernetes", 2020, 2021);
    let of_old = signed(&kubeconfig(&old.pem), TOKEN);
    codes.insert(met(&old, here, vec![of_old], "ca-expired"));
    let new = Authority::valid("kubernetes", 2054, 2055);
    let of_new = signed(&kubeconfig(&new.pem), TOKEN);
    codes.insert(met(&new, here, vec![of_new], "clock-behind"));
    let other = Authority::new("other");
    codes.insert(met(&other, here, vec![good.clone()], "server-other-ca"));
    codes.insert(met(
        &ca,
        "api.example",
        vec![good.clone()],
        "server-wrong-name",
    ));

    let changed = kubeconfig(&ca.pem).replace("cp.example", "evil.example");
    let pin = ca.pin();
    let other_pin = other.pin();
    for (replies, pin, code) in [
        (
            vec![good.clone(), signed(&changed, TOKEN)],
            &pin,
            "cluster-info-changes",
        ),
        (vec![good.clone()], &other_pin, "pin-does-not-match"),
    ] {
        let server = ca.server(here, replies);
        let found = look(&server.url(), &["--ca-pin", pin], &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, code);
        codes.insert(code);
    }
    for (valid, code) in [
        ((2020, 2021), "server-certificate-expired"),
        ((2054, 2055), "clock-behind"),
    ] {
        let server = ca.server_valid(here, valid, [good.clone()]);
        let found = look(&server.url(), &[], &[]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, code);
        codes.insert(code);
    }
    for (server, env, code) in [
        ("no-such-host.invalid", "", "server-name-unknown"),
        (NOBODY, "", "server-unreachable"),
        ("192.0.2.7", NOBODY, "proxy-refuses"),
        ("192.0.2.7", "ftp://127.0.0.1:1", "way-unusable"),
    ] {
        let found = look(server, &[], &[("HTTPS_PROXY", env)]);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, code);
        codes.insert(code);
    }
    let found = look(&serve(drop), &[], &[]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "tls-refused");
    codes.insert("tls-refused");
    codes.extend(of_rights());
    assert_eq!(codes, documented());
}
