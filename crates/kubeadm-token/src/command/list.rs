mod order;
mod unreadable;
mod whole_list;

use bootstrap_token_kube::Stored;
use clap::Args;
use clap_complete::ArgValueCandidates;
use tracing::info;

use crate::api_server::{self, ApiServer};
use crate::cli::Global;
use crate::context::Context;
use crate::dry_run;
use crate::failure::Failure;
use crate::prefetch::prefetch_one;
use crate::printer::{ListFormat, Options, Printer};
use crate::stack_wipe;
use order::Order;
use unreadable::Unreadable;
use whole_list::{WholeList, WholeListError};

/// kubeadm's own text.
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
        add = ArgValueCandidates::new(ListFormat::candidates)
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

    /// Prints and drops each page while the next is fetched. Reads the whole list first only to sort it, or to show it
    /// in a dry run.
    async fn list(self, global: &Global, context: &mut Context<'_>) -> Result<(), Failure> {
        // kubeadm checks the kubeconfig first. Neither step sends anything.
        let server = ApiServer::new(global, context)?;
        let mut printer = Printer::new(&self.output, &self.options(context))?;
        let order = self.order()?;
        info!("[token] retrieving list of bootstrap tokens");
        let mut unreadable = Unreadable::default();
        let mut print = |stored: &Stored, context: &mut Context<'_>| match stored.token() {
            Ok(token) => {
                let now = (context.now)();
                let defects = || stored.defects(now);
                printer.print(token, &defects, now, &mut context.stdout)
            }
            Err(defect) => {
                unreadable.note(stored, defect, context);
                Ok(())
            }
        };
        let outcome = match (global.dry_run, order) {
            (false, None) => page_by_page(&server, &mut print, context).await,
            (is_dry_run, order) => whole(&server, is_dry_run, order, &mut print, context).await,
        };
        unreadable.end(context);
        outcome
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

const FAILED: &str = "failed to list bootstrap tokens";

/// Prints a token, or notes that it is unreadable.
type Print<'p> = &'p mut dyn FnMut(&Stored, &mut Context<'_>) -> Result<(), Failure>;

async fn page_by_page(
    server: &ApiServer,
    print: Print<'_>,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    let failed = |error| server.failure(FAILED, &error);
    let mut pages = prefetch_one(server.tokens.list());
    while let Some(page) = server.wait(pages.recv()).await {
        let page = page.map_err(failed)?;
        stack_wipe::use_stack(|| {
            page.map(|stored| stored.map_err(failed))
                .try_for_each(|stored| print(&stored?, context))
        })?;
        // Shows the tokens of this page while the next is awaited.
        context.stdout.flush()?;
    }
    Ok(())
}

async fn whole(
    server: &ApiServer,
    is_dry_run: bool,
    order: Option<Order>,
    print: Print<'_>,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    let failed = |not_held| match not_held {
        WholeListError::Failed(error) => server.failure(FAILED, &error),
        WholeListError::TooLong => Failure::new(FAILED)
            .because(format!(
                "the list does not fit into the {} MiB that are held of it",
                WholeList::ROOM >> 20
            ))
            .help("list without --sort-by and --dry-run, and sort what is printed"),
    };
    if is_dry_run {
        dry_run::list(&mut context.stdout)?;
    }
    let held = server.wait(WholeList::read(&server.tokens)).await;
    let held = held.map_err(failed)?;
    stack_wipe::use_stack(|| {
        if is_dry_run {
            // kubeadm shows everything that it received before it lists it.
            let secrets = held.tokens().map(|stored| stored.expose_secret());
            dry_run::attach_list(secrets, &mut context.stdout)?;
        }
        match order {
            None => held.tokens().try_for_each(|stored| print(&stored, context)),
            Some(order) => {
                let mut sorted = held.sorted(&order).map_err(failed)?;
                sorted.try_for_each(|stored| print(&stored, context))
            }
        }
    })
}
