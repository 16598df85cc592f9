//! The edge cases that are known by name, each put to upstream and to us.

use std::time::{Duration, SystemTime};

use bootstrap_token::Token;
use bootstrap_token_secret::{Defect, Expiration, StoredToken, Usage, defects, keys};
use conformance::oracle::Oracle;
use conformance::suite::Test;
use conformance::tests;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use k8s_openapi::jiff::Timestamp;
use serde_json::json;

pub(crate) const TESTS: &[Test] = tests!["edge_cases":
    every_case_is_judged_as_upstream_judges_it,
    an_expired_second_is_expired,
    no_life_span_means_for_ever,
    quotes_inside_a_json_token_are_refused_here,
];

/// The name of a case, what it does to a good Secret, and who takes the result: `R`, kubeadm reads it, `A`,
/// the API server authenticates its bearer, `S`, the controller manager signs with it.
type Case = (&'static str, fn(&mut Secret), &'static str);

const AUTHENTICATION: &str = "usage-bootstrap-authentication";
const SIGNING: &str = "usage-bootstrap-signing";

const CASES: &[Case] = &[
    ("a good one", |_| {}, "RAS"),
    ("usage True", |s| set(s, AUTHENTICATION, "True"), "R-S"),
    ("usage 1", |s| set(s, AUTHENTICATION, "1"), "R-S"),
    ("usage after a space", |s| set(s, SIGNING, " true"), "RA-"),
    (
        "usage and a line break",
        |s| set(s, SIGNING, "true\n"),
        "RA-",
    ),
    (
        "a usage of k0s",
        |s| set(s, "usage-bootstrap-controller-join", "true"),
        "RAS",
    ),
    (
        "no usages, as of kubeadm's proxy of uploaded certificates",
        |s| unset(s, &[AUTHENTICATION, SIGNING]),
        "R--",
    ),
    ("no expiration", |s| unset(s, &[keys::EXPIRATION]), "RAS"),
    ("expiration empty", |s| set(s, keys::EXPIRATION, ""), "RAS"),
    (
        "expiration no time",
        |s| set(s, keys::EXPIRATION, "tomorrow"),
        "---",
    ),
    (
        "expiration with z",
        |s| set(s, keys::EXPIRATION, "2100-01-01T00:00:00z"),
        "---",
    ),
    (
        "expiration with t",
        |s| set(s, keys::EXPIRATION, "2100-01-01t00:00:00Z"),
        "---",
    ),
    (
        "expiration with a space",
        |s| set(s, keys::EXPIRATION, "2100-01-01 00:00:00Z"),
        "---",
    ),
    (
        "expiration in a leap second",
        |s| set(s, keys::EXPIRATION, "2016-12-31T23:59:60Z"),
        "---",
    ),
    (
        "expiration at an offset",
        |s| set(s, keys::EXPIRATION, "2100-01-01T00:00:00+05:30"),
        "RAS",
    ),
    (
        "expiration at hour 9",
        |s| set(s, keys::EXPIRATION, "2100-01-01T9:00:00Z"),
        "RAS",
    ),
    (
        "expiration with a comma",
        |s| set(s, keys::EXPIRATION, "2100-01-01T00:00:00,5Z"),
        "RAS",
    ),
    (
        "expired",
        |s| set(s, keys::EXPIRATION, "2001-01-01T00:00:00Z"),
        "R--",
    ),
    (
        "another type",
        |s| s.type_ = Some("Opaque".to_owned()),
        "R--",
    ),
    ("another name", |s| name(s, "bootstrap-token-zzzzzz"), "---"),
    ("a name without the prefix", |s| name(s, "07401b"), "---"),
    (
        "being deleted",
        |s| s.metadata.deletion_timestamp = Some(Time(Timestamp::UNIX_EPOCH)),
        "R-S",
    ),
    (
        "an ID in upper case",
        |s| {
            name(s, "bootstrap-token-ABCDEF");
            set(s, keys::TOKEN_ID, "ABCDEF");
        },
        "---",
    ),
    ("no ID", |s| unset(s, &[keys::TOKEN_ID]), "---"),
    (
        "a secret and a line break",
        |s| set(s, keys::TOKEN_SECRET, "f395accd246ae52d\n"),
        "--S",
    ),
    (
        "a secret that is empty",
        |s| set(s, keys::TOKEN_SECRET, ""),
        "---",
    ),
    ("groups empty", |s| groups(s, ""), "RAS"),
    (
        "groups in no order",
        |s| groups(s, "system:bootstrappers:z,system:bootstrappers:a"),
        "RAS",
    ),
    (
        "a group twice",
        |s| groups(s, "system:bootstrappers:a,system:bootstrappers:a"),
        "RAS",
    ),
    (
        "one bad group",
        |s| groups(s, "system:bootstrappers:a,system:masters"),
        "R-S",
    ),
    (
        "the default group",
        |s| groups(s, "system:bootstrappers"),
        "R-S",
    ),
    (
        "a comma after the groups",
        |s| groups(s, "system:bootstrappers:a,"),
        "R-S",
    ),
    (
        "a comma before the groups",
        |s| groups(s, ",system:bootstrappers:a"),
        "R-S",
    ),
    (
        "a space between groups",
        |s| groups(s, "system:bootstrappers:a, system:bootstrappers:b"),
        "R-S",
    ),
    ("no data", |s| s.data = None, "---"),
];

