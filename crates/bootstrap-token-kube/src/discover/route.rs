use bootstrap_token_discovery::Endpoint;
use http::HeaderValue;
use kube_transport::Proxy;

/// The way to an API server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub(super) server: Endpoint,
    pub(super) tls_server_name: Option<String>,
    pub(super) proxy: Option<Proxy>,
    pub(super) user_agent: Option<HeaderValue>,
}

impl Route {
    /// Straight to it.
    #[must_use]
    pub fn to(server: Endpoint) -> Self {
        Self {
            server,
            tls_server_name: None,
            proxy: None,
            user_agent: None,
        }
    }

    /// To a server whose certificate has this name in the place of the server's own.
    #[must_use]
    pub fn tls_server_name(mut self, name: Option<String>) -> Self {
        self.tls_server_name = name;
        self
    }

    /// Through a proxy.
    #[must_use]
    pub fn through(mut self, proxy: Option<Proxy>) -> Self {
        self.proxy = proxy;
        self
    }

    /// By another `User-Agent` than this crate's name.
    #[must_use]
    pub fn user_agent(mut self, name: HeaderValue) -> Self {
        self.user_agent = Some(name);
        self
    }

    /// The server at its end.
    #[must_use]
    pub fn server(&self) -> &Endpoint {
        &self.server
    }

    /// Whether there is no proxy on it.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        self.proxy.is_none()
    }
}
