//! Why a token does not let a machine join: looked at from the inside, with the rights of an administrator.

mod bearer;
mod elsewhere;
mod facts;
mod finding;
mod judge;
mod known;
pub(crate) mod review;
mod signing;
mod unchecked;

use std::time::SystemTime;

use bootstrap_token::{Token, TokenId};
use bootstrap_token_discovery::UnverifiedCluster;

use crate::request::Purpose;
use crate::{BootstrapTokens, Error};
use facts::Facts;
pub use finding::{Finding, Unsigned};
pub use known::Known;
pub use unchecked::{Unchecked, WhyUnchecked};

/// What is to be looked into.
#[derive(Debug, Clone)]
pub enum Subject {
    /// Whether the cluster can be joined by tokens at all.
    Cluster,
    /// A token of which the ID is known.
    Id(TokenId),
    /// A token.
    Token(Token),
}

/// What came of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Diagnosis {
    /// In the order in which one would mend it; none for a token by which a machine can join.
    pub findings: Vec<Finding>,
    /// What could not be looked at, and why: nothing is known of it.
    pub unchecked: Vec<(Unchecked, WhyUnchecked)>,
    /// The API server's time, by which expirations count.
    pub server_time: Option<SystemTime>,
    /// The cluster that cluster-info sends machines to, if it names one.
    pub cluster: Option<UnverifiedCluster>,
    /// The `metadata.uid` of cluster-info, by which it is told from another cluster's; empty where there is none.
    pub uid: String,
}

impl BootstrapTokens {
    /// Looks for everything that keeps a machine from joining by a token. Reads only, in at most nine requests
    /// within one [`deadline`](crate::Policy::deadline), repeated only where the API server is busy or breaks off.
    ///
    /// # Errors
    /// Neither the token's Secret nor cluster-info could be read, for another reason than that they are not there.
    pub async fn diagnose(&self, subject: &Subject, known: &Known) -> Result<Diagnosis, Error> {
        let mut call = self.call(Purpose::Diagnose);
        let facts = Facts::collect(&mut call, subject, known)
            .await
            .map_err(|failure| call.error(failure))?;
        let cluster = facts.cluster_info.as_ref();
        Ok(Diagnosis {
            findings: judge::findings(subject, &facts, known),
            server_time: facts.there,
            cluster: cluster.and_then(|info| info.danger_unverified_cluster().ok()),
            uid: facts.uid,
            unchecked: facts
                .unchecked
                .into_iter()
                .map(|(what, why)| (what, why.told(&call)))
                .collect(),
        })
    }
}

impl Subject {
    /// The token's ID.
    pub fn id(&self) -> Option<TokenId> {
        match self {
            Self::Cluster => None,
            Self::Id(id) => Some(*id),
            Self::Token(token) => Some(token.id()),
        }
    }
}
