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
    /// The server that showed it. The cluster's own word for where it is may be another:
    /// [`TrustedCluster::server`].
    #[must_use]
    pub fn asked(&self) -> &Endpoint {
        &self.asked
    }

    /// The cluster.
    #[must_use]
    pub fn cluster(&self) -> &TrustedCluster {
        &self.cluster
    }

    /// The tokens by which there are signatures in cluster-info, in order; none where it was not to be read.
    #[must_use]
    pub fn signed_by(&self) -> &[TokenId] {
        &self.signed_by
    }
}
