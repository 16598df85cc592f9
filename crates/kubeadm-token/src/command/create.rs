mod given;
mod validation;

use core::time::Duration;
use std::ffi::OsString;
use std::time::SystemTime;

use bootstrap_token::Token;
use bootstrap_token_kube::Error;
use bootstrap_token_secret::{BootstrapToken, Expiration, ExtraGroup};
use clap::Args;
use tracing::info;

use crate::api_server::{self, ApiServer};
use crate::cli::{self, Global, Strings};
use crate::context::Context;
use crate::dry_run;
use crate::failure::Failure;
use given::Given;

/// `DefaultTokenUsages`.
const USAGES: [&str; 2] = ["signing", "authentication"];

/// kubeadm's own words, and a warning.
const LONG_ABOUT: &str = r#"This command will create a bootstrap token for you.
You can specify the usages for this token, the "time to live" and an optional human friendly description.

The [token] is the actual token to write.
This should be a securely generated random token of the form "[a-z0-9]{6}.[a-z0-9]{16}".
If no [token] is given, kubeadm will generate a random token instead.
A [token] on the command line is seen by other users of this machine: "-" reads it from standard input."#;

/// The arguments of `create`.
#[derive(Debug, Args)]
#[command(
    about = "Create bootstrap tokens on the server",
    long_about = LONG_ABOUT,
    override_usage = "kubeadm-token create [token]",
)]
pub(crate) struct Create {
    #[arg(value_name = "token", hide = true)]
    words: Vec<OsString>,

    #[arg(
        help = "Path to a file that holds the token, with nothing but a line break after it; '-' is standard input.",
        long,
        value_name = "string",
        allow_hyphen_values = true,
        overrides_with = "token_file"
    )]
    token_file: Option<OsString>,

    #[arg(
        help = "A human friendly description of how this token is used.",
        long,
        value_name = "string",
        default_value = "",
        hide_default_value = true,
        allow_hyphen_values = true,
        overrides_with = "description"
    )]
    description: String,

    #[arg(help = r#"Extra groups that this token will authenticate as when used for authentication. Must match "\\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\\z" (default [system:bootstrappers:kubeadm:default-node-token])"#, long, value_name = "strings", allow_hyphen_values = true, value_parser = cli::strings)]
    groups: Vec<Strings>,

    #[arg(help = "The duration before the token is automatically deleted (e.g. 1s, 2m, 3h). If set to '0', the token will never expire (default 24h0m0s)", long,
        value_name = "duration",
        default_value = "24h0m0s",
        allow_hyphen_values = true,
        value_parser = cli::life_span,
        overrides_with = "ttl"
    )]
    ttl: Duration,

    #[arg(help = "Describes the ways in which this token can be used. You can pass --usages multiple times or provide a comma separated list of options. Valid options: [signing,authentication] (default [signing,authentication])", long, value_name = "strings", allow_hyphen_values = true, value_parser = cli::strings)]
    usages: Vec<Strings>,
}

impl Create {
    pub(super) fn run(self, global: &Global, context: &mut Context<'_>) -> Result<(), Failure> {
        let (token, is_generated) = self.token(context)?;
        api_server::run(create(token, is_generated, global, context))
    }

    /// All that was asked for, checked, and whether the token in it was drawn here.
    fn token(self, context: &mut Context<'_>) -> Result<(BootstrapToken, bool), Failure> {
        let given = Given::of(&self.words, self.token_file.as_deref())?;
        let groups = Strings::join(self.groups, &[ExtraGroup::DEFAULT_NODE_TOKEN]);
        let usages = Strings::join(self.usages, &USAGES);
        let (usages, groups) = validation::usages_and_groups(&usages, &groups)?;
        let expiration = expiration(self.ttl, (context.now)())?;
        // Last, so that nobody types a token for nothing.
        let given = given.read(context)?;
        warn(given.as_ref(), self.ttl, context);
        let is_generated = given.is_none();
        let token = match given {
            Some(token) => token,
            None => Token::generate().map_err(|error| {
                Failure::new("couldn't generate random token")
                    .because(error)
                    .help("does this system give out randomness?")
            })?,
        };
        let token = BootstrapToken::new(token)
            .with_description(self.description)
            .with_expiration(expiration)
            .with_usages(usages)
            .with_groups(groups);
        Ok((token, is_generated))
    }
}

/// None for a life span of nothing, which is for ever.
fn expiration(ttl: Duration, now: SystemTime) -> Result<Option<Expiration>, Failure> {
    if ttl.is_zero() {
        return Ok(None);
    }
    Expiration::after(now, ttl).map(Some).map_err(|error| {
        Failure::new("cannot tell when the token expires")
            .because(error)
            .help("choose a shorter --ttl, and look at this machine's clock")
    })
}

fn warn(given: Option<&Token>, ttl: Duration, context: &mut Context<'_>) {
    if let Some(token) = given
        && let Some(weakness) = token.weakness()
    {
        context.warn(format_args!(
            "token {:?} is easy to guess: {weakness}; leave it out to have a random one",
            token.id().as_str()
        ));
    }
    if ttl.is_zero() {
        context.warn("the token will never expire; delete it when it has served its purpose");
    } else if ttl < Duration::from_secs(1) {
        context.warn("the token will have expired before it can be used: whole seconds are stored");
    }
}

async fn create(
    token: BootstrapToken,
    is_generated: bool,
    global: &Global,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    let server = ApiServer::new(global, context).await?;
    info!("[token] creating token");
    let token = if global.dry_run {
        pretend(&token, &server, context).await?;
        token
    } else if is_generated {
        server
            .tokens
            .create_generated(token)
            .await
            .map_err(|error| server.failure("failed to create a bootstrap token", &error))?
    } else {
        server
            .tokens
            .create(&token)
            .await
            .map_err(|error| not_created(&token, &server, &error))?;
        token
    };
    writeln!(context.stdout, "{}", token.token().expose())?;
    Ok(())
}

fn not_created(token: &BootstrapToken, server: &ApiServer, error: &Error) -> Failure {
    if error.is_already_exists() {
        return already_exists(token);
    }
    let what = format!(
        "failed to create bootstrap token with name {}",
        token.secret_name()
    );
    server.failure(what, error)
}

fn already_exists(token: &BootstrapToken) -> Failure {
    let id = token.id();
    Failure::new(format!("a token with id {:?} already exists", id.as_str())).help(format!(
        "take another one, or delete it first: `kubeadm-token delete {id}`"
    ))
}

/// kubeadm's dry run: looks whether the ID is taken, and shows what it would write.
async fn pretend(
    token: &BootstrapToken,
    server: &ApiServer,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    dry_run::get(token.id(), context.stdout)?;
    match server.tokens.get(token.id()).await {
        Ok(stored) => {
            dry_run::attach(&stored.expose_secret(), context.stdout)?;
            Err(already_exists(token))
        }
        Err(error) if error.is_not_found() => {
            dry_run::create(token, context.stdout)?;
            Ok(())
        }
        Err(error) => Err(server.failure(
            format!(
                "failed to look for bootstrap token with name {}",
                token.secret_name()
            ),
            &error,
        )),
    }
}
