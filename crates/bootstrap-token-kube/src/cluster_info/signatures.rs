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

/// The signatures in cluster-info, beside those that should be there, by key.
///
/// What is signed is decided as in `signConfigMap` of `k8s.io/kubernetes/pkg/controller/bootstrap`: one
/// signature by each token that may be used for signing and has not expired, and no other key with the prefix
/// of one. There is one exception: it signs with whatever stands in the place of a token secret, and
/// such a signature is left as it is found, since no newcomer can have that token.
#[derive(Debug, Clone)]
pub struct Signatures {
    kubeconfig: String,
    cluster: Result<UnverifiedCluster, Distrust>,
    all: BTreeMap<String, Signature>,
}

/// One that is there, or should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    state: SignatureState,
    /// What should be there, if anything.
    wanted: Option<DetachedJws>,
    found: String,
}

/// How a signature stands.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureState {
    /// It is what the controller manager makes.
    Good,
    /// The token should sign, and there is none.
    Missing,
    /// It is another than the one that should be there: the kubeconfig was changed since, or another secret
    /// signed, or it is none at all.
    Stale(VerifyError),
    /// The token's secret is malformed, so that nobody can verify by it. It is neither made nor taken away.
    Unusable(Defect),
    /// Nobody should have signed.
    Dead(Dead),
}

/// Why there should be no signature.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dead {
    /// What its key names is no token ID.
    NoId,
    /// There is no token of that ID: no Secret of that name, or one of another type.
    NoToken,
    /// The token is not to sign.
    Disabled(Defect),
}

impl Signatures {
    /// Of what was read, all of them dead until a token speaks for them; `None` without a kubeconfig.
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

    /// Takes a token into account: `validateSecretForSigning`.
    pub(crate) fn judge(&mut self, stored: &Stored, now: SystemTime) {
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
            // What is not there, and should not be, is nothing to tell of.
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

    /// What the signatures vouch for, or why it leads nobody to a cluster.
    ///
    /// # Errors
    /// The kubeconfig in cluster-info is not one with one cluster and its CA certificates.
    pub fn danger_unverified_cluster(&self) -> Result<&UnverifiedCluster, &Distrust> {
        self.cluster.as_ref()
    }

    /// Whether there is nothing to publish or to take away.
    pub fn are_in_order(&self) -> bool {
        self.changes().next().is_none()
    }

    /// Each with its key in cluster-info, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Signature)> {
        self.all.iter().map(|(key, signature)| (&**key, signature))
    }

    /// The keys that must change, with the value that should be there, or without one.
    pub fn changes(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let changes = self
            .iter()
            .filter(|(_, signature)| !signature.is_in_order());
        changes.map(|(key, signature)| (key, signature.wanted.as_ref().map(DetachedJws::as_str)))
    }
}

impl Signature {
    /// How it stands.
    pub fn state(&self) -> &SignatureState {
        &self.state
    }

    /// Whether it is as it should be, or none of our business.
    pub fn is_in_order(&self) -> bool {
        matches!(
            self.state,
            SignatureState::Good | SignatureState::Unusable(_)
        )
    }

    /// By which token the signature under a key of cluster-info is; `None` if what follows the prefix is no
    /// token ID.
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
