mod ca_check;
mod report;

use bootstrap_token_discovery::Anchor;
use bootstrap_token_kube::{Error, Signatures, Signed};
use clap::Args;
use tracing::info;

use crate::api_server::{self, ApiServer};
use crate::cli::Global;
use crate::command::discover::cluster_args::CaArgs;
use crate::context::Context;
use crate::failure::{Chain, Failure};
use crate::printer::json_yaml::Format;
use ca_check::{CaCheck, Options, Refusal, Warning};
use report::Report;

const LONG_ABOUT: &str = r#"This command will check the signatures in the ConfigMap kube-public/cluster-info, by which machines that join
know the cluster: one for each bootstrap token with the usage "signing" that has not expired.

Usually the controller manager signs, some moments after a token was created. This command tells each signature's
state and why:
  good      It is there and right.
  missing   The controller manager makes it, where it runs and signs; --write does at once.
  stale     The kubeconfig was changed since, or another secret signed. Look first, as told below; then as for missing.
  dead      There is no such token, or it is not to sign. It does no harm; --write takes it away.
  unusable  The token's own secret is malformed, so that nobody can use the token: delete it and create another.
            It is left as it is, and no reason for exit code 1.

Nothing is written unless --write is given, and then in one step that changes no other key, and only if nobody else
has changed the ConfigMap meanwhile. What is written is what the controller manager writes.

A signature tells machines to trust the server and every CA in cluster-info. A warning on a terminal names them, and so
does "-o json". A stale signature means that somebody has changed cluster-info: check the server and the CAs first.
This command signs only if each CA is known: your kubeconfig trusts it, or --ca-pin or --ca-file names it. During a
CA rotation, name the next CA. Name the CA also if your kubeconfig verifies no server, or leads to another server than
cluster-info and trusts none of its CAs, as behind a load balancer with its own certificate.
--danger-skip-ca-pin signs without this check.

The exit code is 0 when all is as it should be, or has been written, and 1 otherwise.
Expiry is judged by the API server's clock. No token secret is printed."#;

/// The arguments of `sign`.
#[derive(Args)]
#[command(
    about = "Check the signatures in cluster-info and, with --write, mend them",
    long_about = LONG_ABOUT,
    override_usage = "kubeadm-token sign [flags]",
)]
pub(crate) struct Sign {
    #[arg(
        help = "Publish the signatures that are missing or stale, and take away those of dead tokens. With --dry-run nothing is written.",
        long,
        value_name = "bool"
    )]
    write: bool,

    #[command(flatten)]
    ca: CaArgs,

    #[arg(
        help = "Sign, with --write, though there is nothing that the CA in cluster-info could be compared with.",
        long,
        value_name = "bool"
    )]
    danger_skip_ca_pin: bool,

    #[arg(
        help = "Output format. One of: text|json|yaml. (default \"text\")",
        short,
        long,
        value_name = "string",
        default_value = "text"
    )]
    output: String,
}

impl Sign {
    pub(super) fn run(self, global: &Global, context: &mut Context<'_>) -> Result<(), Failure> {
        let format = match &*self.output {
            "text" => None,
            name => Some(Format::by_name(name, &["text"])?),
        };
        let named = self.ca.anchor()?;
        let options = Options {
            write: self.write,
            danger: self.danger_skip_ca_pin,
        };
        let write = self.write && !global.dry_run;
        let run = signatures(write, named, options, global, context);
        let (signatures, refused) = api_server::run(run)?;
        let write = write && refused.is_none();
        let report = Report::new(&signatures, write);
        let text = match format {
            None => report.table(),
            Some(format) => report.object().print(format).to_string(),
        };
        context.stdout.print(&text)?;
        if let Some((refusal, why)) = refused {
            return Err(
                Failure::new("cluster-info is not to be signed as it stands")
                    .because(why)
                    .help(refusal.help()),
            );
        }
        if write || signatures.are_in_order() {
            return Ok(());
        }
        Err(Failure::new(format!(
            "cluster-info is not signed as it should be: {}",
            report.count()
        ))
        .help("the controller manager mends it within moments where it runs and signs; `kubeadm-token sign --write` does at once"))
    }
}

/// Returns the signatures, and why cluster-info must not be signed if so.
async fn signatures(
    write: bool,
    named: Option<Anchor>,
    options: Options,
    global: &Global,
    context: &mut Context<'_>,
) -> Result<(Signatures, Option<(Refusal, String)>), Failure> {
    let server = ApiServer::new(global, context)?;
    let check = CaCheck::of(&server, named, options);
    let now = (context.now)();
    info!("[token] comparing the signatures in cluster-info with the tokens");
    let failed = |what: &str, error: &Error| {
        Failure::new(format!("failed to {what} the signatures in cluster-info"))
            .because(Chain(error).to_string())
            .help(next_step(&server, error, write))
    };
    // A person reads the warning before anything is written, and only once, however often cluster-info is read.
    let mut told = None;
    let mut judge = |signatures: &Signatures| -> Result<(), (Refusal, String)> {
        let warning = check.judge(signatures)?;
        if let Some(warning) = warning.as_ref().filter(|_| warning != told) {
            let Warning { kind, text } = warning;
            if write {
                context.warn_before(*kind, text);
            } else {
                context.add(*kind, format_args!("warning: {text}"));
            }
        }
        told = warning;
        Ok(())
    };
    if !write {
        let read = server.wait(server.tokens.signatures(now)).await;
        let signatures = read.map_err(|error| failed("check", &error))?;
        let refused = judge(&signatures).err();
        return Ok((signatures, refused));
    }
    let done = server.wait(server.tokens.sign(now, judge)).await;
    Ok(match done.map_err(|error| failed("mend", &error))? {
        Signed::Done(signatures) => (signatures, None),
        Signed::Refused(signatures, refused) => (signatures, Some(refused)),
    })
}

fn next_step(server: &ApiServer, error: &Error, write: bool) -> String {
    if error.is_forbidden() && write {
        "it takes the rights to get and to patch the ConfigMap cluster-info in the namespace kube-public, and to list Secrets in kube-system: use an administrator's kubeconfig".to_owned()
    } else if error.is_forbidden() {
        "it takes the rights to get the ConfigMap cluster-info in the namespace kube-public, and to list Secrets in kube-system: use an administrator's kubeconfig".to_owned()
    } else if error.is_conflict() {
        "something else keeps changing cluster-info: see who by its managedFields, and try again"
            .to_owned()
    } else {
        server.next_step(error)
    }
}
