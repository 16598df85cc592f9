mod certificate_key;
mod config;
mod join;
mod result_printer;

use std::ffi::OsString;
use std::path::Path;
use std::time::SystemTime;

use bootstrap_token_kube::{Created, Error};
use bootstrap_token_secret::BootstrapToken;
use clap::Args;
use tracing::info;

use super::new_token::{Draft, NewToken};
use crate::api_server::{self, ApiServer};
use crate::cli::Global;
use crate::context::Context;
use crate::dry_run;
use crate::failure::Failure;
use crate::notes::Kind;
use crate::printer::json_yaml::Format;
use crate::stack_wipe;
use crate::utc::utc;
use certificate_key::CertificateKey;
use result_printer::{ResultKind, ResultPrinter};

/// Returns the tokens of a configuration.
#[cfg(any(test, fuzzing))]
pub(crate) fn tokens_of_config(
    text: &str,
    context: &mut Context<'_>,
) -> Result<Vec<BootstrapToken>, Failure> {
    let drafts = config::of_text(text, "FILE", true, context)?;
    Ok(drafts.into_iter().map(|draft| draft.token).collect())
}

/// kubeadm's own text, and a warning.
const LONG_ABOUT: &str = r#"This command will create a bootstrap token for you.
You can specify the usages for this token, the "time to live" and an optional human friendly description.

The [token] is the actual token to write.
This should be a securely generated random token of the form "[a-z0-9]{6}.[a-z0-9]{16}".
If no [token] is given, kubeadm will generate a random token instead.
A [token] on the command line is seen by other users of this machine: "-" reads it from standard input."#;

/// The arguments of `create`.
#[derive(Args)]
#[command(
    about = "Create bootstrap tokens on the server",
    long_about = LONG_ABOUT,
    override_usage = "kubeadm-token create [token]",
)]
pub(crate) struct Create {
    #[command(flatten)]
    new_token: NewToken,

    #[arg(
        help = "Path to a kubeadm configuration file.",
        long,
        value_name = "string"
    )]
    config: Option<OsString>,

    #[arg(
        help = "Instead of printing only the token, print the full 'kubeadm join' flag needed to join the cluster using the token.",
        long,
        value_name = "bool"
    )]
    print_join_command: bool,

    #[arg(
        help = "When used together with '--print-join-command', print the full 'kubeadm join' flag needed to join the cluster as a control-plane. To create a new certificate key you must use 'kubeadm init phase upload-certs --upload-certs'.",
        long,
        value_name = "string"
    )]
    certificate_key: Option<OsString>,

    #[arg(
        help = "Output format. One of: text|json|yaml. An object has all that a joiner needs: the token, the API server's endpoints, the public key pins, the join command. (default \"text\")",
        short,
        long,
        value_name = "string",
        default_value = "text"
    )]
    output: String,
}

impl Create {
    pub(super) fn run(self, global: &Global, context: &mut Context<'_>) -> Result<(), Failure> {
        self.check_mix(global)?;
        let asked = self.asked()?;
        let drafts = stack_wipe::read(|| self.drafts(context))?;
        api_server::run(create(drafts, asked, global, context))
    }

    fn drafts(self, context: &mut Context<'_>) -> Result<Vec<Draft>, Failure> {
        let config = self.config.filter(|path| !path.is_empty());
        match &config {
            None => Ok(vec![self.new_token.draft(context)?]),
            Some(path) => config::read(Path::new(path), context),
        }
    }

    /// Refuses flags that exclude each other (`ValidateMixedArguments`), and flags that would have no effect.
    fn check_mix(&self, global: &Global) -> Result<(), Failure> {
        let Some(config) = &self.config else {
            return Ok(());
        };
        let key = self.certificate_key.is_some().then_some("certificate-key");
        let mut mixed: Vec<_> = self
            .new_token
            .given()
            .chain(key)
            .chain(
                global
                    .without_effect()
                    .map(|flag| flag.trim_start_matches('-')),
            )
            .collect();
        mixed.sort_unstable();
        if !mixed.is_empty() {
            return Err(Failure::new(format!(
                "can not mix '--config' with arguments [{}]",
                mixed.join(" ")
            ))
            .help("say it all in the file, or all by flags"));
        }
        if !config.is_empty() && self.new_token.has_words() {
            return Err(
                Failure::new("a token is given on the command line and --config as well")
                    .help("put the token into the file, or leave out --config"),
            );
        }
        Ok(())
    }

