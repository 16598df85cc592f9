//! The API server that the kubeconfig leads to, and what to do when it does not do as asked.

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

/// A client, and by what it was made.
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
    /// Reads the kubeconfig and makes a client; nothing is sent yet.
    pub(crate) fn new(global: &Global, context: &mut Context<'_>) -> Result<Self, Failure> {
        Self::with(global, context, Plugin::Run)
    }

    /// The same, for a shell that completes a word: an exec plugin may ask for a password or open a browser, so that a
    /// user who needs one is refused.
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

    /// Why anybody may answer in its place, where the kubeconfig lets them.
    pub(crate) fn not_verified(&self) -> Option<String> {
        let why = self.not_verified.as_ref()?;
        Some(format!("{} {why}", self.kubeconfig.display()))
    }

    /// The way to it, for who has none of the credentials; `None` if it is not reached by HTTPS.
    pub(crate) fn route(&self) -> Option<Route> {
        let server = self.server.parse().ok()?;
        let route = Route::to(server).through(self.proxy.clone());
        Some(route.user_agent(user_agent()))
    }

    /// Waits for an answer of its, and tells a person who waits long.
    pub(crate) async fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        let what = || format!("waiting for the API server at {}", self.server);
        self.wait_line.during(answer, what).await
    }

    /// As the kubeconfig writes it.
    pub(crate) fn url(&self) -> &str {
        &self.server
    }

    /// Whether no other machine reaches it by that address.
    pub(crate) fn is_for_itself(&self) -> bool {
        let uri: Result<Uri, _> = self.server.parse();
        uri.is_ok_and(|uri| uri.host().is_some_and(address::leads_to_itself))
    }

    /// The certificates that the kubeconfig trusts for it, in DER and in order.
    pub(crate) fn authorities(&self) -> &[Vec<u8>] {
        &self.authorities
    }

    /// Their pins. One that cannot be read is none that another could be compared with.
    pub(crate) fn pins(&self) -> Vec<Pin> {
        let certificates = self.authorities.iter();
        let readable = certificates.filter_map(|der| Certificate::from_der(der).ok());
        readable.map(|certificate| Pin::of(&certificate)).collect()
    }

    /// kubeadm's words for what was not done, what came back, and what to do next.
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

    /// What to do about it.
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

/// Longer than any run.
const FOR_GOOD: Duration = Duration::from_secs(1 << 32);

/// The way to a server that no kubeconfig is about: by the environment's proxy, where it names one.
pub(crate) fn route(
    server: &Endpoint,
    env: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Route, ProxyError> {
    // What is not a URL is refused before anything is sent.
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

/// By what name requests are made: the audit log has it, and `managedFields` its first word.
fn user_agent() -> HeaderValue {
    let name = format!(
        "{}/{} ({}/{})",
        env!("CARGO_PKG_NAME"),
        env!("CARGO_PKG_VERSION"),
        // As Go calls them.
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
    // It is of ASCII, so that it is never replaced.
    HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static(env!("CARGO_PKG_NAME")))
}

/// Runs a future on this thread, and what it spawns on another: a reader of standard output that stops
/// reading stops this one only.
pub(crate) fn run<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let build = || {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_keep_alive(FOR_GOOD)
            .enable_all()
            .build()?;
        // The thread that resolves names: had now, it is not missing in the middle of a request.
        runtime.spawn_blocking(|| ());
        Ok::<_, io::Error>(runtime)
    };
    // tokio panics where the system gives it no socket pair or no thread.
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
    // A name that is still being resolved is nothing to wait for.
    runtime.shutdown_background();
    result
}
