mod bulk;
mod error;
mod socks;
mod stream;
mod tcp;
mod tunnel;

use core::pin::Pin;
use core::task::{Context, Poll};
use core::time::Duration;
use std::io;
use std::sync::Arc;

use http::Uri;
use http::uri::Scheme as UriScheme;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::BufReader;
use tokio_rustls::TlsConnector;
use tower::Service;

pub use error::{ConnectError, Peer, Problem, Step};
use stream::Io;
pub(crate) use stream::Stream;

use crate::handover::Progress;
use crate::proxy::{Proxy, Scheme};
use crate::tls::BadCertificate;

/// Connects to a server, directly or through a proxy.
///
/// Each step has its own timeout. DNS has none: a resolver tries its second nameserver after five seconds.
#[derive(Clone)]
pub(crate) struct Connector {
    pub(crate) proxy: Option<Proxy>,
    /// `None` for a server of plain HTTP.
    pub(crate) tls: Option<Arc<ClientConfig>>,
    /// The server's name, if not the one in its URL.
    pub(crate) tls_server_name: Option<String>,
    /// For an https proxy, which is always verified.
    pub(crate) proxy_tls: Option<Arc<ClientConfig>>,
    pub(crate) user_agent: Option<http::HeaderValue>,
    pub(crate) limit: Duration,
    pub(crate) progress: Progress,
}

/// The address of a server.
pub(crate) struct Target {
    /// Without brackets.
    pub(crate) host: String,
    pub(crate) port: u16,
    is_tls: bool,
}

impl Target {
    fn of(uri: &Uri) -> Self {
        let is_tls = uri.scheme() != Some(&UriScheme::HTTP);
        let host = uri.host().unwrap_or_default();
        Self {
            host: host.trim_matches(['[', ']']).to_owned(),
            port: uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 }),
            is_tls,
        }
    }

    /// Returns `HOST:PORT`, as CONNECT and `Host` use it.
    pub(crate) fn authority(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') {
            format!("[{host}]:{port}")
        } else {
            format!("{host}:{port}")
        }
    }
}

/// The most bytes that one system call reads before decryption: two TLS records.
const READ: usize = 32 << 10;

impl Connector {
    async fn connect(self, target: Target) -> Result<Stream, ConnectError> {
        let Some(proxy) = &self.proxy else {
            let io = self.tcp(&Peer::Server, &target.host, target.port).await?;
            return self.to_server(io, &target).await.map(Stream::direct);
        };
        let peer = Peer::Proxy(proxy.to_string());
        let mut io = self.tcp(&peer, proxy.host(), proxy.port()).await?;
        if proxy.scheme() == Scheme::Https {
            io = self
                .tls(&peer, self.proxy_tls.as_ref(), proxy.host(), io)
                .await?;
        }
        if proxy.scheme().is_socks() {
            let asked = socks::connect(&mut io, &target, proxy.login());
            self.step(&peer, Step::Tunnel, asked).await?;
        } else if target.is_tls {
            let agent = self.user_agent.as_ref();
            let asked = tunnel::connect(&mut io, &target, proxy.authorization(), agent);
            self.step(&peer, Step::Tunnel, asked).await?;
        } else {
            return Ok(Stream::to_proxy(io));
        }
        self.to_server(io, &target).await.map(Stream::direct)
    }

    async fn to_server(&self, io: Io, target: &Target) -> Result<Io, ConnectError> {
        if !target.is_tls {
            return Ok(io);
        }
        let name = self.tls_server_name.as_ref().unwrap_or(&target.host);
        self.tls(&Peer::Server, self.tls.as_ref(), name, io).await
    }

    async fn tcp(&self, peer: &Peer, host: &str, port: u16) -> Result<Io, ConnectError> {
        self.progress.at(peer, Step::Resolve);
        let addresses = tcp::resolve(host, port)
            .await
            .map_err(|problem| ConnectError::new(peer.clone(), Step::Resolve, problem))?;
        self.step(peer, Step::Connect, tcp::connect(addresses, self.limit))
            .await
    }

    async fn tls(
        &self,
        peer: &Peer,
        config: Option<&Arc<ClientConfig>>,
        name: &str,
        io: Io,
    ) -> Result<Io, ConnectError> {
        let handshake = async {
            let config = config.cloned().ok_or(Problem::NoRoots)?;
            let name = ServerName::try_from(name.to_owned())
                .map_err(|error| Problem::Failed(error.into()))?;
            // rustls alone reads 4 KiB per system call.
            let io = BufReader::with_capacity(READ, io);
            let stream = TlsConnector::from(config).connect(name, io).await;
            stream.map(Io::new).map_err(refused)
        };
        self.step(peer, Step::Handshake, handshake).await
    }

    /// Runs one step within the timeout.
    async fn step<T>(
        &self,
        peer: &Peer,
        step: Step,
        action: impl Future<Output = Result<T, Problem>>,
    ) -> Result<T, ConnectError> {
        self.progress.at(peer, step);
        let done = match tokio::time::timeout(self.limit, action).await {
            Ok(done) => done,
            Err(_) => Err(Problem::TimedOut(self.limit)),
        };
        done.map_err(|problem| ConnectError::new(peer.clone(), step, problem))
    }
}

/// Classifies a failed handshake: a rejected certificate or another reason.
fn refused(error: io::Error) -> Problem {
    let tls = error.get_ref().and_then(|error| error.downcast_ref());
    match tls.and_then(BadCertificate::find) {
        Some(bad) => Problem::Certificate(bad.clone()),
        None => Problem::Failed(error.into()),
    }
}

impl Service<Uri> for Connector {
    type Response = Stream;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(Target::of(&uri)))
    }
}
