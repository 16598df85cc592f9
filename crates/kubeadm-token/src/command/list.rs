use std::error::Error as _;

use bootstrap_token_kube::{Page, Stored};
use bootstrap_token_secret::Defect;
use clap::Args;
use futures::TryStreamExt as _;
use tracing::info;

use crate::ahead::one_ahead;
use crate::api_server::{self, ApiServer};
use crate::cli::Global;
use crate::context::Context;
use crate::dry_run;
use crate::failure::Failure;
use crate::printer::{Options, Printer};

/// kubeadm's own words.
const LONG_ABOUT: &str = "This command will list all bootstrap tokens for you.";

/// The arguments of `list`.
#[derive(Debug, Args)]
#[command(
    about = "List bootstrap tokens on the server",
    long_about = LONG_ABOUT,
    override_usage = "kubeadm-token list [flags]",
)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct List {
    #[arg(
        help = "Output format. One of: text|json|yaml|kyaml|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file. (default \"text\")",
        short,
        long,
        value_name = "string",
        default_value = "text"
    )]
    output: String,

    #[arg(
        help = "If true, keep the managedFields when printing objects in JSON or YAML format.",
        long,
        value_name = "bool"
    )]
    show_managed_fields: bool,

    #[arg(
        help = "If true, ignore any errors in templates when a field or map key is missing in the template. Only applies to golang and jsonpath output formats. (default true)",
        long,
        default_value = "true",
        value_name = "bool"
    )]
    allow_missing_template_keys: bool,

    #[arg(
        help = "Print no token secrets: asterisks stand in their place, in every format.",
        long,
        value_name = "bool"
    )]
    redact: bool,

    #[arg(
        help = "Print no header above the table of -o text.",
        long,
        value_name = "bool"
    )]
    no_headers: bool,
}

impl List {
    pub(super) fn run(self, global: &Global, context: &mut Context<'_>) -> Result<(), Failure> {
        api_server::run(self.list(global, context))
    }

    /// A page is printed and dropped while the next is on its way; after that none is asked for before.
    async fn list(self, global: &Global, context: &mut Context<'_>) -> Result<(), Failure> {
        // kubeadm looks at the kubeconfig first. Neither sends anything.
        let server = ApiServer::new(global, context).await?;
        let mut printer = Printer::new(&self.output, &self.options())?;
        info!("[token] retrieving list of bootstrap tokens");
        let failed = |error| server.failure("failed to list bootstrap tokens", &error);
        if global.dry_run {
            // kubeadm shows all that it was sent before it lists it.
            dry_run::list(context.stdout)?;
            let pages: Vec<Page> = server.tokens.list().try_collect().await.map_err(failed)?;
            let all: Vec<Stored> = pages
                .into_iter()
                .flatten()
                .collect::<Result<_, _>>()
                .map_err(failed)?;
            dry_run::attach_list(all.iter().map(Stored::expose_secret), context.stdout)?;
            return all
                .iter()
                .try_for_each(|stored| print(&mut printer, stored, context));
        }
        let mut pages = one_ahead(server.tokens.list());
        while let Some(page) = pages.recv().await {
            for stored in page.map_err(failed)? {
                print(&mut printer, &stored.map_err(failed)?, context)?;
            }
            // What has come is shown while more is awaited.
            context.stdout.flush()?;
        }
        Ok(())
    }

    fn options(&self) -> Options {
        Options {
            allow_missing_template_keys: self.allow_missing_template_keys,
            headers: !self.no_headers,
            redact: self.redact,
        }
    }
}

/// Prints a token, or says on standard error why there is none to be read; the list goes on.
fn print(printer: &mut Printer, stored: &Stored, context: &mut Context<'_>) -> Result<(), Failure> {
    match stored.token() {
        Ok(token) => printer.print(token, (context.now)(), context.stdout)?,
        Err(defect) => {
            let name = stored.name();
            let why = why(defect);
            context.note(format_args!(
                "Secret {name:?} in kube-system is not a readable bootstrap token: {why}"
            ));
        }
    }
    Ok(())
}

fn why(defect: &Defect) -> String {
    match defect.source() {
        Some(source) => format!("{defect}: {source}"),
        None => defect.to_string(),
    }
}
