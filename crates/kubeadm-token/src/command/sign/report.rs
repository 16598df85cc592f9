//! Output of `sign`. Signatures are not secret, and no token secret gets here.

use std::fmt::Write as _;

use bootstrap_token_discovery::cluster_info::SIGNATURE_PREFIX;
use bootstrap_token_discovery::{Pin, UnverifiedCluster};
use bootstrap_token_kube::{Escaped, Signature, SignatureState, Signatures};

use crate::printer::json_yaml::Value;
use crate::quote;

pub(super) struct Report<'a> {
    signatures: &'a Signatures,
    written: bool,
}

impl<'a> Report<'a> {
    /// `written` says whether the faults have been fixed.
    pub(super) fn new(signatures: &'a Signatures, written: bool) -> Self {
        Self {
            signatures,
            written,
        }
    }

    pub(super) fn table(&self) -> String {
        let rows: Vec<_> = self
            .signatures
            .iter()
            .map(|(key, signature)| {
                let done = self.done(signature).map_or("", |done| done);
                let state = word(signature.state());
                let why = match signature.state() {
                    SignatureState::Good => String::new(),
                    state => state.to_string(),
                };
                [name(key), [state, done].concat(), why]
            })
            .collect();
        let width = |column: usize| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            let widest = cells.max().unwrap_or_default().max(HEAD[column].len());
            widest.min(WIDEST)
        };
        let (first, second) = (width(0), width(1));
        let mut text = String::new();
        for [id, state, why] in [HEAD.map(str::to_owned)].iter().chain(&rows) {
            let line = format!("{id:<first$}   {state:<second$}   {}", Escaped(why));
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }

    pub(super) fn object(&self) -> Value {
        let one = |(key, signature): (&str, &Signature)| {
            Value::object([
                ("key", Value::text(shown_key(key))),
                (
                    "id",
                    Signature::id(key).map_or(Value::Null, |id| Value::text(id.as_str())),
                ),
                ("state", Value::text(word(signature.state()))),
                (
                    "reason",
                    match signature.state() {
                        SignatureState::Good => Value::Null,
                        state => Value::text(state.to_string()),
                    },
                ),
                (
                    "done",
                    self.done(signature).map_or(Value::Null, |done| {
                        Value::text(done.trim_start_matches(", "))
                    }),
                ),
            ])
        };
        let cluster = self.signatures.danger_unverified_cluster().ok();
        Value::of_kind(
            "ClusterInfoSignatures",
            [
                (
                    "apiServerEndpoint",
                    cluster.map_or(Value::Null, |one| Value::text(one.server().address())),
                ),
                (
                    "publicKeyPins",
                    Value::list(
                        cluster
                            .into_iter()
                            .flat_map(UnverifiedCluster::certificates)
                            .map(Pin::of),
                    ),
                ),
                (
                    "signatures",
                    Value::Array(self.signatures.iter().map(one).collect()),
                ),
            ],
        )
    }

    /// Counts the faults, as in `1 missing, 2 dead`.
    pub(super) fn count(&self) -> String {
        let mut text = String::new();
        for state in ["missing", "stale", "dead"] {
            let all = self.signatures.iter();
            let count = all.filter(|(_, one)| word(one.state()) == state).count();
            if count > 0 {
                let comma = if text.is_empty() { "" } else { ", " };
                // Writing to a String does not fail.
                let _ = write!(text, "{comma}{count} {state}");
            }
        }
        text
    }

    fn done(&self, signature: &Signature) -> Option<&'static str> {
        match signature.state() {
            _ if !self.written || signature.is_in_order() => None,
            SignatureState::Dead(_) => Some(", removed"),
            _ => Some(", signed"),
        }
    }
}

/// Maximum width of a cell. Whoever writes cluster-info chooses the length of a key: a longer cell shifts only its own
/// row.
const WIDEST: usize = 40;

const HEAD: [&str; 3] = ["TOKEN ID", "SIGNATURE", "WHY"];

fn word(state: &SignatureState) -> &'static str {
    match state {
        SignatureState::Good => "good",
        SignatureState::Missing => "missing",
        SignatureState::Stale(_) => "stale",
        SignatureState::Unusable(_) => "unusable",
        SignatureState::Dead(_) => "dead",
        _ => "unknown",
    }
}

/// Returns the token ID, or the text in its place unless that may hold a token.
fn name(key: &str) -> String {
    match Signature::id(key) {
        Some(id) => id.to_string(),
        None => quote::shown(key.strip_prefix(SIGNATURE_PREFIX).unwrap_or_default()),
    }
}

fn shown_key(key: &str) -> String {
    let rest = key.strip_prefix(SIGNATURE_PREFIX).unwrap_or_default();
    if Signature::id(key).is_some() || !quote::may_hold_secret(rest) {
        key.to_owned()
    } else {
        format!("{SIGNATURE_PREFIX}{}", quote::shown_bare(rest))
    }
}
