//! Why a token does not let a machine join: looked at from the inside, with the rights of an administrator.

mod facts;
mod finding;
mod judge;
mod review;

use std::time::SystemTime;

use bootstrap_token::{Token, TokenId};
use bootstrap_token_discovery::Pin;

use crate::request::Purpose;
use crate::{BootstrapTokens, Error};
use facts::Facts;
pub use finding::{Finding, Unsigned};

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
    pub unchecked: Vec<(Unchecked, Error)>,
    /// The API server's time, by which expirations count.
    pub server_time: Option<SystemTime>,
}

/// What could not be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unchecked {
    /// Whether the API server takes the token.
    Authentication,
    /// Whether its groups may ask for a certificate, and get it.
    CertificateRights,
    /// Whether anybody may read cluster-info.
    PublicRead,
    /// Whether the signer may write it.
    SignerRights,
    /// Whether the controller manager runs.
    ControllerManager,
    /// The other tokens.
    OtherTokens,
}

impl BootstrapTokens {
    /// Looks for everything that keeps a machine from joining by a token. Reads only, in at most nine requests
    /// within one [`deadline`](crate::Policy::deadline).
    ///
    /// `now` is this machine's time, `trusted` the pins of the certificate authorities by which the API server is
    /// known to the caller; where there are none, those in cluster-info are not compared with any.
    ///
    /// # Errors
    /// Neither the token's Secret nor cluster-info could be read, for another reason than that they are not there.
    pub async fn diagnose(
        &self,
        subject: &Subject,
        trusted: &[Pin],
        now: SystemTime,
    ) -> Result<Diagnosis, Error> {
        let mut call = self.call(Purpose::Diagnose);
        let facts = Facts::collect(&mut call, subject, now)
            .await
            .map_err(|failure| call.error(failure))?;
        Ok(Diagnosis {
            findings: judge::findings(subject, &facts, trusted),
            server_time: facts.there,
            unchecked: facts
                .unchecked
                .into_iter()
                .map(|(what, failure)| (what, call.error(failure)))
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
