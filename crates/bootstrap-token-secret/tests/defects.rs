//! Every defect, what it says, and whom it stops.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use std::time::{Duration, SystemTime};

use bootstrap_token_secret::{BootstrapToken, Expiration, Usages, defects};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;

const SECRET: &str = "f395accd246ae52d";

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_900_000_000)
}

fn healthy() -> Secret {
    BootstrapToken::new(format!("07401b.{SECRET}").parse().unwrap())
        .with_usages(Usages::ALL)
        .with_expiration(Expiration::after(now(), Duration::from_secs(60)).unwrap())
        .expose_secret()
}

fn set(key: &str, value: &[u8]) -> Secret {
    let mut secret = healthy();
    secret
        .data
        .as_mut()
        .unwrap()
        .insert(key.to_owned(), ByteString(value.to_owned()));
    secret
}

/// The one defect found, and whether it stops (authentication, signing).
#[track_caller]
fn one(secret: &Secret, stops: (bool, bool), says: &str) {
    let found = defects(secret, now());
    assert_eq!(
        found.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [says]
    );
    assert_eq!(
        (
            found[0].disables_authentication(),
            found[0].disables_signing()
        ),
        stops
    );
    assert!(!format!("{found:?}").contains(SECRET));
}

#[test]
fn a_healthy_token_has_none() {
    assert_eq!(defects(&healthy(), now()), []);
    assert_eq!(defects(&set("expiration", b""), now()), []);
}

#[test]
fn of_the_object() {
    let mut secret = healthy();
    secret.metadata.namespace = Some("default".to_owned());
    one(
        &secret,
        (true, true),
        "it is in the namespace \"default\", but tokens are looked for in \"kube-system\" only",
    );
    let mut secret = healthy();
    secret.type_ = None;
    one(
        &secret,
        (true, true),
        "its type is \"\" instead of \"bootstrap.kubernetes.io/token\"",
    );
    let mut secret = healthy();
    secret.metadata.deletion_timestamp = Some(Time(k8s_openapi::jiff::Timestamp::UNIX_EPOCH));
    one(
        &secret,
        (true, false),
        "it is being deleted and waits for a finalizer",
    );
    let mut secret = healthy();
    secret.metadata.name = Some("bootstrap-token-07401c".to_owned());
    one(
        &secret,
        (true, true),
        "its name does not match its token-id, which asks for \"bootstrap-token-07401b\"",
    );
}

#[test]
fn of_the_token() {
    one(
        &set("token-id", b""),
        (true, true),
        "its data has no \"token-id\"",
    );
    one(
        &set("token-secret", b""),
        (true, true),
        "its data has no \"token-secret\"",
    );
    one(
        &set("token-secret", b"f395accd246ae52"),
        (true, false),
        "its token-secret is malformed",
    );
    let mut secret = set("token-id", b"07401B");
    secret.metadata.name = Some("bootstrap-token-07401B".to_owned());
    one(&secret, (true, true), "its token-id is malformed");
}

#[test]
fn of_the_expiration() {
    one(
        &set("expiration", b"2030-02-30T00:00:00Z"),
        (true, true),
        "its expiration cannot be read",
    );
    one(
        &set("expiration", b"2030-03-17T17:46:40Z"),
        (true, true),
        "it expired at 2030-03-17T17:46:40Z",
    );
    assert_eq!(
        defects(&set("expiration", b"2030-03-17T17:46:41Z"), now()),
        []
    );
}

#[test]
fn of_the_usages() {
    one(
        &set("usage-bootstrap-signing", b"True"),
        (false, true),
        "it may not be used for signing: the value of \"usage-bootstrap-signing\" is not exactly \"true\"",
    );
    let mut secret = healthy();
    secret
        .data
        .as_mut()
        .unwrap()
        .remove("usage-bootstrap-authentication");
    one(
        &secret,
        (true, false),
        "it may not be used for authentication: its data has no \"usage-bootstrap-authentication\"",
    );
    one(
        &set("usage-bootstrap-controller-join", b"true"),
        (false, false),
        "its usage \"controller-join\" means nothing to the cluster's own components",
    );
    let mut secret = healthy();
    for usage in ["worker-join", "a", "b"] {
        let on = ByteString(b"true".to_vec());
        let data = secret.data.as_mut().unwrap();
        data.insert(format!("usage-bootstrap-{usage}"), on);
    }
    one(
        &secret,
        (false, false),
        "3 of its usages mean nothing to the cluster's own components, the first of them \"a\"",
    );
}

#[test]
fn of_the_groups() {
    one(
        &set(
            "auth-extra-groups",
            b"system:bootstrappers:a,system:masters",
        ),
        (true, false),
        "its extra group \"system:masters\" is not valid",
    );
    one(
        &set("auth-extra-groups", b"system:bootstrappers:a,"),
        (true, false),
        "its extra group \"\" is not valid",
    );
    one(
        &set(
            "auth-extra-groups",
            b"system:bootstrappers:a,b,system:bootstrappers:c,d",
        ),
        (true, false),
        "2 of its extra groups are not valid, the first of them \"b\"",
    );
    let commas = vec![b','; 1 << 20];
    one(
        &set("auth-extra-groups", &commas),
        (true, false),
        "1048577 of its extra groups are not valid, the first of them \"\"",
    );
    assert_eq!(defects(&set("auth-extra-groups", b""), now()), []);
}

#[test]
fn all_are_found_at_once() {
    let found: Vec<_> = defects(&Secret::default(), now())
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        found,
        [
            "its type is \"\" instead of \"bootstrap.kubernetes.io/token\"",
            "its data has no \"token-id\"",
            "its data has no \"token-secret\"",
            "it may not be used for authentication: its data has no \"usage-bootstrap-authentication\"",
            "it may not be used for signing: its data has no \"usage-bootstrap-signing\"",
        ]
    );
}