fn every_case_is_judged_as_upstream_judges_it() {
    let mut oracle = Oracle::start();
    for (name, change, expected) in CASES {
        let mut secret = good();
        change(&mut secret);
        let (upstream, theirs) = upstream(&mut oracle, &secret);
        assert_eq!(upstream, *expected, "upstream: {name}");
        let (judged, ours) = ours(&secret);
        assert_eq!(judged, *expected, "ours: {name}");
        assert_eq!(ours, theirs, "{name}");
    }
}

fn good() -> Secret {
    let mut secret = Secret {
        type_: Some(keys::SECRET_TYPE.to_owned()),
        ..Secret::default()
    };
    secret.metadata.name = Some("bootstrap-token-07401b".to_owned());
    secret.metadata.namespace = Some(keys::NAMESPACE.to_owned());
    set(&mut secret, keys::TOKEN_ID, "07401b");
    set(&mut secret, keys::TOKEN_SECRET, "f395accd246ae52d");
    set(&mut secret, keys::EXPIRATION, "2100-01-01T00:00:00Z");
    set(&mut secret, "usage-bootstrap-authentication", "true");
    set(&mut secret, "usage-bootstrap-signing", "true");
    secret
}

fn set(secret: &mut Secret, key: &str, value: &str) {
    let data = secret.data.get_or_insert_default();
    data.insert(key.to_owned(), ByteString(value.as_bytes().to_vec()));
}

fn groups(secret: &mut Secret, value: &str) {
    set(secret, keys::EXTRA_GROUPS, value);
}

fn unset(secret: &mut Secret, keys: &[&str]) {
    for key in keys {
        secret.data.as_mut().unwrap().remove(*key);
    }
}

fn name(secret: &mut Secret, name: &str) {
    secret.metadata.name = Some(name.to_owned());
}

/// Usages and groups, as they are read.
type Shown = [Vec<String>; 2];

fn upstream(oracle: &mut Oracle, secret: &Secret) -> (String, Shown) {
    let read = oracle.ask(&json!({"op": "secret_in", "secret": secret}));
    let shown = ["usages", "groups"].map(|field| {
        let list = read.ok().map(|token| token[field].clone());
        serde_json::from_value::<Option<_>>(list.into())
            .unwrap()
            .unwrap_or_default()
    });
    let authenticates = ["07401b", "zzzzzz", "ABCDEF"].iter().any(|id| {
        ["f395accd246ae52d", "f395accd246ae52d\n", ""]
            .iter()
            .any(|text| {
                let token = format!("{id}.{text}");
                let answer =
                    oracle.ask(&json!({"op": "authenticate", "secret": secret, "token": token}));
                answer
                    .ok()
                    .is_some_and(|answer| answer["authenticated"] == true)
            })
    });
    let signs = oracle.ask(&json!({"op": "signs", "secret": secret}));
    // The signer's informer sees no other type.
    let seen = secret.type_.as_deref() == Some(keys::SECRET_TYPE);
    let signs = seen && signs.ok().unwrap()["ok"] == true;
    (flags(read.accepted(), authenticates, signs), shown)
}

