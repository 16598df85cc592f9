use bootstrap_token_discovery::Endpoint;
use http::Uri;

/// The way to an API server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub(super) server: Endpoint,
    pub(super) proxy: Option<Uri>,
}

impl Route {
    /// Straight to it.
    #[must_use]
    pub fn to(server: Endpoint) -> Self {
        let proxy = None;
        Self { server, proxy }
    }

    /// Through a proxy. kube's features `http-proxy` and `socks5` say which kinds there are.
    #[must_use]
    pub fn through(mut self, proxy: Option<Uri>) -> Self {
        self.proxy = proxy;
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
