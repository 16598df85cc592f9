//! The ConfigMap that describes a cluster to joining machines. Its names are constants of
//! `k8s.io/cluster-bootstrap/token/api`.

use core::fmt;
use std::collections::BTreeMap;
use std::time::SystemTime;

use bootstrap_token::{Token, TokenId};

use crate::{Anchor, DetachedJws, Distrust, TrustedCluster, UnverifiedCluster, kubeconfig};

/// The namespace, which anybody may read: `metav1.NamespacePublic`.
pub const NAMESPACE: &str = "kube-public";
/// The name: `ConfigMapClusterInfo`.
pub const NAME: &str = "cluster-info";
/// The key of the signed kubeconfig: `KubeConfigKey`.
pub const KUBECONFIG: &str = "kubeconfig";
/// The prefix of a signature's key, before the token ID: `JWSSignatureKeyPrefix`.
pub const SIGNATURE_PREFIX: &str = "jws-kubeconfig-";

/// Returns the key of a token's signature.
///
/// ```
/// use bootstrap_token_discovery::cluster_info::{signature_id, signature_key};
///
/// let id = "07401b".parse()?;
/// assert_eq!(signature_key(id), "jws-kubeconfig-07401b");
/// assert_eq!(signature_id("jws-kubeconfig-07401b"), Some(id));
/// # Ok::<_, bootstrap_token::ParseTokenError>(())
/// ```
#[must_use]
pub fn signature_key(id: TokenId) -> String {
    format!("{SIGNATURE_PREFIX}{}", id.as_str())
}

/// Returns the ID of the token that signs under a key, or `None` for other keys.
#[must_use]
pub fn signature_id(key: &str) -> Option<TokenId> {
    key.strip_prefix(SIGNATURE_PREFIX)?.parse().ok()
}

/// The data of cluster-info as received, from anybody. Nothing in it is trusted yet.
#[derive(Clone, PartialEq, Eq)]
pub struct ClusterInfo {
    data: BTreeMap<String, String>,
}

impl ClusterInfo {
    /// Wraps the `data` of the ConfigMap.
    #[must_use]
    pub fn new(data: BTreeMap<String, String>) -> Self {
        Self { data }
    }

    /// Returns the kubeconfig. An empty one counts as missing, as upstream.
    #[must_use]
    pub fn kubeconfig(&self) -> Option<&str> {
        self.non_empty(KUBECONFIG)
    }

    /// Returns the signature of a token, if any.
    #[must_use]
    pub fn signature(&self, id: TokenId) -> Option<&str> {
        self.non_empty(&signature_key(id))
    }

    /// Iterates over the IDs of the tokens that sign, in order.
    pub fn signed_by(&self) -> impl Iterator<Item = TokenId> {
        self.data.keys().filter_map(|key| signature_id(key))
    }

    /// Returns the total length of the values in bytes, as `ValidateConfigMap` of
    /// `k8s.io/kubernetes/pkg/apis/core/validation` counts it, except for `binaryData`, which cluster-info does not
    /// use.
    pub fn bytes(&self) -> usize {
        self.data.values().map(String::len).sum()
    }

    /// Iterates over all keys with the prefix and their values, in order, even if the value is empty or the token ID is
    /// not valid.
    pub fn signatures(&self) -> impl Iterator<Item = (&str, &str)> {
        self.data
            .iter()
            .filter(|(key, _)| key.starts_with(SIGNATURE_PREFIX))
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// Returns the cluster in the kubeconfig. Nothing is verified: show it, but do not trust it.
    ///
    /// # Errors
    /// The kubeconfig is missing, or does not hold exactly one cluster with its CA certificates.
    pub fn danger_unverified_cluster(&self) -> Result<UnverifiedCluster, Distrust> {
        kubeconfig::read(self.kubeconfig().ok_or(Distrust::NoKubeconfig)?)
    }

    /// Returns the kubeconfig if the token signed it.
    ///
    /// # Errors
    /// [`NoKubeconfig`](Distrust::NoKubeconfig), [`NotSigned`](Distrust::NotSigned) or
    /// [`Signature`](Distrust::Signature).
    pub fn verify(&self, token: &Token) -> Result<Verified<'_>, Distrust> {
        let kubeconfig = self.kubeconfig().ok_or(Distrust::NoKubeconfig)?;
        let signature = self
            .signature(token.id())
            .ok_or_else(|| Distrust::NotSigned {
                by: self.signed_by().collect(),
            })?;
        DetachedJws::verify(signature, kubeconfig.as_bytes(), token)
            .map_err(Distrust::Signature)?;
        Ok(Verified(kubeconfig))
    }

    /// Returns the cluster if it can be trusted: the token signed the kubeconfig, and the anchor vouches for its CA
    /// certificates.
    ///
    /// # Errors
    /// The first reason not to trust it.
    pub fn trust(
        &self,
        token: &Token,
        anchor: &Anchor,
        now: SystemTime,
    ) -> Result<TrustedCluster, Distrust> {
        self.verify(token)?.trust(anchor, now)
    }

    fn non_empty(&self, key: &str) -> Option<&str> {
        self.data
            .get(key)
            .map(String::as_str)
            .filter(|text| !text.is_empty())
    }
}

impl fmt::Debug for ClusterInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClusterInfo")
            .field("kubeconfig", &self.kubeconfig().map(str::len))
            .field("signed_by", &self.signed_by().collect::<Vec<_>>())
            .finish()
    }
}

/// A kubeconfig signed by somebody who knows the token secret. Only an [`Anchor`] can tell if that was the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified<'a>(&'a str);

impl<'a> Verified<'a> {
    /// Returns its text.
    #[must_use]
    pub fn kubeconfig(self) -> &'a str {
        self.0
    }

    /// Returns its one cluster, with the CA certificates that the anchor vouches for.
    ///
    /// # Errors
    /// It has no cluster, several, or one that cannot be trusted.
    pub fn trust(self, anchor: &Anchor, now: SystemTime) -> Result<TrustedCluster, Distrust> {
        kubeconfig::read(self.0)?.trust(anchor, now)
    }
}
