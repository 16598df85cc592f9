use core::fmt;
use std::time::SystemTime;

use bootstrap_token::TokenSecret;
use bootstrap_token_secret::keys::TOKEN_SECRET;
use bootstrap_token_secret::{Defect, StoredToken};
use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::apimachinery::pkg::apis::meta::v1 as meta_v1;

use crate::{wipe, wire};

/// A Secret that the API server holds as a bootstrap token, and what it says.
///
/// One that is no readable token has a name and a [`Defect`] for it, so that a list can name it and go on.
/// `Debug` shows no secret. The Secret's data is wiped on drop.
#[derive(Clone)]
pub struct Stored {
    secret: wire::Secret,
    /// In a place of its own, since what is moved leaves a copy behind.
    token: Box<Result<StoredToken, Defect>>,
}

impl Stored {
    pub(crate) fn new(secret: wire::Secret) -> Self {
        let data = secret.data.iter().map(|entry| (entry.key(), &*entry.value));
        Self {
            token: Box::new(StoredToken::from_data(secret.name(), data)),
            secret,
        }
    }

    /// The Secret's name.
    pub fn name(&self) -> &str {
        self.secret.name()
    }

    /// When the API server took it in, by its own clock.
    pub fn created(&self) -> Option<SystemTime> {
        let time = self.secret.metadata.as_ref()?.creation_timestamp.as_ref()?;
        Some(meta_v1::Time::from(time).0.into())
    }

    /// Whether it has that token secret, readable as a token or not; compared in constant time.
    pub(crate) fn has_secret(&self, secret: &TokenSecret) -> bool {
        let mut entries = self.secret.data.iter();
        let entry = entries.find(|entry| entry.key() == TOKEN_SECRET);
        entry.is_some_and(|entry| {
            TokenSecret::from_bytes(&entry.value).is_ok_and(|stored| stored == *secret)
        })
    }

    /// The token, as kubeadm reads it.
    ///
    /// # Errors
    /// Why there is none to be read.
    pub fn token(&self) -> Result<&StoredToken, &Defect> {
        (*self.token).as_ref()
    }

    /// The token, as kubeadm reads it.
    ///
    /// # Errors
    /// Why there is none to be read.
    pub fn into_token(self) -> Result<StoredToken, Defect> {
        *self.token
    }

    /// All that is wrong with it as a bootstrap token, in the order in which one would mend it.
    pub fn defects(&self, now: SystemTime) -> Vec<Defect> {
        let mut secret = self.expose_secret();
        let defects = bootstrap_token_secret::defects(&secret, now);
        wipe::data(&mut secret);
        defects
    }

    /// The Secret: name, namespace, type, deletion time and data, which is what
    /// [`defects`](bootstrap_token_secret::defects) looks at. A plain Kubernetes object, token secret
    /// included: it is not wiped on drop, and its `Debug` shows its data.
    pub fn expose_secret(&self) -> Secret {
        (&self.secret).into()
    }
}

impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored")
            .field("name", &self.name())
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}
