//! What the tests share: one control plane, which each leaves as it was, and tokens for three pages.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use bootstrap_token::{Token, TokenId};
use bootstrap_token_kube::Policy;
use bootstrap_token_secret::{BootstrapToken, Usage, keys};
use conformance::api::Api;
use conformance::command::{Command, Output, ours};
use conformance::control_plane::ControlPlane;
use conformance::secrets;
use k8s_openapi::api::core::v1::Secret;

/// The control plane of this binary.
pub(crate) fn plane() -> Arc<ControlPlane> {
    ControlPlane::shared()
}

/// A client that knows no connection from before a fault.
pub(crate) fn admin() -> Api {
    Api::from_kubeconfig(plane().kubeconfig())
}

/// Our command as the administrator, at the highest verbosity: in trouble most is logged.
pub(crate) fn ours_admin(arguments: &[&str]) -> Command {
    ours(arguments)
        .args(["-v=10"])
        .kubeconfig(plane().kubeconfig())
}

/// What the command says at its end, without what it logged on the way.
#[track_caller]
pub(crate) fn complaint(output: &Output) -> &str {
    let text = output.failure();
    let at = text.find("error: ").expect("it says what went wrong");
    &text[at..]
}

/// A list whose rows fill more than a pipe with each page, so that the first page holds up the command
/// until somebody reads on.
pub(crate) fn start_list() -> conformance::command::Running {
    LazyLock::force(&TOKENS);
    let mut list = ours_admin(&["list"]).prints_token().start();
    list.has_printed();
    list
}

/// Every token that was there is listed, and nothing twice.
#[track_caller]
pub(crate) fn is_complete(list: &Output) {
    let listed: Vec<_> = list
        .success()
        .lines()
        .skip(1)
        .map(|row| &row[..Token::LEN])
        .collect();
    let different: BTreeSet<_> = listed.iter().copied().collect();
    assert_eq!(different.len(), listed.len(), "a token is listed twice");
    let missing = TOKENS
        .iter()
        .filter(|token| !different.contains(token.as_str()))
        .count();
    assert_eq!(missing, 0, "tokens are missing");
}

/// What a list printed before it failed is part of the truth, in whole lines.
#[track_caller]
pub(crate) fn is_a_beginning(list: &Output) {
    assert!(list.stdout.ends_with('\n'));
    let mut rows = list.stdout.lines();
    assert!(rows.next().unwrap().starts_with("TOKEN "));
    let listed: Vec<_> = rows.map(|row| row[..Token::LEN].to_owned()).collect();
    assert!(listed.len() < TOKENS.len(), "it was in the middle of it");
    assert!(listed.is_sorted());
}

/// Tokens that are there all the time, for three pages.
static TOKENS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let of = |token| {
        BootstrapToken::new(token)
            .with_usages([Usage::Authentication].into_iter().collect())
            .with_description(
                "long enough for a page of the list to be longer than what a pipe holds ".repeat(2),
            )
    };
    let page = Policy::default().page_size as usize;
    let tokens = secrets::tokens(2 * page + 300);
    let tokens: Vec<_> = tokens.into_iter().map(of).collect();
    admin().create_all(&tokens);
    tokens
        .iter()
        .map(|token| token.token().expose().to_string())
        .collect()
});

/// What the command said about a token is so: it was created, or was not, or nobody knows and it says so.
#[track_caller]
pub(crate) fn created_as_it_says(output: &Output, given: &Token) {
    let stored = secret_of(given.id());
    if output.code == Some(0) {
        assert_eq!(output.stdout, format!("{}\n", given.expose()));
        assert_eq!(
            stored.as_deref(),
            Some(given.secret().expose()),
            "{output:?}"
        );
        return;
    }
    assert_eq!(output.stdout, "");
    if stored.is_some() {
        let unknown = format!(
            "it is not known whether it was created: look for the ID {}",
            given.id()
        );
        assert!(complaint(output).contains(&unknown), "{output:?}");
    }
}

/// The token secret that is stored under an ID.
pub(crate) fn secret_of(id: TokenId) -> Option<String> {
    let secret = admin().secret(&keys::secret_name(id))?;
    let bytes = secret.data?.remove(keys::TOKEN_SECRET)?;
    Some(String::from_utf8(bytes.0).unwrap())
}

/// The IDs of the tokens with a description.
pub(crate) fn with_description(description: &str) -> Vec<String> {
    let is_it = |secret: &Secret| {
        let value = secret
            .data
            .as_ref()
            .and_then(|data| data.get(keys::DESCRIPTION));
        value.is_some_and(|value| value.0 == description.as_bytes())
    };
    let id = |secret: Secret| {
        Some(
            secret
                .metadata
                .name?
                .strip_prefix(keys::SECRET_PREFIX)?
                .to_owned(),
        )
    };
    admin()
        .token_secrets()
        .into_iter()
        .filter(is_it)
        .filter_map(id)
        .collect()
}
