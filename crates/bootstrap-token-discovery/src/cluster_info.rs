//! The ConfigMap by which a cluster shows itself to newcomers. The names in it are constants of
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
/// The key of the kubeconfig that is signed: `KubeConfigKey`.
pub const KUBECONFIG: &str = "kubeconfig";
/// What stands before the token ID in the key of a signature: `JWSSignatureKeyPrefix`.
pub const SIGNATURE_PREFIX: &str = "jws-kubeconfig-";

/// The key under which the signature by a token stands.
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

/// By which token the signature under a key is; `None` if it is none.
#[must_use]
pub fn signature_id(key: &str) -> Option<TokenId> {
    key.strip_prefix(SIGNATURE_PREFIX)?.parse().ok()
}

/// The data of cluster-info as it came, from whoever answered: nothing in it is to be trusted yet.
#[derive(Clone, PartialEq, Eq)]
pub struct ClusterInfo {
    data: BTreeMap<String, String>,
}

impl ClusterInfo {
    /// Of the `data` of the ConfigMap.
    #[must_use]
    pub fn new(data: BTreeMap<String, String>) -> Self {
        Self { data }
    }

    /// The kubeconfig, if there is one. An empty one is none, as upstream has it.
    #[must_use]
    pub fn kubeconfig(&self) -> Option<&str> {
        self.non_empty(KUBECONFIG)
    }

    /// The signature by a token, if there is one.
    #[must_use]
    pub fn signature(&self, id: TokenId) -> Option<&str> {
        self.non_empty(&signature_key(id))
    }

    /// The tokens by which there are signatures, in order.
    pub fn signed_by(&self) -> impl Iterator<Item = TokenId> {
        self.data.keys().filter_map(|key| signature_id(key))
    }

    /// How long its data is, in bytes: that of the values, as `ValidateConfigMap` of
    /// `k8s.io/kubernetes/pkg/apis/core/validation` counts it. What is under `binaryData`, where nobody looks for
    /// anything of cluster-info's, is not known here.
    pub fn bytes(&self) -> usize {
        self.data.values().map(String::len).sum()
    }

    /// All that stands where a signature should, by its key, in order: also what is empty, or under something
    /// that is no token ID.
    pub fn signatures(&self) -> impl Iterator<Item = (&str, &str)> {
        self.data
            .iter()
            .filter(|(key, _)| key.starts_with(SIGNATURE_PREFIX))
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The cluster in its kubeconfig, whoever wrote it: to be shown, not to be trusted.
    ///
    /// # Errors
    /// There is no kubeconfig, or not one with one cluster and its CA certificates.
    pub fn danger_unverified_cluster(&self) -> Result<UnverifiedCluster, Distrust> {
        kubeconfig::read(self.kubeconfig().ok_or(Distrust::NoKubeconfig)?)
    }

    /// The kubeconfig, if the token signed it.
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

    /// The cluster behind it, if there is reason to trust it: the token signed the kubeconfig, and what the
    /// newcomer knows beforehand vouches for the CA certificates in it.
    ///
    /// # Errors
    /// The first reason not to.
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

/// A kubeconfig that somebody who knows the token secret has signed. Whether that was the cluster, only an
/// [`Anchor`] can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verified<'a>(&'a str);

impl<'a> Verified<'a> {
    /// Its text.
    #[must_use]
    pub fn kubeconfig(self) -> &'a str {
        self.0
    }

    /// The one cluster in it, with those of its CA certificates that the anchor vouches for.
    ///
    /// # Errors
    /// It has none, several, or none that is to be trusted.
    pub fn trust(self, anchor: &Anchor, now: SystemTime) -> Result<TrustedCluster, Distrust> {
        kubeconfig::read(self.0)?.trust(anchor, now)
    }
}