fn ours(secret: &Secret) -> (String, Shown) {
    let read = StoredToken::from_secret(secret).ok();
    let found = defects(secret, SystemTime::now());
    let flags = flags(
        read.is_some(),
        !found.iter().any(Defect::disables_authentication),
        !found.iter().any(Defect::disables_signing),
    );
    let shown = read.map(|token| [token.usages().to_vec(), token.groups().to_vec()]);
    (flags, shown.unwrap_or_default())
}

fn flags(read: bool, authenticates: bool, signs: bool) -> String {
    [(read, 'R'), (authenticates, 'A'), (signs, 'S')]
        .map(|(yes, flag)| if yes { flag } else { '-' })
        .iter()
        .collect()
}

fn an_expired_second_is_expired() {
    let secret = good();
    let expiration: Expiration = "2100-01-01T00:00:00Z".parse().unwrap();
    let moment =
        SystemTime::UNIX_EPOCH + Duration::from_secs(expiration.unix_seconds().unsigned_abs());
    let mut oracle = Oracle::start();
    for (now, then, expired) in [
        (
            "2099-12-31T23:59:59.999999999Z",
            moment - Duration::from_nanos(1),
            false,
        ),
        ("2100-01-01T00:00:00Z", moment, true),
        (
            "2100-01-01T00:00:00.000000001Z",
            moment + Duration::from_nanos(1),
            true,
        ),
    ] {
        let facts = oracle.ask(&json!({"op": "secret_facts", "secret": secret, "now": now}));
        assert_eq!(facts.ok().unwrap()["is_expired"], expired, "{now}");
        assert_eq!(expiration.is_expired(then), expired, "{now}");
        let ours = defects(&secret, then);
        assert_eq!(
            ours.contains(&Defect::Expired { expiration }),
            expired,
            "{now}"
        );
    }
}

/// kubeadm writes no expiration for a life span of nothing or less; a `Duration` cannot be negative, and
/// the command says aloud what `--ttl 0` does.
fn no_life_span_means_for_ever() {
    let mut oracle = Oracle::start();
    for ttl in ["0", "-1", "-300000000000"] {
        let answer = oracle.ask(&json!({
            "op": "secret_out", "token": "07401b.f395accd246ae52d", "ttl_ns": ttl, "now": "2030-01-01T00:00:00Z",
        }));
        assert_eq!(
            answer.ok().unwrap()["data"].get(keys::EXPIRATION),
            None,
            "{ttl}"
        );
    }
    let token = "07401b.f395accd246ae52d".parse().unwrap();
    let for_ever = bootstrap_token_secret::BootstrapToken::new(token)
        .with_usages([Usage::Signing].into_iter().collect())
        .expose_secret();
    assert!(!for_ever.data.unwrap().contains_key(keys::EXPIRATION));
}

/// An intended difference: kubeadm strips every quote from the JSON text before it parses.
fn quotes_inside_a_json_token_are_refused_here() {
    let mut oracle = Oracle::start();
    for (json, upstream, ours) in [
        (r#""07401b.f395accd246ae52d""#, true, true),
        (r#""07401b.f395\"accd246ae52d""#, false, false),
        (r#"07401b."f395accd246ae52d""#, true, false),
        (r#""07401b".f395accd246ae52d"#, true, false),
        (r"07401b.f395accd246ae52d", true, false),
        (r#"" 07401b.f395accd246ae52d""#, false, false),
    ] {
        let answer = oracle.ask(&json!({"op": "token_unmarshal_json", "input": json}));
        assert_eq!(answer.accepted(), upstream, "upstream: {json}");
        assert_eq!(
            serde_json::from_str::<Token>(json).is_ok(),
            ours,
            "ours: {json}"
        );
    }
}
