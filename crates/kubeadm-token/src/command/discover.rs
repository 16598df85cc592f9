//! `discover`: verifies a cluster as a machine does before it joins.

pub(super) mod ca_description;
pub(super) mod cluster_args;
pub(super) mod fetch_problem;
mod out_file;
pub(super) mod remedy;
mod verdict;

use core::cell::RefCell;
use core::time::Duration;
use std::ffi::OsString;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Anchor, Endpoint};
use bootstrap_token_kube::{DiscoverError, Discovered, Discovery, Escaped};
use clap::Args;

use crate::api_server;
use crate::cli::{self, Global};
use crate::context::Context;
use crate::failure::Failure;
use crate::kubeconfig;
use crate::notes::Kind;
use crate::printer::json_yaml::Format;
use crate::stack_wipe;
use crate::wait_line::WaitLine;
use ca_description::CaDescription;
use cluster_args::{CaArgs, KnownCluster};
use out_file::OutFile;

const LONG_ABOUT: &str = r#"This command will verify a cluster as "kubeadm join" does before it trusts it, and join nothing.

It reads cluster-info from the first [server] that answers, checks the signature by the token, takes those CA
certificates that are pinned and no others, and reads it again over TLS that trusts these only. A signature that is
not there yet is waited for. What is printed is a kubeconfig by which a kubelet can bootstrap: it holds the token.
A token on the command line is seen by other users of this machine: "--token-file" keeps it off.

Where anonymous users may not read cluster-info, an administrator hands over a discovery file: a kubeconfig with the
server and its CA. Then the server is the one in it, and is asked with the token. This prints one without a credential:
  kubectl -n kube-public get configmap cluster-info -o jsonpath='{.data.kubeconfig}'"#;

/// The arguments of `discover`.
#[derive(Args)]
#[command(
    about = "Verify a cluster by a token and print a kubeconfig to bootstrap with, but do not join it",
    long_about = LONG_ABOUT,
    override_usage = "kubeadm-token discover [server]...",
)]
pub(crate) struct Discover {
    #[arg(value_name = "server", hide = true)]
    servers: Vec<OsString>,

    #[arg(
        help = "The token; '-' reads it from standard input.",
        long,
        value_name = "string",
        alias = "discovery-token"
    )]
    token: Option<OsString>,

    #[arg(
        help = "Path to a file that holds the token, with nothing but a line break after it; '-' is standard input.",
        long,
        value_name = "string"
    )]
    token_file: Option<OsString>,

    #[command(flatten)]
    ca: CaArgs,

    #[arg(
        help = "Trust whoever knows the token, without a pin. Everybody who ever held the token can pass for the cluster then.",
        long,
        value_name = "bool",
        alias = "discovery-token-unsafe-skip-ca-verification"
    )]
    danger_skip_ca_pin: bool,

    #[arg(
        help = "Path to a kubeconfig with the server and its CA, that somebody who is trusted has handed over. It takes the place of [server] and pins.",
        long,
        value_name = "string"
    )]
    discovery_file: Option<OsString>,

    #[arg(
        help = "How long to wait for a server, and for a signature that is not there yet. It is asked again every 5 seconds, so that a shorter timeout asks once. (default 5m0s)",
        long,
        value_name = "duration",
        value_parser = cli::timeout
    )]
    timeout: Option<Duration>,

    #[arg(
        help = "Path to write the kubeconfig to, for its owner alone (0600), in the place of standard output. A regular file there is replaced; a link, a device and anything else is refused.",
        long,
        value_name = "string"
    )]
    out_file: Option<OsString>,

    #[arg(
        help = "Output format. One of: kubeconfig|json|yaml. json and yaml print what was found, without the token and without a kubeconfig. (default \"kubeconfig\")",
        short,
        long,
        value_name = "string",
        default_value = "kubeconfig",
        hide_default_value = true
    )]
    output: String,
}

