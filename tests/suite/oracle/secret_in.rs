//! The Secret that is read.

use std::time::SystemTime;

use bootstrap_token_secret::{ExtraGroups, StoredToken, keys};
use conformance::property::{Agreed, Spread, holds};
use conformance::suite::Test;
use conformance::tests;
use k8s_openapi::ByteString;
use serde_json::{Value, json};

use crate::generate::secret;

pub(crate) const TESTS: &[Test] = tests!["secret_in":
    a_secret_is_read_as_kubeadm_reads_it,
    its_facts_are_those_that_the_cluster_sees,
];

fn a_secret_is_read_as_kubeadm_reads_it() {
    holds(
        Spread::Both,
        secret(),
        |secret| [json!({"op": "secret_in", "secret": secret})],
        |secret, [answer]| {
            let ours = StoredToken::from_secret(secret);
            if let (Ok(token), Some(theirs)) = (&ours, answer.ok()) {
                let ours = fields(token);
                if normal(&ours) != normal(theirs) {
                    return Err(format!("ours: {ours}"));
                }
            }
            Agreed::on(answer.accepted(), ours.is_ok())
        },
    );
}

/// As kubeadm's own type would print it.
fn fields(token: &StoredToken) -> Value {
    let mut fields = json!({"token": &*token.token().expose()});
    if !token.description().is_empty() {
        fields["description"] = json!(token.description());
    }
    if let Some(expiration) = token.expiration() {
        fields["expires"] = json!(expiration.to_utc_string());
    }
    if !token.usages().is_empty() {
        fields["usages"] = json!(token.usages());
    }
    if !token.groups().is_empty() {
        fields["groups"] = json!(token.groups());
    }
    fields
}

/// Two things do not count. Bytes that are not UTF-8: Go shows each as U+FFFD, Rust (and the Unicode
/// standard's best practice) each broken character. Years that have no four digits in UTC: see
/// `expiration.rs`.
fn normal(fields: &Value) -> Value {
    let mut text = fields.to_string();
    while text.contains("\u{fffd}\u{fffd}") {
        text = text.replace("\u{fffd}\u{fffd}", "\u{fffd}");
    }
    let mut fields: Value = serde_json::from_str(&text).unwrap();
    let edge = match fields["expires"].as_str() {
        Some(t) if t.starts_with('-') => Some("0000-01-01T00:00:00Z"),
        Some(t) if t.len() > 20 => Some("9999-12-31T23:59:59Z"),
        _ => None,
    };
    if let Some(edge) = edge {
        fields["expires"] = json!(edge);
    }
    fields
}

fn its_facts_are_those_that_the_cluster_sees() {
    holds(
        Spread::Both,
        secret(),
        |secret| [json!({"op": "secret_facts", "secret": secret})],
        |secret, [answer]| {
            let facts = answer.ok().ok_or("no answer")?;
            let groups = secret
                .data
                .iter()
                .flatten()
                .find(|(key, _)| *key == keys::EXTRA_GROUPS);
            let ours: Option<ExtraGroups> = match groups {
                None => Some(ExtraGroups::default()),
                Some((_, ByteString(value))) if value.is_empty() => Some(ExtraGroups::default()),
                Some((_, ByteString(value))) => std::str::from_utf8(value)
                    .ok()
                    .and_then(|value| value.split(',').map(|group| group.parse().ok()).collect()),
            };
            if let Some(ours) = &ours
                && facts["groups"] != json!(ours.identity())
            {
                return Err(format!("ours: {:?}", ours.identity()));
            }
            if let Ok(token) = StoredToken::from_secret(secret) {
                let expired = token
                    .expiration()
                    .is_some_and(|at| at.is_expired(SystemTime::now()));
                assert_eq!(facts["is_expired"], expired);
            }
            Agreed::on(facts.get("groups_error").is_none(), ours.is_some())
        },
    );
}
