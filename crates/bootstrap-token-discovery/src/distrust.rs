use core::fmt;
use std::error::Error;
use std::time::SystemTime;

use bootstrap_token::TokenId;

use crate::{Hashed, ParseCertificateError, ParseEndpointError, Pin, VerifyError};

/// Why a cluster that shows itself by this cluster-info is not to be trusted.
///
/// Holds nothing secret, and nothing of the kubeconfig but what is named.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Distrust {
    /// There is no kubeconfig in it: the cluster is not set up for joining by token.
    NoKubeconfig,
    /// There is no signature by this token.
    NotSigned {
        /// The tokens by which there are some.
        by: Vec<TokenId>,
    },
    /// The signature under this token's ID is not that of this token over this kubeconfig.
    Signature(VerifyError),
    /// The kubeconfig is no YAML, not of the form of a kubeconfig, or has aliases, or is far too large.
    Malformed {
        /// The line where reading ended, counted from 1, if one can be told.
        line: Option<usize>,
    },
    /// It is an object of another kind or version than `v1` `Config`.
    NotAKubeconfig,
    /// It names no cluster.
    NoCluster,
    /// It names more than one, and there is no telling which is meant.
    SeveralClusters {
        /// How many.
        found: usize,
    },
    /// The cluster has a name that is not the current context's, so that kubeadm finds none.
    NotCurrent,
    /// The cluster's `server` is missing, or no address of an API server.
    Server(ParseEndpointError),
    /// The cluster has no `certificate-authority-data`.
    NoAuthority,
    /// `certificate-authority-data` is no base64.
    AuthorityNotBase64,
    /// What is in `certificate-authority-data` is no bundle of certificates.
    Authority(ParseCertificateError),
    /// None of the CA certificates is pinned.
    NotPinned {
        /// The pins of those that are there.
        found: Vec<Pin>,
        /// What a pin that was given is the hash of instead.
        hashed: Option<Hashed>,
    },
    /// The CA certificates that are pinned have expired.
    Expired {
        /// When the last of them did.
        not_after: SystemTime,
    },
    /// The CA certificates that are pinned are not valid yet; perhaps this machine's clock is behind.
    NotYetValid {
        /// From when on the first of them is.
        not_before: SystemTime,
    },
}

impl fmt::Display for Distrust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKubeconfig => f.write_str("there is no kubeconfig in cluster-info"),
            Self::NotSigned { by } if by.is_empty() => {
                f.write_str("cluster-info is not signed by any token")
            }
            Self::NotSigned { by } => {
                f.write_str("cluster-info is not signed by this token, but by ")?;
                list(f, by.iter().map(TokenId::as_str))
            }
            Self::Signature(_) => f.write_str("the signature in cluster-info does not verify"),
            Self::Malformed { line: None } => f.write_str("the kubeconfig cannot be read"),
            Self::Malformed { line: Some(line) } => {
                write!(f, "the kubeconfig cannot be read beyond line {line}")
            }
            Self::NotAKubeconfig => f.write_str("the kubeconfig is not of kind Config, version v1"),
            Self::NoCluster => f.write_str("the kubeconfig names no cluster"),
            Self::SeveralClusters { found } => {
                write!(f, "the kubeconfig names {found} clusters instead of one")
            }
            Self::NotCurrent => {
                f.write_str("the kubeconfig's cluster has a name and is not the current context's")
            }
            Self::Server(_) => f.write_str("the cluster's server is no address"),
            Self::NoAuthority => f.write_str("the cluster has no certificate-authority-data"),
            Self::AuthorityNotBase64 => f.write_str("certificate-authority-data is no base64"),
            Self::Authority(_) => f.write_str("certificate-authority-data is no bundle"),
            Self::NotPinned {
                hashed: Some(hashed),
                ..
            } => write!(
                f,
                "the cluster's CA is not pinned: the pin given is the SHA-256 of {hashed}, not of its public key in DER"
            ),
            // Not its pin: somebody would copy that, and trust whoever answered.
            Self::NotPinned { .. } => f.write_str("the cluster's CA is not pinned"),
            Self::Expired { .. } => f.write_str("the cluster's CA certificate has expired"),
            Self::NotYetValid { .. } => {
                f.write_str("the cluster's CA certificate is not valid yet")
            }
        }
    }
}

/// The first few of possibly thousands.
fn list<T: fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    items: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
) -> fmt::Result {
    const SHOWN: usize = 8;

    let items = items.into_iter();
    let more = items.len().saturating_sub(SHOWN);
    for (number, item) in items.take(SHOWN).enumerate() {
        let before = if number == 0 { "" } else { ", " };
        write!(f, "{before}{item}")?;
    }
    if more > 0 {
        write!(f, " and {more} more")?;
    }
    Ok(())
}

impl Error for Distrust {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Signature(source) => Some(source),
            Self::Server(source) => Some(source),
            Self::Authority(source) => Some(source),
            _ => None,
        }
    }
}
