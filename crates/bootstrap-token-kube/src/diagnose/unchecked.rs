use core::fmt;
use std::error::Error as StdError;

use crate::Error;

/// What could not be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unchecked {
    /// Whether the API server takes the token, or, of the cluster as a whole, any.
    Authentication,
    /// Whether its groups may ask for a certificate, and get it.
    CertificateRights,
    /// Whether `kubeadm join` may read its configuration by the token.
    KubeadmRights,
    /// Whether anybody may read cluster-info.
    PublicRead,
    /// Whether the signer may write cluster-info.
    SignerRights,
    /// Whether the controller manager runs.
    ControllerManager,
    /// The other tokens.
    OtherTokens,
    /// Whether the Secret is in another namespace.
    OtherNamespaces,
}

/// Why not.
#[derive(Debug)]
#[non_exhaustive]
pub enum WhyUnchecked {
    /// The API server did not tell.
    Failed(Error),
    /// There is no token that it could be tried by.
    NoToken,
    /// The token was made a moment ago: the API server may have yet to learn of it.
    JustMade,
    /// There are more than that.
    MoreThan(u32),
}

impl fmt::Display for WhyUnchecked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(error) => error.fmt(f),
            Self::NoToken => f.write_str("there is no token to try it by"),
            Self::JustMade => f.write_str(
                "it was made a moment ago, and the API server may have yet to learn of it",
            ),
            Self::MoreThan(number) => write!(f, "there are more than {number}"),
        }
    }
}

impl StdError for WhyUnchecked {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Failed(error) => error.source(),
            _ => None,
        }
    }
}
