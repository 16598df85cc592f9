mod order;

use std::error::Error as _;

use bootstrap_token_kube::{BootstrapTokens, Error, Page, Stored};
use bootstrap_token_secret::Defect;
use clap::Args;
use clap_complete::ArgValueCandidates;
use futures::TryStreamExt as _;
use tracing::info;

use crate::ahead::one_ahead;
use crate::api_server::{self, ApiServer};
use crate::cli::Global;
use crate::context::Context;
use crate::dry_run;
use crate::failure::Failure;
use crate::in_place;
use crate::printer::{Format, Options, Printer};
use order::Order;

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
        help = "Output format. One of: text|json|yaml|kyaml|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file. (default \"text\"); and, of this program only, wide|name",
        short,
        long,
        value_name = "string",
        default_value = "text",
        add = ArgValueCandidates::new(Format::candidates)
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
        help = "Print no header above the table of -o text and -o wide.",
        long,
        value_name = "bool"
    )]
    no_headers: bool,

    #[arg(
        help = "Sort by what a JSONPath expression finds in the object that -o json prints, such as expires or description; tokens without it come last.",
        long,
        value_name = "string"
    )]
    sort_by: Option<String>,
}

impl List {
    pub(super) fn run(self, global: &Global, context: &mut Context<'_>) -> Result<(), Failure> {
        api_server::run(self.list(global, context))
    }

    /// A page is printed and dropped while the next is on its way, and no other; all are waited for only where they
    /// are sorted, or shown first.
    async fn list(self, global: &Global, context: &mut Context<'_>) -> Result<(), Failure> {
        // kubeadm looks at the kubeconfig first. Neither sends anything.
        let server = ApiServer::new(global, context)?;
        let mut printer = Printer::new(&self.output, &self.options(context))?;
        let order = self.order()?;
        info!("[token] retrieving list of bootstrap tokens");
        let failed = |error| server.failure("failed to list bootstrap tokens", &error);
        let mut unreadable = Unreadable::default();
        if !global.dry_run && order.is_none() {
            let mut pages = one_ahead(server.tokens.list());
            while let Some(page) = pages.recv().await {
                let page = page.map_err(failed)?;
                in_place::use_stack(|| {
                    page.map(|stored| stored.map_err(failed))
                        .try_for_each(|stored| {
                            print(&mut printer, &stored?, &mut unreadable, context)
                        })
                })?;
                // What has come is shown while more is awaited.
                context.stdout.flush()?;
            }
            unreadable.tell_others(context);
            return Ok(());
        }
        if global.dry_run {
            dry_run::list(&mut context.stdout)?;
        }
        let mut all = whole(&server.tokens).await.map_err(failed)?;
        if global.dry_run {
            // kubeadm shows all that it was sent before it lists it.
            dry_run::attach_list(all.iter().map(Stored::expose_secret), &mut context.stdout)?;
        }
        if let Some(order) = order {
            order.sort(&mut all);
        }
        for stored in &all {
            print(&mut printer, stored, &mut unreadable, context)?;
        }
        unreadable.tell_others(context);
        Ok(())
    }

    fn options(&self, context: &Context<'_>) -> Options {
        Options {
            allow_missing_template_keys: self.allow_missing_template_keys,
            headers: !self.no_headers,
            redact: self.redact,
            colour: context.may_colour(),
        }
    }

    fn order(&self) -> Result<Option<Order>, Failure> {
        let path = self.sort_by.as_deref().filter(|path| !path.is_empty());
        path.map(Order::parse).transpose()
    }
}

/// The list before any of it is printed.
async fn whole(tokens: &BootstrapTokens) -> Result<Vec<Stored>, Error> {
    let pages: Vec<Page> = tokens.list().try_collect().await?;
    pages.into_iter().flatten().collect()
}

/// Prints a token, or says on standard error why there is none to be read; the list goes on.
fn print(
    printer: &mut Printer,
    stored: &Stored,
    unreadable: &mut Unreadable,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    match stored.token() {
        Ok(token) => {
            let now = (context.now)();
            let defects = || stored.defects(now);
            printer.print(token, &defects, now, &mut context.stdout)?;
        }
        Err(defect) => unreadable.tell(stored.name(), defect, context),
    }
    Ok(())
}

/// Secrets that are not readable tokens, counted.
#[derive(Default)]
struct Unreadable(usize);

impl Unreadable {
    /// The most that are named: a page may hold millions.
    const MOST_NAMED: usize = 1000;

    fn tell(&mut self, name: &str, defect: &Defect, context: &mut Context<'_>) {
        self.0 += 1;
        if self.0 <= Self::MOST_NAMED {
            let why = why(defect);
            context.note(format_args!(
                "Secret {name:?} in kube-system is not a readable bootstrap token: {why}"
            ));
        }
    }

    fn tell_others(&self, context: &mut Context<'_>) {
        if let others @ 1.. = self.0.saturating_sub(Self::MOST_NAMED) {
            context.note(format_args!(
                "{others} more Secrets in kube-system are not readable bootstrap tokens"
            ));
        }
    }
}

fn why(defect: &Defect) -> String {
    match defect.source() {
        Some(source) => format!("{defect}: {source}"),
        None => defect.to_string(),
    }
}