impl Discover {
    pub(super) fn run(mut self, global: &Global, context: &mut Context<'_>) -> Result<(), Failure> {
        let verdict = match &*self.output {
            "kubeconfig" => None,
            other => Some(Format::by_name(other, &["kubeconfig"])?),
        };
        let known = self.known(context)?;
        let out_file = self.out_file.as_deref().map(OutFile::new).transpose()?;
        if let Some(out_file) = out_file.as_ref().filter(|_| !global.dry_run) {
            out_file.try_folder()?;
        }
        // Last, so that nobody types a token in vain.
        let word = self.token.take();
        let token = stack_wipe::read(|| {
            cluster_args::token(word.as_ref(), self.token_file.as_deref(), context).map(Box::new)
        })?;
        drop(word);
        let timeout = self.timeout.unwrap_or(Discovery::TIMEOUT);

        let found = discover(&known, &self.ca.by(), &token, timeout, context)?;

        if let Some(out_file) = out_file {
            if global.dry_run {
                writeln!(context.stdout, "[dryrun] Would write {}", Escaped(out_file))?;
            } else {
                out_file.write(&found.cluster().expose_bootstrap_kubeconfig(&token))?;
            }
        } else if verdict.is_none() {
            let kubeconfig = found.cluster().expose_bootstrap_kubeconfig(&token);
            context.stdout.print(&kubeconfig)?;
        }
        if let Some(format) = verdict {
            let text = verdict::object(&found).print(format);
            context.stdout.print(&text)?;
        } else if found.asked() != found.cluster().server() {
            let line = format_args!(
                "note: the kubeconfig leads to {}, as cluster-info says, and not to {}, which answered",
                found.cluster().server(),
                found.asked(),
            );
            context.add(Kind::Advice, line);
        }
        Ok(())
    }

    /// Parses the flags that say how to know the cluster.
    fn known(&self, context: &mut Context<'_>) -> Result<KnownCluster, Failure> {
        let anchor = self.ca.anchor()?;
        if let Some(file) = self
            .discovery_file
            .as_deref()
            .filter(|file| !file.is_empty())
        {
            if !self.servers.is_empty() {
                return Err(Failure::new("a server is given beside --discovery-file")
                    .help("leave it out: the server is the one in the file"));
            }
            if self.danger_skip_ca_pin {
                return Err(
                    Failure::new("--danger-skip-ca-pin is given beside --discovery-file")
                        .help("leave it out: the cluster's CA is the one in the file"),
                );
            }
            // Without pins, everything in the file is trusted. That is its purpose.
            let anchor = anchor.unwrap_or_else(Anchor::danger_token_alone);
            return cluster_args::discovery_file(
                file.as_ref(),
                &anchor,
                &self.ca.by(),
                (context.now)(),
            );
        }
        let servers = cluster_args::servers(&self.servers)?;
        let anchor = match (anchor, self.danger_skip_ca_pin) {
            (Some(anchor), false) => anchor,
            (Some(_), true) => {
                return Err(Failure::new("--danger-skip-ca-pin is given beside a pin or a CA")
                    .help("leave it out: with a pin the cluster is told from everybody else who holds the token"));
            }
            (None, true) => {
                context.advise(
                    "without a pin, everybody who ever held the token can pass for the cluster",
                );
                Anchor::danger_token_alone()
            }
            (None, false) => return Err(cluster_args::no_anchor()),
        };
        Ok(KnownCluster::Servers(servers, anchor))
    }
}

/// Discovers the cluster.
fn discover(
    known: &KnownCluster,
    by: &CaDescription,
    token: &Token,
    timeout: Duration,
    context: &mut Context<'_>,
) -> Result<Discovered, Failure> {
    let now = (context.now)();
    api_server::run(async {
        let discovery = discovery(known, context)?.with_timeout(timeout);
        let what = RefCell::new("waiting for the server".to_owned());
        let failed_so_far = |error: &DiscoverError| {
            what.replace(format!("waiting: {}", by.error(error)));
        };
        let found = async {
            match known {
                KnownCluster::Servers(_, anchor) => {
                    discovery.by_token(token, anchor, now, failed_so_far).await
                }
                KnownCluster::Cluster { cluster, .. } => {
                    discovery.confirm(cluster, token, failed_so_far).await
                }
            }
        };
        let found = WaitLine::new(context).during(found, || what.borrow().clone());
        found.await.map_err(|error| {
            Failure::new("cannot discover the cluster")
                .help(remedy::of(&error, by))
                .because(by.error(&error))
        })
    })
}

/// Returns the routes to the servers. The proxy of a discovery file takes precedence over the environment's.
fn discovery(known: &KnownCluster, context: &Context<'_>) -> Result<Discovery, Failure> {
    let by_environment = |server: &Endpoint| {
        let route = api_server::route(server, context.env);
        route.map_err(|error| kubeconfig::proxy_fault(&error))
    };
    let routes: Vec<_> = match known {
        KnownCluster::Servers(servers, _) => servers
            .iter()
            .map(by_environment)
            .collect::<Result<_, _>>()?,
        KnownCluster::Cluster { cluster, proxy } => {
            let server = cluster.server();
            let route = match proxy {
                Some(_) => api_server::route_through(server, proxy.clone()),
                None => by_environment(server)?,
            };
            vec![route.tls_server_name(cluster.tls_server_name().map(str::to_owned))]
        }
    };
    Discovery::new(routes).ok_or_else(cluster_args::no_server)
}
