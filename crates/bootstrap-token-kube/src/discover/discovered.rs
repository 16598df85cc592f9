use bootstrap_token::TokenId;
use bootstrap_token_discovery::{Endpoint, TrustedCluster};

/// A cluster that was found and may be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovered {
    pub(super) asked: Endpoint,
    pub(super) cluster: TrustedCluster,
    pub(super) signed_by: Vec<TokenId>,
}

impl Discovered {
    /// Returns the server that answered. [`TrustedCluster::server`] may name another one.
    #[must_use]
    pub fn asked(&self) -> &Endpoint {
        &self.asked
    }

    /// Returns the cluster.
    #[must_use]
    pub fn cluster(&self) -> &TrustedCluster {
        &self.cluster
    }

    /// Returns the IDs of the tokens that sign cluster-info, in order. Empty if cluster-info was not read.
    #[must_use]
    pub fn signed_by(&self) -> &[TokenId] {
        &self.signed_by
    }
}
