mod report;
mod source;

use std::ffi::OsString;

use clap::Args;
use tracing::info;

use crate::api_server::{self, ApiServer};
use crate::cli::Global;
use crate::context::Context;
use crate::failure::{Chain, Failure};
use crate::kubeconfig;
use crate::notes::Kind;
use crate::printer::json_yaml::Format;
use crate::quote;
use source::Pinned;

const LONG_ABOUT: &str = r#"This command will print public key pins, by which machines that join know a cluster's certificate authority,
one on each line, in the form that "kubeadm join" takes with --discovery-token-ca-cert-hash.

They are those of the certificates in each [file], which is a PEM bundle or one certificate in DER; "-" is standard
input. Without a [file] they are those of the authorities that the kubeconfig trusts for its current context's cluster,
and no cluster is asked. With --cluster they are those that the cluster shows to newcomers, in the ConfigMap
kube-public/cluster-info, which is read by that kubeconfig, and only over TLS that it verifies.

Nothing is printed unless all of it can be read."#;

/// The arguments of `pin`.
#[derive(Debug, Args)]
#[command(
    about = "Print the public key pins of certificate authorities",
    long_about = LONG_ABOUT,
    override_usage = "kubeadm-token pin [file] ...",
)]
pub(crate) struct Pin {
    #[arg(value_name = "file", hide = true, value_hint = clap::ValueHint::FilePath)]
    files: Vec<OsString>,

    #[arg(
        help = "Print the pins that the cluster's own cluster-info leads to.",
        long,
        value_name = "bool"
    )]
    cluster: bool,

    #[arg(
        help = "Output format. One of: text|wide|json|yaml; all but text tell from when to when each certificate is valid. (default \"text\")",
        short,
        long,
        value_name = "string",
        default_value = "text"
    )]
    output: String,
}

enum PinFormat {
    Text,
    Wide,
    Object(Format),
}

impl Pin {
    pub(super) fn run(self, global: &Global, context: &mut Context<'_>) -> Result<(), Failure> {
        let output = match &*self.output {
            "text" => PinFormat::Text,
            "wide" => PinFormat::Wide,
            name => PinFormat::Object(Format::by_name(name, &["text", "wide"])?),
        };
        let pinned = self.pinned(global, context)?;
        let now = (context.now)();
        for outdated in pinned.iter().filter_map(|pinned| pinned.outdated(now)) {
            context.advise(outdated);
        }
        let text = match output {
            PinFormat::Text => report::lines(&pinned),
            PinFormat::Wide => report::table(&pinned),
            PinFormat::Object(format) => report::object(&pinned).print(format).to_string(),
        };
        context.stdout.print(&text)?;
        Ok(())
    }

    /// Reads all certificates before the first pin is printed.
    fn pinned(&self, global: &Global, context: &mut Context<'_>) -> Result<Vec<Pinned>, Failure> {
        let names_kubeconfig = global
            .kubeconfig
            .as_ref()
            .is_some_and(|path| !path.is_empty());
        match (&*self.files, self.cluster) {
            ([_, ..], true) => Err(Failure::new("files are given, and --cluster as well")
                .help("leave one of them out")),
            ([_, ..], false) if names_kubeconfig => Err(Failure::new(
                "files are given, and --kubeconfig as well",
            )
            .help("leave one of them out; a kubeconfig's own authorities are told without a file")),
            ([], true) => api_server::run(of_cluster(global, context)),
            ([], false) => {
                let path = kubeconfig::find(global.kubeconfig.as_deref(), context.env);
                let shown = quote::shown_path(&path);
                info!("Using kubeconfig file: {shown}");
                let certificates = kubeconfig::authorities(&path, global.context.as_deref())?;
                if certificates.is_empty() {
                    return Err(Failure::new("no CA certificates found in kubeconfig").help(
                        "add certificate-authority-data to the cluster's entry, or use another kubeconfig with --kubeconfig",
                    ));
                }
                Ok(Pinned::all(certificates, &shown))
            }
            (files, false) => {
                let mut all = Vec::new();
                for file in files {
                    let (certificates, name) = source::read(file, context)?;
                    all.extend(Pinned::all(certificates, &name));
                }
                Ok(all)
            }
        }
    }
}

/// Help for a pin that the kubeconfig does not confirm.
const PIN_OF_A_ROTATION: &str = "help: if the CA is being rotated, this pin is right; if not, give it to nobody, and run `kubeadm-token diagnose`";

/// Reads the pins in cluster-info over a connection that the kubeconfig verifies. If it verifies none, the pins could
/// be anybody's, and nothing is sent.
async fn of_cluster(global: &Global, context: &mut Context<'_>) -> Result<Vec<Pinned>, Failure> {
    let server = ApiServer::new(global, context)?;
    if let Some(why) = server.not_verified() {
        return Err(Failure::new("the cluster's pins cannot be told from those of whoever answers in its place")
            .because(why)
            .help("give the cluster's entry an https: server and certificate-authority-data and take insecure-skip-tls-verify away, or ask no cluster: `kubeadm-token pin /etc/kubernetes/pki/ca.crt` on a control-plane node"));
    }
    let failed = "failed to read the cluster's pins";
    let read = server.wait(server.tokens.cluster_info()).await;
    let info = read.map_err(|error| {
        Failure::new(failed)
            .because(Chain(&error).to_string())
            .help(server.next_step(&error))
    })?;
    let cluster = info.danger_unverified_cluster().map_err(|error| {
        Failure::new(failed).because(error).help(
            "mend the ConfigMap cluster-info in the namespace kube-public, which `kubeadm init phase bootstrap-token` makes",
        )
    })?;
    let pinned = Pinned::all(cluster.certificates().to_vec(), "kube-public/cluster-info");
    let is_the_same = server
        .route()
        .is_some_and(|route| route.server() == cluster.server());
    let known = server.pins();
    for other in pinned
        .iter()
        .filter(|one| is_the_same && !known.contains(&one.pin))
    {
        context.report(format_args!(
            "{}: cluster-info has this CA, and the kubeconfig does not trust it",
            other.pin
        ));
        context.add(Kind::Finding, PIN_OF_A_ROTATION);
    }
    Ok(pinned)
}
