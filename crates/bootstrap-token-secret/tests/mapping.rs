//! Out and in again: what is written, and what is read of what others wrote.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use std::time::{Duration, SystemTime};

use bootstrap_token::Token;
use bootstrap_token_secret::{BootstrapToken, Defect, ExtraGroups, StoredToken, Usage, Usages};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;

fn token() -> Token {
    "07401b.f395accd246ae52d".parse().unwrap()
}

fn groups(names: &[&str]) -> ExtraGroups {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

#[track_caller]
fn written(token: &BootstrapToken, expected: &[(&str, &str)]) -> Secret {
    let secret = token.expose_secret();
    assert_eq!(
        secret.metadata.name.as_deref(),
        Some("bootstrap-token-07401b")
    );
    assert_eq!(secret.metadata.namespace.as_deref(), Some("kube-system"));
    assert_eq!(
        secret.type_.as_deref(),
        Some("bootstrap.kubernetes.io/token")
    );
    let data: Vec<_> = secret
        .data
        .as_ref()
        .unwrap()
        .iter()
        .map(|(key, value)| (key.as_str(), std::str::from_utf8(&value.0).unwrap()))
        .collect();
    assert_eq!(data, expected);
    secret
}

#[test]
fn only_what_is_set_is_written() {
    written(
        &BootstrapToken::new(token()).with_description(""),
        &[("token-id", "07401b"), ("token-secret", "f395accd246ae52d")],
    );
}

#[test]
fn the_defaults_are_kubeadms() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_903_860_000_999);
    written(
        &BootstrapToken::with_defaults(token(), now).unwrap(),
        &[
            (
                "auth-extra-groups",
                "system:bootstrappers:kubeadm:default-node-token",
            ),
            ("expiration", "2030-05-02T10:00:00Z"),
            ("token-id", "07401b"),
            ("token-secret", "f395accd246ae52d"),
            ("usage-bootstrap-authentication", "true"),
            ("usage-bootstrap-signing", "true"),
        ],
    );
    assert!(
        BootstrapToken::with_defaults(token(), SystemTime::UNIX_EPOCH - Duration::from_secs(1))
            .is_err()
    );
}

#[test]
fn everything_round_trips() {
    let token = BootstrapToken::new(token())
        .with_description("rack 7, \"upper\" shelf")
        .with_expiration(Some("2030-05-01T12:00:00.9+02:00".parse().unwrap()))
        .with_usages(Usages::ALL)
        .with_groups(groups(&[
            "system:bootstrappers:b",
            "system:bootstrappers:a",
            "system:bootstrappers:b",
        ]));
    let secret = written(
        &token,
        &[
            (
                "auth-extra-groups",
                "system:bootstrappers:b,system:bootstrappers:a,system:bootstrappers:b",
            ),
            ("description", "rack 7, \"upper\" shelf"),
            ("expiration", "2030-05-01T10:00:00Z"),
            ("token-id", "07401b"),
            ("token-secret", "f395accd246ae52d"),
            ("usage-bootstrap-authentication", "true"),
            ("usage-bootstrap-signing", "true"),
        ],
    );
    let read = StoredToken::from_secret(&secret)
        .unwrap()
        .into_bootstrap_token()
        .unwrap();
    assert_eq!(read.token(), token.token());
    assert_eq!(read.description(), token.description());
    assert_eq!(read.groups(), token.groups());
    assert_eq!(read.usages(), token.usages());
    assert_eq!(
        read.expiration().unwrap().to_string(),
        "2030-05-01T10:00:00Z"
    );
}

/// A Secret as somebody else may have written it.
fn foreign(changes: &[(&str, &[u8])]) -> Secret {
    let mut secret = BootstrapToken::new(token())
        .with_usages(Usages::ALL)
        .expose_secret();
    let data = secret.data.as_mut().unwrap();
    for (key, value) in changes {
        data.insert((*key).to_owned(), ByteString(value.to_vec()));
    }
    secret
}

#[test]
fn usages_of_others_are_kept_and_shown() {
    let secret = foreign(&[
        ("usage-bootstrap-controller-join", b"true"),
        ("usage-bootstrap-worker-join", b"True"),
        ("usage-bootstrap-signing", b"1"),
    ]);
    let stored = StoredToken::from_secret(&secret).unwrap();
    assert_eq!(stored.usages(), ["authentication", "controller-join"]);
    let token = stored.into_bootstrap_token().unwrap();
    assert_eq!(
        token.usages(),
        [Usage::Authentication].into_iter().collect()
    );
    assert_eq!(token.other_usages(), ["controller-join"]);
    let again = token.expose_secret();
    assert_eq!(
        again.data.unwrap()["usage-bootstrap-controller-join"].0,
        b"true"
    );
}

#[test]
fn a_bad_group_is_shown_but_cannot_be_written() {
    let secret = foreign(&[("auth-extra-groups", b"system:bootstrappers:a,,\xFFmasters")]);
    let stored = StoredToken::from_secret(&secret).unwrap();
    assert_eq!(
        stored.groups(),
        ["system:bootstrappers:a", "", "\u{FFFD}masters"]
    );
    let error = stored.into_bootstrap_token().unwrap_err();
    assert_eq!(
        error.to_string(),
        "2 of its extra groups are not valid, the first of them \"\""
    );
    // As kubeadm's converter has it: an empty first entry hides the others.
    let secret = foreign(&[("auth-extra-groups", b",system:bootstrappers:a")]);
    assert!(
        StoredToken::from_secret(&secret)
            .unwrap()
            .groups()
            .is_empty()
    );
}

#[test]
fn text_that_is_not_utf8_is_replaced() {
    let secret = foreign(&[("description", b"caf\xE9")]);
    assert_eq!(
        StoredToken::from_secret(&secret).unwrap().description(),
        "caf\u{FFFD}"
    );
}

#[track_caller]
fn unreadable(secret: &Secret, expected: &str) -> Defect {
    let defect = StoredToken::from_secret(secret).unwrap_err();
    assert_eq!(defect.to_string(), expected);
    defect
}

#[test]
fn what_kubeadm_cannot_show_is_refused_with_its_reason() {
    unreadable(
        &foreign(&[("token-id", b"")]),
        "its data has no \"token-id\"",
    );
    unreadable(
        &foreign(&[("token-secret", b"")]),
        "its data has no \"token-secret\"",
    );
    unreadable(
        &foreign(&[("token-id", b"07401c")]),
        "its name does not match its token-id, which asks for \"bootstrap-token-07401c\"",
    );
    unreadable(
        &foreign(&[("token-id", b"07401")]),
        "its name does not consist of \"bootstrap-token-\" and its token-id",
    );
    let mut short = foreign(&[("token-id", b"07401")]);
    short.metadata.name = Some("bootstrap-token-07401".to_owned());
    unreadable(&short, "its token-id is malformed");
    let defect = unreadable(
        &foreign(&[("token-secret", b"F395accd246ae52d")]),
        "its token-secret is malformed",
    );
    assert_eq!(
        std::error::Error::source(&defect).unwrap().to_string(),
        "character 1 of the token secret is an upper-case letter (expected [a-z0-9]{16})"
    );
    unreadable(
        &foreign(&[("expiration", b"tomorrow")]),
        "its expiration cannot be read",
    );
    unreadable(&Secret::default(), "its data has no \"token-id\"");
}
