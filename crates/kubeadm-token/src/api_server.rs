//! The API server of the kubeconfig, and help for its errors.

use std::env::consts;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use bootstrap_token_discovery::{Certificate, Endpoint, Pin};
use bootstrap_token_kube::kube_transport::{Proxy, ProxyError, Transport};
use bootstrap_token_kube::{BootstrapTokens, Error, Route, Status, Unreachable};
use http::{HeaderValue, Uri};
use tracing::info;

use crate::address;
use crate::cli::Global;
use crate::context::Context;
use crate::failure::{Chain, Failure, io_reason};
use crate::kubeconfig::{self, Access, Plugin};
use crate::quote;
use crate::thread::caught;
use crate::wait_line::WaitLine;

/// A client, and the settings it was made with.
pub(crate) struct ApiServer {
    pub(crate) tokens: BootstrapTokens,
    kubeconfig: PathBuf,
    server: String,
    user: Option<String>,
    authorities: Vec<Vec<u8>>,
    proxy: Option<Proxy>,
    is_https: bool,
    not_verified: Option<String>,
    wait_line: WaitLine,
}

impl ApiServer {
    /// Reads the kubeconfig and makes a client. Sends nothing yet.
    pub(crate) fn new(global: &Global, context: &mut Context<'_>) -> Result<Self, Failure> {
        Self::with(global, context, Plugin::Run)
    }

    /// Makes a client for shell completion. It refuses an exec plugin, which may ask for a password or open a browser.
    pub(crate) fn without_plugin(
        global: &Global,
        context: &mut Context<'_>,
    ) -> Result<Self, Failure> {
        Self::with(global, context, Plugin::Refuse)
    }

    fn with(global: &Global, context: &mut Context<'_>, plugin: Plugin) -> Result<Self, Failure> {
        let path = kubeconfig::find(global.kubeconfig.as_deref(), context.env);
        info!("Using kubeconfig file: {}", quote::shown_path(&path));
        let Access {
            config,
            server,
            user,
            proxy,
            authorities,
            warnings,
        } = kubeconfig::load(
            &path,
            global.context.as_deref(),
            context.env,
            (context.now)(),
            plugin,
        )?;
        for warning in warnings {
            context.advise(warning);
        }
        info!("Using API server: {server}");
        let is_https = config.cluster_url.scheme_str() == Some("https");
        let not_verified = if config.accept_invalid_certs {
            Some("has insecure-skip-tls-verify".to_owned())
        } else if is_https {
            None
        } else {
            Some(format!("leads to {server} without TLS"))
        };
        let client = Transport::new(config)
            .through(proxy.clone())
            .user_agent(user_agent())
            .client()
            .map_err(|error| kubeconfig::client_fault(&path, user.as_deref(), &error))?;
        Ok(Self {
            tokens: BootstrapTokens::new(client),
            kubeconfig: path,
            server,
            user,
            authorities,
            proxy,
            is_https,
            not_verified,
            wait_line: WaitLine::new(context),
        })
    }

    /// Returns why anybody may answer in the server's place, if the kubeconfig allows that.
    pub(crate) fn not_verified(&self) -> Option<String> {
        let why = self.not_verified.as_ref()?;
        Some(format!("{} {why}", self.kubeconfig.display()))
    }

    /// Returns the route to the server without credentials. `None` if it is not reached by HTTPS.
    pub(crate) fn route(&self) -> Option<Route> {
        let server = self.server.parse().ok()?;
        let route = Route::to(server).through(self.proxy.clone());
        Some(route.user_agent(user_agent()))
    }