    /// Checks the output flags before the token is written. kubeadm does so only afterwards.
    fn asked(&self) -> Result<ResultKind, Failure> {
        let key = CertificateKey::given(self.certificate_key.as_deref())?;
        let format = match &*self.output {
            "text" => None,
            name => Some(Format::by_name(name, &["text"])?),
        };
        match (format, self.print_join_command, key) {
            (Some(format), _, key) => Ok(ResultKind::Object(format, key)),
            (None, true, key) => Ok(ResultKind::JoinCommand(key)),
            (None, false, None) => Ok(ResultKind::Token),
            (None, false, Some(_)) => Err(Failure::new(
                "cannot use --certificate-key without --print-join-command",
            )
            .help("add --print-join-command, or leave out --certificate-key")),
        }
    }
}

/// Creates the tokens and prints them. The drafts are not moved, since that would leave copies of the tokens.
async fn create(
    mut drafts: Vec<Draft>,
    kind: ResultKind,
    global: &Global,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    let server = ApiServer::new(global, context)?;
    // Before anything is written: it may be impossible to make a join command.
    let result_printer = ResultPrinter::new(kind, &server)?;
    for at in 0..drafts.len() {
        if let Err(failure) = write(&mut drafts[at], &server, global, context).await {
            if let Some(created) = warning_of_unprinted(&drafts[..at], global) {
                context.report(created);
            }
            return Err(failure);
        }
    }
    let rest = drafts.get(1..).unwrap_or_default();
    if !result_printer.is_of_all()
        && let Some(created) = warning_of_unprinted(rest, global)
    {
        // Not a failure: kubeadm prints the first token only.
        context.advise(created);
    }
    let printed = result_printer
        .print(&drafts, &mut context.stdout)
        .and_then(|()| Ok(context.stdout.flush()?));
    // The token exists and nobody has seen it.
    if printed.is_err()
        && let Some(created) = warning_of_unprinted(&drafts, global)
    {
        context.report(created);
    }
    if let Some((warning, help)) = result_printer.loopback_advice() {
        context.advise(warning);
        context.add(Kind::Advice, format_args!("help: {help}"));
    }
    printed
}

/// Warns of tokens that were created but not printed. Returns `None` if all were printed.
fn warning_of_unprinted(written: &[Draft], global: &Global) -> Option<String> {
    if written.is_empty() || global.dry_run {
        return None;
    }
    let ids = written.iter().map(|draft| draft.token.id().to_string());
    let ids: Vec<_> = ids.collect();
    Some(format!(
        "created and not printed: {}; see them with `kubeadm-token list`",
        ids.join(", ")
    ))
}

/// Writes a token and takes over the ID that it gets.
async fn write(
    draft: &mut Draft,
    server: &ApiServer,
    global: &Global,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    let Draft {
        token,
        is_generated,
    } = draft;
    info!("[token] creating token");
    if global.dry_run {
        return pretend(token, server, context).await;
    }
    let created = if *is_generated {
        let created = server.wait(server.tokens.create_generated(token)).await;
        created.map_err(|error| server.failure("failed to create a bootstrap token", &error))?
    } else {
        let created = server.wait(server.tokens.create(token)).await;
        created.map_err(|error| not_created(token, server, &error))?
    };
    if let Some(dead) = expired_at_once(token, created, (context.now)()) {
        context.report(dead);
        context.add(
            Kind::Finding,
            "help: correct the clock that is wrong, then create another token",
        );
    }
    Ok(())
}

/// Warns of a new token that has expired by the API server's clock, but not by this machine's.
fn expired_at_once(token: &BootstrapToken, created: Created, here: SystemTime) -> Option<String> {
    let (expiration, there) = (token.expiration()?, created.server_time?);
    let is_dead = expiration.is_expired(there) && !expiration.is_expired(here);
    is_dead.then(|| {
        format!(
            "the token {} is already expired: the API server's clock shows {}, this machine's shows {}, and it expires at {}",
            token.id(),
            utc(there),
            utc(here),
            expiration.to_utc_string()
        )
    })
}

fn not_created(token: &BootstrapToken, server: &ApiServer, error: &Error) -> Failure {
    if error.is_already_exists() {
        let failure = already_exists(token);
        if !error.is_uncertain() {
            return failure;
        }
        let id = token.id();
        return failure.help(format!(
            "it may be this very one, made before or just now: see `kubeadm-token list`, or delete it first: `kubeadm-token delete {id}`"
        ));
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

/// Does kubeadm's dry run: checks whether the ID is taken, and shows what would be written.
async fn pretend(
    token: &BootstrapToken,
    server: &ApiServer,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    dry_run::get(token.id(), &mut context.stdout)?;
    match server.wait(server.tokens.get(token.id())).await {
        Ok(stored) => {
            dry_run::attach(&stored.expose_secret(), &mut context.stdout)?;
            Err(already_exists(token))
        }
        Err(error) if error.is_not_found() => {
            dry_run::create(token, &mut context.stdout)?;
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
