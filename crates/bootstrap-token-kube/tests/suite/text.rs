//! What an error says, and what it must not say.

use std::error::Error as _;

use bootstrap_token::{Token, TokenId};
use bootstrap_token_kube::Error;
use bootstrap_token_secret::{BootstrapToken, Usages};

pub(crate) const ID: &str = "07401b";
pub(crate) const SECRET: &str = "f395accd246ae52d";
/// The beginning of its base64.
pub(crate) const BASE64: &str = "ZjM5NWFjY2QyNDZhZTUy";

pub(crate) fn id() -> TokenId {
    ID.parse().unwrap()
}

pub(crate) fn token() -> BootstrapToken {
    let token: Token = format!("{ID}.{SECRET}").parse().unwrap();
    BootstrapToken::new(token)
        .with_description("rack 7")
        .with_usages(Usages::ALL)
}

/// Returns the text of the error and its causes, and checks that no output holds the token secret.
#[track_caller]
pub(crate) fn text(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text} / {error}");
        cause = error.source();
    }
    redacted(&format!("{text} {error:?} {error:#?}"));
    text
}

/// Fails if the text holds the token secret in any form.
#[track_caller]
pub(crate) fn redacted(text: &str) {
    for form in [SECRET, BASE64, "102 51 57", "102, 51, 57", "66333935616363"] {
        assert!(!text.contains(form), "{form} stands in {text}");
    }
}

/// Returns the predicates that are true.
pub(crate) fn predicates(error: &Error) -> Vec<&'static str> {
    [
        ("not_found", error.is_not_found()),
        ("already_exists", error.is_already_exists()),
        ("unauthorized", error.is_unauthorized()),
        ("forbidden", error.is_forbidden()),
        ("throttled", error.is_throttled()),
        ("invalid", error.is_invalid()),
        ("gone", error.is_gone()),
        ("server_error", error.is_server_error()),
        ("unreachable", error.is_unreachable()),
        ("deadline", error.is_deadline()),
        ("bad_reply", error.is_bad_reply()),
        ("credentials", error.is_credentials()),
        ("uncertain", error.is_uncertain()),
    ]
    .into_iter()
    .filter_map(|(name, holds)| holds.then_some(name))
    .collect()
}