    /// Waits for an answer of the server. Shows a status line if that takes long.
    pub(crate) async fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        let what = || format!("waiting for the API server at {}", self.server);
        self.wait_line.during(answer, what).await
    }

    /// Returns the server's URL as the kubeconfig has it.
    pub(crate) fn url(&self) -> &str {
        &self.server
    }

    /// Returns whether the address reaches the server only from its own machine.
    pub(crate) fn is_for_itself(&self) -> bool {
        let uri: Result<Uri, _> = self.server.parse();
        uri.is_ok_and(|uri| uri.host().is_some_and(address::leads_to_itself))
    }

    /// Returns the CA certificates that the kubeconfig trusts for the server, in DER and in order.
    pub(crate) fn authorities(&self) -> &[Vec<u8>] {
        &self.authorities
    }

    /// Returns the pins of the CA certificates. Skips certificates that cannot be parsed.
    pub(crate) fn pins(&self) -> Vec<Pin> {
        let certificates = self.authorities.iter();
        let readable = certificates.filter_map(|der| Certificate::from_der(der).ok());
        readable.map(|certificate| Pin::of(&certificate)).collect()
    }

    /// Describes a failed request: what was not done (in kubeadm's wording), the error, and what to do next.
    pub(crate) fn failure(&self, what: impl Into<String>, error: &Error) -> Failure {
        let answer = error.answer().to_string();
        let came = match std::error::Error::source(error) {
            Some(below) => format!("{answer}: {}", Chain(below)),
            None => answer,
        };
        Failure::new(what).because(came).help(self.next_step(error))
    }

    fn is_slow(&self) -> String {
        let Self { server, .. } = self;
        format!(
            "the API server at {server} takes connections and does not answer: is it, or its etcd, overloaded or stopped?"
        )
    }

    /// Returns the help for an error.
    pub(crate) fn next_step(&self, error: &Error) -> String {
        let Self {
            kubeconfig,
            server,
            user,
            ..
        } = self;
        let kubeconfig = kubeconfig.display();
        let status = error.status().map(Status::code);
        let user = user
            .as_ref()
            .map_or_else(|| "nobody".to_owned(), |user| format!("user {user:?}"));
        if let Some(unreachable) = error.unreachable() {
            match unreachable {
                Unreachable::UntrustedCertificate => format!(
                    "the certificate authority in {kubeconfig} is not that of {server}: use that cluster's own kubeconfig"
                ),
                Unreachable::ExpiredCertificate => format!(
                    "renew the API server's certificate (`kubeadm certs renew apiserver` on a control-plane node), or set this machine's clock ({server})"
                ),
                Unreachable::UnfitCertificate => format!(
                    "replace the certificate that the error names: `kubeadm certs renew apiserver` on a control-plane node makes that of the API server anew ({server})"
                ),
                Unreachable::FutureCertificate => {
                    format!("set this machine's clock, or that of {server}")
                }
                Unreachable::WrongName => format!(
                    "use a name that stands in the certificate instead of {server}, or tls-server-name, in {kubeconfig}"
                ),
                Unreachable::Proxy => format!(
                    "is the proxy right, which proxy-url in {kubeconfig} or else HTTPS_PROXY names, and may it connect to {server}? Where it asks for a password, write it as http://USER:PASSWORD@HOST:PORT; NO_PROXY names what is reached without one"
                ),
                Unreachable::NoAnswer => format!(
                    "is the API server at {server} up, and does a firewall in between let TCP through to that port? That address is from {kubeconfig}"
                ),
                Unreachable::Silent => self.is_slow(),
                _ => format!(
                    "is the API server at {server} up and reachable from here? That address is from {kubeconfig}"
                ),
            }
        } else if error.is_unauthorized() && !self.is_https && self.user.is_some() {
            format!(
                "the credentials of {user} are not sent over plain HTTP: write https:// in {kubeconfig}, if {server} speaks TLS"
            )
        } else if error.is_unauthorized() {
            format!(
                "the API server does not take the credentials of {user} in {kubeconfig}: they may have expired or belong to another cluster"
            )
        } else if error.is_no_kubeconfig() || error.is_not_found() && error.is_of_cluster_info() {
            "this cluster is not set up for joining by token: `kubeadm init phase bootstrap-token` makes what is missing"
                .to_owned()
        } else if error.is_forbidden() && error.is_of_cluster_info() {
            format!(
                "{user} of {kubeconfig} needs rights on the ConfigMap cluster-info in the namespace kube-public: use an administrator's kubeconfig"
            )
        } else if error.is_forbidden() {
            format!(
                "{user} of {kubeconfig} needs rights on Secrets in the namespace kube-system: use an administrator's kubeconfig"
            )
        } else if error.is_deadline() {
            self.is_slow()
        } else if error.is_throttled() {
            "the API server is too busy: try again later".to_owned()
        } else if self.server.starts_with("http://") && status == Some(400) {
            format!("does {server} speak TLS? Then write https:// in {kubeconfig}")
        } else if error.is_invalid() {
            "an admission webhook or a policy of the cluster may be against it".to_owned()
        } else if error.is_server_error() {
            "the API server has trouble of its own, which its log tells: try again later".to_owned()
        } else if error.is_bad_reply() {
            format!(
                "is {server} a Kubernetes API server, with no proxy in between that changes or cuts its replies?"
            )
        } else if error.is_credentials() {
            format!(
                "mend the entry of {user} in {kubeconfig}, or use another kubeconfig with --kubeconfig"
            )
        } else if error.is_not_found() {
            format!(
                "is {server}, from {kubeconfig}, a Kubernetes API server with the namespace kube-system?"
            )
        } else if error.is_gone() {
            "the list took longer than the API server remembers its state: list again".to_owned()
        } else if status == Some(409) {
            "something else is changing the same: try again".to_owned()
        } else {
            format!("see what the log of {server} tells, or `-v=8` here")
        }
    }
}

