//! The tokens of a configuration, with kubeadm's defaults: `SetDefaults_BootstrapTokens` and `ValidateBootstrapTokens`.

use core::time::Duration;
use std::time::SystemTime;

use bootstrap_token::Token;
use bootstrap_token_secret::{BootstrapToken, Expiration, ExtraGroups, Usages};

use super::super::super::new_token::{
    Draft, GROUPS, Refused, TTL, USAGES, Why, expiration, parse_token, refusal, usages_and_groups,
    warn_if_weak, warn_of_life_span,
};
use super::tree::Tree;
use crate::cli;
use crate::context::Context;
use crate::failure::Failure;

const EXCLUSIVE: &str = "the BootstrapToken .TTL and .Expires fields are mutually exclusive";

/// A token as the file describes it, and its expiration.
pub(super) struct Described {
    token: Option<Token>,
    description: String,
    lives: Lives,
    expiration: Option<Expiration>,
    usages: Usages,
    groups: ExtraGroups,
}

enum Lives {
    For(Duration),
    Until { is_past: bool },
}

impl Described {
    /// Returns whether the file holds the token itself.
    pub(super) fn is_given(&self) -> bool {
        self.token.is_some()
    }

    pub(super) fn draft(self, context: &mut Context<'_>) -> Result<Draft, Failure> {
        if let Some(token) = &self.token {
            warn_if_weak(token, context);
        }
        match self.lives {
            Lives::For(ttl) => warn_of_life_span(ttl, context),
            Lives::Until { is_past: true } => {
                context.advise("the token has expired already, by this machine's clock");
            }
            Lives::Until { is_past: false } => {}
        }
        Draft::new(self.token, |token| {
            BootstrapToken::new(token)
                .with_description(self.description)
                .with_expiration(self.expiration)
                .with_usages(self.usages)
                .with_groups(self.groups)
        })
    }
}

/// Reads the field `bootstrapTokens`, whose types have been checked. An empty list means one default token, as in
/// kubeadm.
pub(super) fn read(tokens: Option<&Tree>, now: SystemTime) -> Result<Vec<Described>, Failure> {
    let entries = match tokens {
        Some(Tree::List(entries)) if !entries.is_empty() => entries,
        _ => &vec![Tree::Null],
    };
    let mut described: Vec<Described> = Vec::with_capacity(entries.len());
    let mut errors = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        match one(index, entry, now)? {
            Ok(token) => {
                if let Some(first) = same_id(&described, &token) {
                    return Err(Failure::new(format!(
                        "bootstrapTokens.{index}.token: a token with the id of bootstrapTokens.{first}.token"
                    ))
                    .help("give it another id, or leave the field out to have a random one"));
                }
                described.push(token);
            }
            Err(more) => errors.extend(more),
        }
    }
    if errors.is_empty() {
        return Ok(described);
    }
    Err(refusal(errors))
}

fn same_id(earlier: &[Described], token: &Described) -> Option<usize> {
    let id = token.token.as_ref()?.id();
    earlier
        .iter()
        .position(|earlier| earlier.token.as_ref().map(Token::id) == Some(id))
}

/// Reads one token. A value that cannot be parsed ends the run, a value that is not allowed is collected.
fn one(
    index: usize,
    entry: &Tree,
    now: SystemTime,
) -> Result<Result<Described, Vec<Refused>>, Failure> {
    let at = |field: &str| format!("bootstrapTokens.{index}.{field}");
    let token = token(entry, &at("token"))?;
    let ttl = entry
        .text("ttl")
        .map(cli::life_span)
        .transpose()
        .map_err(|what| {
            Failure::new(format!("{}: {what}", at("ttl")))
                .help("write it as 90m, 24h or 1h30m; 0s is for ever")
        })?;
    let expires = entry
        .text("expires")
        .map(str::parse::<Expiration>)
        .transpose()
        .map_err(|error| {
            Failure::new(at("expires"))
                .because(error)
                .help("write it as 2030-01-01T00:00:00Z, in quotes")
        })?;
    let usages = texts_or(entry.get("usages"), &USAGES);
    let groups = texts_or(entry.get("groups"), &GROUPS);
    let mut errors = Vec::new();
    let checked = usages_and_groups(index, &usages, &groups).map_err(|more| errors.extend(more));
    if ttl.is_some() && expires.is_some() {
        errors.push(Refused {
            what: format!("bootstrapTokens.{index}: Invalid value: \"\": {EXCLUSIVE}"),
            why: Why::TtlAndExpires,
        });
    }
    let (lives, expiration) = if let Some(expires) = expires {
        let is_past = expires.is_expired(now);
        (Lives::Until { is_past }, Some(expires))
    } else {
        let ttl = ttl.unwrap_or(TTL);
        let expiration = expiration(ttl, now).map_err(|failure| {
            failure.help("choose a shorter ttl, and look at this machine's clock")
        })?;
        (Lives::For(ttl), expiration)
    };
    match checked {
        Ok((usages, groups)) if errors.is_empty() => Ok(Ok(Described {
            token,
            description: entry.text("description").unwrap_or_default().to_owned(),
            lives,
            expiration,
            usages,
            groups,
        })),
        _ => Ok(Err(errors)),
    }
}

/// Returns the token, or `None` if kubeadm generates one.
fn token(entry: &Tree, at: &str) -> Result<Option<Token>, Failure> {
    let help =
        "leave the field out to have a random token, or make one with `kubeadm-token generate`";
    match entry.get("token") {
        None => Ok(None),
        Some(Tree::Text(text)) => parse_token(text.as_bytes())
            .map(Some)
            .map_err(|failure| Failure::new(at).because(failure).help(help)),
        Some(Tree::Number(_)) => Err(Failure::new(format!("{at}: the token is read as a number"))
            .help("a token of digits only must stand in quotes")),
        Some(other) => Err(Failure::new(format!(
            "cannot unmarshal {} into field {at} of type string",
            other.type_name()
        ))
        .help(help)),
    }
}

/// Returns the texts of a list, or the defaults if it is empty.
fn texts_or(list: Option<&Tree>, defaults: &[&str]) -> Vec<String> {
    let given: Vec<_> = match list {
        Some(Tree::List(items)) => items
            .iter()
            .map(|item| match item {
                Tree::Text(text) => (**text).clone(),
                _ => String::new(), // a null, which Go reads as an empty text
            })
            .collect(),
        _ => Vec::new(),
    };
    if given.is_empty() {
        defaults.iter().map(|&text| text.to_owned()).collect()
    } else {
        given
    }
}
