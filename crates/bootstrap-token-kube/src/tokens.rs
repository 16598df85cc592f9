use core::fmt;

use kube::{Client, Config};

use crate::call::Call;
use crate::client::client;
use crate::error::Error;
use crate::policy::Policy;
use crate::request::Purpose;

/// A client that creates, gets, lists and deletes a cluster's bootstrap tokens through its API server.
///
/// Cloning is cheap: clones share the connections.
#[derive(Clone)]
pub struct BootstrapTokens {
    client: Client,
    pub(crate) policy: Policy,
}

impl BootstrapTokens {
    /// Uses an existing client.
    ///
    /// The client may repeat requests, as kube's do unless `Config::default_retry` is off. A repeated request counts as
    /// sent twice.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            policy: Policy::default(),
        }
    }

    /// Builds a client with [`kube_transport`] from a kubeconfig's configuration, including its `proxy_url`. A
    /// `User-Agent` among its headers replaces this crate's name.
    ///
    /// Runs the credential plugin of the kubeconfig, without a deadline and up to three times, as often as kube wants
    /// its credentials.
    ///
    /// # Errors
    /// The credentials are not available ([`is_credentials`](Error::is_credentials)), or the certificates or keys
    /// cannot be read.
    pub fn from_config(config: Config) -> Result<Self, Error> {
        client(config)
            .map(Self::new)
            .map_err(|failure| Error::new(Purpose::Connect, failure.kind).caused_by(failure.source))
    }

    /// Sets the deadline and page size.
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
