use bootstrap_token_discovery::Endpoint;
use http::HeaderValue;
use kube_transport::Proxy;

/// A route to an API server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub(super) server: Endpoint,
    pub(super) tls_server_name: Option<String>,
    pub(super) proxy: Option<Proxy>,
    pub(super) user_agent: Option<HeaderValue>,
}

impl Route {
    /// Creates a direct route.
    #[must_use]
    pub fn to(server: Endpoint) -> Self {
        Self {
            server,
            tls_server_name: None,
            proxy: None,
            user_agent: None,
        }
    }

    /// Sets the name that the server's certificate must have, in place of the server's host.
    #[must_use]
    pub fn tls_server_name(mut self, name: Option<String>) -> Self {
        self.tls_server_name = name;
        self
    }

    /// Sets the proxy.
    #[must_use]
    pub fn through(mut self, proxy: Option<Proxy>) -> Self {
        self.proxy = proxy;
        self
    }

    /// Sets the `User-Agent`, in place of this crate's name.
    #[must_use]
    pub fn user_agent(mut self, name: HeaderValue) -> Self {
        self.user_agent = Some(name);
        self
    }

    /// Returns the API server.
    #[must_use]
    pub fn server(&self) -> &Endpoint {
        &self.server
    }

    /// Returns whether the route has no proxy.
    #[must_use]
    pub fn is_direct(&self) -> bool {
        self.proxy.is_none()
    }
}