/// How long an idle thread is kept: longer than any run.
const FOR_GOOD: Duration = Duration::from_secs(1 << 32);

/// Returns the route to a server without a kubeconfig: through the proxy of the environment, if it names one.
pub(crate) fn route(
    server: &Endpoint,
    env: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Route, ProxyError> {
    // Refuses what is not a URL before anything is sent.
    let proxy = match server.to_string().parse() {
        Ok(server) => kubeconfig::environment_proxy(&server, env)?,
        Err(http::uri::InvalidUri { .. }) => None,
    };
    Ok(route_through(server, proxy))
}

pub(crate) fn route_through(server: &Endpoint, proxy: Option<Proxy>) -> Route {
    let route = Route::to(server.clone()).through(proxy);
    route.user_agent(user_agent())
}

/// `User-Agent` of requests. The audit log shows it, and `managedFields` shows its first word.
fn user_agent() -> HeaderValue {
    let name = format!(
        "{}/{} ({}/{})",
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION"),
        // Go's names.
        match consts::OS {
            "macos" => "darwin",
            os => os,
        },
        match consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            arch => arch,
        },
    );
    // The name is ASCII, so the fallback is never used.
    HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static(env!("CARGO_PKG_NAME")))
}

/// Runs a future on this thread and its spawned tasks on another. If the reader of standard output stops reading, only
/// this thread blocks.
pub(crate) fn run<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let build = || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_keep_alive(FOR_GOOD)
            .enable_all()
            .build()?;
        // Starts the thread that resolves names now, so that it cannot fail in the middle of a request.
        runtime.spawn_blocking(|| ());
        Ok::<_, io::Error>(runtime)
    };
    // tokio panics if the system gives it no socket pair or no thread.
    let runtime = match caught(build) {
        Some(Ok(runtime)) => Ok(runtime),
        Some(Err(error)) => Err(io_reason(&error)),
        None => Err("no more open files or threads".to_owned()),
    };
    let runtime = runtime.map_err(|why| {
        Failure::new("cannot start the runtime")
            .because(why)
            .help("raise the limit of open files (`ulimit -n`), of processes (`ulimit -u`) or of memory (`ulimit -v`)")
    })?;
    let result = runtime.block_on(future);
    // Do not wait for a name that is still being resolved.
    runtime.shutdown_background();
    result
}
