use core::fmt;

use kube::{Client, Config};

use crate::call::Call;
use crate::client::client;
use crate::error::Error;
use crate::policy::Policy;
use crate::request::Purpose;

/// The bootstrap tokens of a cluster: create, get, list and delete them through its API server.
///
/// Cheap to clone; clones share the client's connections.
#[derive(Clone)]
pub struct BootstrapTokens {
    client: Client,
    pub(crate) policy: Policy,
}

impl BootstrapTokens {
    /// Over a client of the caller's.
    ///
    /// The client may repeat requests by itself, as kube's do unless `Config::default_retry` is off: what it has
    /// repeated counts as sent twice.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            policy: Policy::default(),
        }
    }

    /// Over a client made for the purpose, from what a kubeconfig says, by [`kube_transport`]. The configuration's `proxy_url` is
    /// the proxy, if it has one. A `User-Agent` among its headers is sent in place of this crate's name.
    ///
    /// A credential plugin that the kubeconfig names is run here, for as long as it takes and as often as
    /// kube wants its credentials: up to three times. No deadline applies.
    ///
    /// # Errors
    /// The credentials cannot be had ([`is_credentials`](Error::is_credentials)), or the certificates or
    /// keys cannot be read.
    pub fn from_config(config: Config) -> Result<Self, Error> {
        client(config)
            .map(Self::new)
            .map_err(|failure| Error::new(Purpose::Connect, failure.kind).caused_by(failure.source))
    }

    /// Sets deadline and page size.
    #[must_use]
    pub fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    pub(crate) fn call(&self, purpose: Purpose) -> Call<'_> {
        Call::new(&self.client, &self.policy, purpose)
    }
}

impl fmt::Debug for BootstrapTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BootstrapTokens")
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
