use core::fmt;
use std::collections::BTreeMap;
use std::error::Error;
use std::time::SystemTime;

use bootstrap_token::TokenId;
use bootstrap_token_discovery::cluster_info::{signature_id, signature_key};
use bootstrap_token_discovery::{
    ClusterInfo, DetachedJws, Distrust, UnverifiedCluster, VerifyError,
};
use bootstrap_token_secret::{Defect, keys};

use crate::Stored;

/// The signatures in cluster-info next to the expected ones, by key.
///
/// Follows `signConfigMap` of `k8s.io/kubernetes/pkg/controller/bootstrap`: one signature for each unexpired token that
/// may be used for signing, and no other key with the prefix. One exception: the controller manager signs with any
/// token secret, even a malformed one. Such a signature is left unchanged, since no joining machine can have that
/// token.
#[derive(Debug, Clone)]
pub struct Signatures {
    kubeconfig: String,
    cluster: Result<UnverifiedCluster, Distrust>,
    all: BTreeMap<String, Signature>,
}

/// One signature that exists or should exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    state: SignatureState,
    /// The expected signature, if any.
    wanted: Option<DetachedJws>,
    found: String,
}

/// The state of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureState {
    /// It equals the controller manager's.
    Good,
    /// The token should sign, but its signature does not exist.
    Missing,
    /// It differs from the expected one: the kubeconfig changed, another token secret signed, or it is not a signature.
    Stale(VerifyError),
    /// The token secret is malformed, so nobody can verify the signature. It is neither added nor deleted.
    Unusable(Defect),
    /// The signature should not exist.
    Dead(Dead),
}

/// Why a signature should not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dead {
    /// The key does not name a valid token ID.
    NoId,
    /// The token does not exist: no Secret has its name, or that Secret has another type.
    NoToken,
    /// The token may not sign.
    Disabled(Defect),
}

impl Signatures {
    /// Collects the signatures in `info`, each dead until [`add_token`](Self::add_token) sees its token. Returns `None`
    /// without a kubeconfig.
    pub(crate) fn of(info: &ClusterInfo) -> Option<Self> {
        let dead = |(key, value): (&str, &str)| {
            let why = signature_id(key).map_or(Dead::NoId, |_| Dead::NoToken);
            let signature = Signature {
                state: SignatureState::Dead(why),
                wanted: None,
                found: value.to_owned(),
            };
            (key.to_owned(), signature)
        };
        Some(Self {
            kubeconfig: info.kubeconfig()?.to_owned(),
            cluster: info.danger_unverified_cluster(),
            all: info.signatures().map(dead).collect(),
        })
    }

    /// Takes a token into account, as `validateSecretForSigning` does.
    pub(crate) fn add_token(&mut self, stored: &Stored, now: SystemTime) {
        let id = stored.name().strip_prefix(keys::SECRET_PREFIX);
        let Some(id) = id.and_then(|id| id.parse().ok()) else {
            return;
        };
        let key = signature_key(id);
        let disabling = stored
            .defects(now)
            .into_iter()
            .find(Defect::disables_signing);
        let found = self.all.get(&key).map(|signature| &*signature.found);
        let (state, wanted) = match (disabling, stored.token()) {
            (None, Ok(token)) => {
                let (content, token) = (self.kubeconfig.as_bytes(), token.token());
                let state = match found.map(|found| DetachedJws::verify(found, content, token)) {
                    None => SignatureState::Missing,
                    Some(Ok(())) => SignatureState::Good,
                    Some(Err(error)) => SignatureState::Stale(error),
                };
                (state, Some(DetachedJws::sign(content, token)))
            }
            // A signature that neither exists nor should exist is not reported.
            _ if found.is_none() => return,
            (Some(defect), _) => (SignatureState::Dead(Dead::Disabled(defect)), None),
            (None, Err(defect)) => (SignatureState::Unusable(defect.clone()), None),
        };
        let found = found.unwrap_or_default().to_owned();
        let signature = Signature {
            state,
            wanted,
            found,
        };
        self.all.insert(key, signature);
    }

    /// Returns the cluster that the signatures vouch for.
    ///
    /// # Errors
    /// The kubeconfig in cluster-info does not hold exactly one cluster with its CA certificates.
    pub fn danger_unverified_cluster(&self) -> Result<&UnverifiedCluster, &Distrust> {
        self.cluster.as_ref()
    }

    /// Returns whether no signature has to be added, replaced or deleted.
    pub fn are_in_order(&self) -> bool {
        self.changes().next().is_none()
    }

    /// Iterates over the signatures with their keys in cluster-info, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Signature)> {
        self.all.iter().map(|(key, signature)| (&**key, signature))
    }

    /// Iterates over the keys to change, with the new value, or `None` to delete the key.
    pub fn changes(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let changes = self
            .iter()
            .filter(|(_, signature)| !signature.is_in_order());
        changes.map(|(key, signature)| (key, signature.wanted.as_ref().map(DetachedJws::as_str)))
    }
}

impl Signature {
    /// Returns the state.
    pub fn state(&self) -> &SignatureState {
        &self.state
    }

    /// Returns whether the signature is correct or not ours to change.
    pub fn is_in_order(&self) -> bool {
        matches!(
            self.state,
            SignatureState::Good | SignatureState::Unusable(_)
        )
    }

    /// Returns the ID of the token that signs under a key of cluster-info, or `None` if the prefix is not followed by a
    /// valid token ID.
    pub fn id(key: &str) -> Option<TokenId> {
        signature_id(key)
    }
}

impl fmt::Display for SignatureState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good => f.write_str("it verifies"),
            Self::Missing => f.write_str("there is none"),
            Self::Stale(error) => error.fmt(f),
            Self::Unusable(defect) => chain(f, "of its token: ", defect),
            Self::Dead(dead) => dead.fmt(f),
        }
    }
}

impl fmt::Display for Dead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoId => f.write_str("its key names no token ID"),
            Self::NoToken => f.write_str("there is no bootstrap token of this ID"),
            Self::Disabled(defect) => chain(f, "of its token: ", defect),
        }
    }
}

fn chain(f: &mut fmt::Formatter<'_>, before: &str, defect: &Defect) -> fmt::Result {
    write!(f, "{before}{defect}")?;
    match defect.source() {
        Some(source) => write!(f, ": {source}"),
        None => Ok(()),
    }
}
