use core::fmt;
use std::error::Error;
use std::time::SystemTime;

use bootstrap_token::TokenId;

use crate::{Hashed, ParseCertificateError, ParseEndpointError, Pin, VerifyError};

/// Why the cluster in a cluster-info is not trusted.
///
/// Holds nothing secret, and nothing of the kubeconfig except the named fields.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Distrust {
    /// It has no kubeconfig: the cluster does not support joining by token.
    NoKubeconfig,
    /// This token has not signed it.
    NotSigned {
        /// The tokens that have.
        by: Vec<TokenId>,
    },
    /// The signature under this token's ID is not this token's signature of this kubeconfig.
    Signature(VerifyError),
    /// The kubeconfig is not YAML, not a kubeconfig, has aliases, or is far too large.
    Malformed {
        /// The line where parsing ended, counted from 1, if known.
        line: Option<usize>,
    },
    /// Its kind or version is not `v1` `Config`.
    NotAKubeconfig,
    /// It names no cluster.
    NoCluster,
    /// It names more than one cluster, and none of them is preferred.
    SeveralClusters {
        /// The number of clusters.
        found: usize,
    },
    /// The cluster's name is not the current context's, so kubeadm does not find it.
    NotCurrent,
    /// The cluster's `server` is missing, or not the address of an API server.
    Server(ParseEndpointError),
    /// The cluster has no `certificate-authority-data`.
    NoAuthority,
    /// `certificate-authority-data` is not base64.
    AuthorityNotBase64,
    /// `certificate-authority-data` is not a bundle of certificates.
    Authority(ParseCertificateError),
    /// None of the CA certificates is pinned.
    NotPinned {
        /// Their pins.
        found: Vec<Pin>,
        /// What a given pin is the hash of instead.
        hashed: Option<Hashed>,
    },
    /// The pinned CA certificates have expired.
    Expired {
        /// When the last of them expired.
        not_after: SystemTime,
    },
    /// The pinned CA certificates are not valid yet. Perhaps this machine's clock is slow.
    NotYetValid {
        /// When the first of them becomes valid.
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
            // The pin is left out: a user who copies it would trust an unknown server.
            Self::NotPinned { .. } => f.write_str("the cluster's CA is not pinned"),
            Self::Expired { .. } => f.write_str("the cluster's CA certificate has expired"),
            Self::NotYetValid { .. } => {
                f.write_str("the cluster's CA certificate is not valid yet")
            }
        }
    }
}

/// Writes the first few of possibly thousands.
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
