//! The flags of `create` and `manifest` that describe a new token.

mod lookalike;
mod token_source;
mod validation;

use core::time::Duration;
use std::ffi::OsString;
use std::time::SystemTime;

use bootstrap_token::Token;
use bootstrap_token_secret::{BootstrapToken, Expiration, ExtraGroup, Usage};
use clap::Args;

use crate::cli::{self, Strings};
use crate::context::Context;
use crate::failure::Failure;
pub(super) use token_source::{Help, TokenSource, others_may_read, parse as parse_token};
pub(super) use validation::{Refused, Why, refusal, usages_and_groups};

/// `DefaultTokenDuration`.
pub(super) const TTL: Duration = BootstrapToken::DEFAULT_TTL;

/// `DefaultTokenUsages`.
pub(super) const USAGES: [&str; 2] = [Usage::Signing.as_str(), Usage::Authentication.as_str()];

/// `DefaultTokenGroups`.
pub(super) const GROUPS: [&str; 1] = [ExtraGroup::DEFAULT_NODE_TOKEN];

/// The flags that describe a token.
#[derive(Args)]
pub(crate) struct NewToken {
    #[arg(value_name = "token", hide = true)]
    words: Vec<OsString>,

    #[arg(
        help = "Path to a file that holds the token, with nothing but a line break after it; '-' is standard input.",
        long,
        value_name = "string"
    )]
    token_file: Option<OsString>,

    #[arg(
        help = "A human friendly description of how this token is used.",
        long,
        value_name = "string"
    )]
    description: Option<String>,

    #[arg(help = r#"Extra groups that this token will authenticate as when used for authentication. Must match "\\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\\z" (default [system:bootstrappers:kubeadm:default-node-token])"#, long, value_name = "strings", value_parser = cli::strings)]
    groups: Vec<Strings>,

    #[arg(help = "The duration before the token is automatically deleted (e.g. 1s, 2m, 3h). If set to '0', the token will never expire (default 24h0m0s)", long,
        value_name = "duration",
        value_parser = cli::life_span
    )]
    ttl: Option<Duration>,

    #[arg(help = "Describes the ways in which this token can be used. You can pass --usages multiple times or provide a comma separated list of options. Valid options: [signing,authentication] (default [signing,authentication])", long, value_name = "strings", value_parser = cli::strings)]
    usages: Vec<Strings>,
}

/// A token that can be written. Every part of it is checked.
pub(super) struct Draft {
    pub(super) token: BootstrapToken,
    /// Whether the token was generated here, so that another one will do.
    pub(super) is_generated: bool,
}

impl NewToken {
    /// Returns the names of the flags that were given, without hyphens.
    pub(super) fn given(&self) -> impl Iterator<Item = &'static str> {
        [
            ("description", self.description.is_some()),
            ("groups", !self.groups.is_empty()),
            ("token-file", self.token_file.is_some()),
            ("ttl", self.ttl.is_some()),
            ("usages", !self.usages.is_empty()),
        ]
        .into_iter()
        .filter_map(|(name, is_given)| is_given.then_some(name))
    }

    /// Returns whether the command line has a word that is, or should be, a token.
    pub(super) fn has_words(&self) -> bool {
        self.words.iter().any(|word| !word.is_empty())
    }

    /// Checks the flags and makes a draft.
    pub(super) fn draft(self, context: &mut Context<'_>) -> Result<Draft, Failure> {
        let given = TokenSource::of(&self.words, self.token_file.as_deref())?;
        let usages = Strings::join(self.usages, &USAGES);
        let groups = Strings::join(self.groups, &GROUPS);
        let (usages, groups) = usages_and_groups(0, &usages, &groups).map_err(refusal)?;
        let ttl = self.ttl.unwrap_or(TTL);
        let expiration = expiration(ttl, (context.now)()).map_err(|failure| {
            failure.help("choose a shorter --ttl, and look at this machine's clock")
        })?;
        // Last, so that nobody types a token in vain.
        let description = self.description.unwrap_or_default();
        let is_one_word = !description.is_empty() && !description.contains(' ');
        let given = given.read(is_one_word, context)?;
        if let Some(token) = &given {
            warn_if_weak(token, context);
        }
        warn_of_life_span(ttl, context);
        Draft::new(given, |token| {
            BootstrapToken::new(token)
                .with_description(description)
                .with_expiration(expiration)
                .with_usages(usages)
                .with_groups(groups)
        })
    }
}

impl Draft {
    /// Makes a draft of the given token, or of a generated one.
    pub(super) fn new(
        given: Option<Token>,
        describe: impl FnOnce(Token) -> BootstrapToken,
    ) -> Result<Self, Failure> {
        let is_generated = given.is_none();
        let token = match given {
            Some(token) => token,
            None => Token::generate().map_err(|error| {
                Failure::new("couldn't generate random token")
                    .because(error)
                    .help("does this system give out randomness?")
            })?,
        };
        Ok(Self {
            token: describe(token),
            is_generated,
        })
    }
}

/// Returns the expiration. `None` for a lifetime of zero, which means for ever.
pub(super) fn expiration(ttl: Duration, now: SystemTime) -> Result<Option<Expiration>, Failure> {
    if ttl.is_zero() {
        return Ok(None);
    }
    Expiration::after(now, ttl)
        .map(Some)
        .map_err(|error| Failure::new("cannot tell when the token expires").because(error))
}

pub(super) fn warn_if_weak(token: &Token, context: &mut Context<'_>) {
    if let Some(weakness) = token.weakness() {
        context.advise(format_args!(
            "token {:?} is easy to guess: {weakness}; leave it out to have a random one",
            token.id().as_str()
        ));
    }
}

pub(super) fn warn_of_life_span(ttl: Duration, context: &mut Context<'_>) {
    if ttl.is_zero() {
        context.advise("the token will never expire; delete it when it has served its purpose");
    } else if ttl < Duration::from_secs(1) {
        context
            .advise("the token will have expired before it can be used: whole seconds are stored");
    }
}
