use core::fmt;
use core::time::Duration;

use http::header::{HeaderName, PROXY_AUTHORIZATION, USER_AGENT};
use http::{HeaderValue, Uri};
use hyper_util::client::legacy;
use hyper_util::rt::TokioExecutor;
use kube::client::{AuthError, Body, ClientBuilder, ConfigExt as _};
use kube::{Client, Config};
use tower::ServiceBuilder;

use crate::connector::Connector;
use crate::handover::{Progress, Watch};
use crate::plugin::{Bearer, Plugin, PluginError};
use crate::proxy::{ParseProxyError, Proxy, Scheme};
use crate::refusal;
use crate::tls::{self, IdentityError, RootsError, TlsError};

/// Builds a [`kube::Client`] from a kubeconfig's configuration, with this crate's connections.
///
/// kube's own choice of a proxy is ignored: set one with [`through`](Self::through). The client has no read timeout and
/// does not retry.
pub struct Transport {
    config: Config,
    proxy: Option<Proxy>,
    user_agent: Option<HeaderValue>,
    limit: Duration,
}

impl Transport {
    /// The timeout of each step (TCP connection, TLS handshake, proxy tunnel): long enough for two lost packets, short
    /// enough for a second try within kubeadm's ten seconds.
    pub const LIMIT: Duration = Duration::from_secs(4);

    /// Connects directly to the server of `config`. Its `proxy_url` is ignored.
    pub fn new(config: Config) -> Self {
        Self {
            config,
            proxy: None,
            user_agent: None,
            limit: Self::LIMIT,
        }
    }

    /// Sets the proxy.
    #[must_use]
    pub fn through(mut self, proxy: Option<Proxy>) -> Self {
        self.proxy = proxy;
        self
    }

    /// Sets the `User-Agent`, unless the headers of the configuration have one.
    #[must_use]
    pub fn user_agent(mut self, name: HeaderValue) -> Self {
        self.user_agent = Some(name);
        self
    }

    /// Builds the client.
    ///
    /// Runs the configuration's credential plugin once. A client certificate from it is never renewed.
    ///
    /// # Errors
    /// The configuration's credentials or certificates cannot be used, or its server would be sent secrets that others can
    /// read. Such a server is refused before the plugin runs.
    pub fn client(self) -> Result<Client, TransportError> {
        let Self {
            mut config,
            proxy,
            user_agent,
            limit,
        } = self;
        refusal::check(&config, proxy.as_ref())?;
        let server = config.cluster_url.clone();
        let has = |headers: &[(HeaderName, HeaderValue)]| {
            headers.iter().find(|(name, _)| name == USER_AGENT).cloned()
        };
        let user_agent = match has(&config.headers) {
            Some((_, name)) => Some(name),
            None => user_agent.inspect(|name| config.headers.push((USER_AGENT, name.clone()))),
        };
        if let Some(value) = proxy_authorization(proxy.as_ref(), &server) {
            config.headers.push((PROXY_AUTHORIZATION, value));
        }
        let plugin = Plugin::take(&mut config.auth_info);
        let credentials = config.auth_layer().map_err(TransportError::from_kube)?;
        let token = match plugin.filter(|_| credentials.is_none()) {
            Some(plugin) => plugin.run(&mut config.auth_info)?,
            None => None,
        };
        let headers = config
            .extra_headers_layer()
            .map_err(TransportError::from_kube)?;
        let is_plain = server.scheme_str() == Some("http");
        let roots = if config.accept_invalid_certs {
            None
        } else {
            tls::roots(&config)?
        };
        let tls = match tls::server_config(&config, roots.as_deref()) {
            // A server without TLS does not need the system's certificate authorities.
            Err(TlsError::Roots(RootsError::System(_))) if is_plain => None,
            // Like client-go, reads those of the configuration anyway.
            tls => Some(tls?),
        };
        let progress = Progress::default();
        let connector = Connector {
            tls,
            tls_server_name: config.tls_server_name.clone(),
            proxy_tls: proxy
                .as_ref()
                .filter(|proxy| proxy.scheme() == Scheme::Https)
                .and_then(|_| tls::proxy_config(roots.as_deref())),
            proxy,
            user_agent,
            limit,
            progress: progress.clone(),
        };
        let inner: legacy::Client<_, Body> =
            legacy::Client::builder(TokioExecutor::new()).build(connector);
        let service = ServiceBuilder::new()
            .layer(config.base_uri_layer())
            .option_layer(credentials)
            .layer(headers)
            .service(Bearer {
                inner: Watch { inner, progress },
                token,
            });
        Ok(ClientBuilder::new(service, config.default_namespace).build())
    }
}

/// Returns the proxy's credentials for each request: the proxy reads the requests of plain HTTP.
fn proxy_authorization(proxy: Option<&Proxy>, server: &Uri) -> Option<HeaderValue> {
    let proxy = proxy.filter(|proxy| !proxy.scheme().is_socks())?;
    (server.scheme_str() == Some("http"))
        .then(|| proxy.authorization())
        .flatten()
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("proxy", &self.proxy)
            .finish_non_exhaustive()
    }
}

/// Why no client could be built from a configuration.
#[derive(Debug)]
#[non_exhaustive]
pub enum TransportError {
    /// Its credentials are not available.
    Auth(AuthError),
    /// Its credential plugin returned no credential.
    Plugin(PluginError),
    /// One of its headers is not valid.
    Header,
    /// Its client certificate or key cannot be used.
    Identity(IdentityError),
    /// Its certificate authorities cannot be used.
    Roots(RootsError),
    /// Its `proxy_url` is not the URL of a proxy.
    Proxy(ParseProxyError),
    /// Its server uses plain HTTP, and the server or its proxy is not on this machine.
    PlainHttp,
    /// Its server's URL has a user name or a password.
    Login,
    /// It accepts any certificate, but has certificate authorities.
    Unverified,
}

impl TransportError {
    fn from_kube(error: kube::Error) -> Self {
        match error {
            kube::Error::Auth(error) => Self::Auth(error),
            _ => Self::Header,
        }
    }
}

impl From<PluginError> for TransportError {
    fn from(error: PluginError) -> Self {
        Self::Plugin(error)
    }
}

impl From<RootsError> for TransportError {
    fn from(error: RootsError) -> Self {
        Self::Roots(error)
    }
}

impl From<TlsError> for TransportError {
    fn from(error: TlsError) -> Self {
        match error {
            TlsError::Identity(error) => Self::Identity(error),
            TlsError::Roots(error) => Self::Roots(error),
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auth(_) => "the credentials cannot be had",
            Self::Plugin(_) => "the credential plugin gave no credential",
            Self::Header => "a header of the configuration cannot be sent",
            Self::Identity(_) => "the client certificate and its key cannot be used",
            Self::Roots(_) => "the certificate authorities cannot be used",
            Self::Proxy(_) => "the proxy cannot be used",
            Self::PlainHttp => {
                "the server is reached by plain HTTP, so that anybody in between can read the tokens"
            }
            Self::Login => "the URL of the server holds a user name or a password",
            Self::Unverified => {
                "the server's certificate is not to be verified, and there are certificate authorities for it"
            }
        })
    }
}

impl core::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Auth(error) => Some(error),
            Self::Identity(error) => Some(error),
            Self::Roots(error) => Some(error),
            Self::Proxy(error) => Some(error),
            Self::Plugin(error) => Some(error),
            Self::Header | Self::PlainHttp | Self::Login | Self::Unverified => None,
        }
    }
}
