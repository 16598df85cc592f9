use core::fmt;
use std::time::SystemTime;

use bootstrap_token::TokenSecret;
use bootstrap_token_secret::keys::TOKEN_SECRET;
use bootstrap_token_secret::{Defect, StoredToken};
use bytes::Bytes;
use k8s_openapi::api::core::v1::Secret;

use crate::error::BadReply;
use crate::wipe;
use crate::wire::{self, Media};

/// A Secret that the API server stores as a bootstrap token.
///
/// One that is not a valid token still has a name and a [`Defect`], so a list can report it and continue. `Debug` shows
/// no secret. The Secret's data is wiped on drop.
#[derive(Clone)]
pub struct Stored {
    media: Media,
    /// The encoded Secret, decoded again for rarely used fields.
    object: Bytes,
    name: String,
    created: Option<SystemTime>,
    has_metadata: bool,
    /// Boxed: moving it would leave a copy behind.
    token: Box<Result<StoredToken, Defect>>,
}

impl Stored {
    pub(crate) fn read(media: Media, object: Bytes) -> Result<Self, BadReply> {
        let secret = wire::Secret::read(media, &object)?;
        let metadata = secret.metadata.as_ref();
        Ok(Self {
            media,
            name: secret.name().to_owned(),
            created: metadata
                .and_then(|metadata| metadata.created)
                .map(Into::into),
            has_metadata: metadata.is_some(),
            token: Box::new(StoredToken::from_data(secret.name(), secret.data())),
            object,
        })
    }

    /// Returns the Secret's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns when the Secret was created, by the API server's clock.
    pub fn created(&self) -> Option<SystemTime> {
        self.created
    }

    pub(crate) fn has_metadata(&self) -> bool {
        self.has_metadata
    }

    /// Compares the token secret in constant time, even if the Secret is not a valid token.
    pub(crate) fn has_secret(&self, secret: &TokenSecret) -> bool {
        let Ok(stored) = wire::Secret::read(self.media, &self.object) else {
            return false;
        };
        let entry = stored
            .data()
            .filter(|(key, _)| *key == TOKEN_SECRET.as_bytes())
            .last();
        entry.is_some_and(|(_, value)| {
            TokenSecret::from_bytes(value).is_ok_and(|stored| stored == *secret)
        })
    }

    /// Returns the token, as kubeadm reads it.
    ///
    /// # Errors
    /// The defect that makes the token unreadable.
    pub fn token(&self) -> Result<&StoredToken, &Defect> {
        (*self.token).as_ref()
    }

    /// Converts to the token, as kubeadm reads it.
    ///
    /// # Errors
    /// The defect that makes the token unreadable.
    pub fn into_token(self) -> Result<StoredToken, Defect> {
        *self.token
    }

    /// Returns all defects of the bootstrap token, in the order in which to fix them.
    pub fn defects(&self, now: SystemTime) -> Vec<Defect> {
        let mut secret = self.expose_secret();
        let defects = bootstrap_token_secret::defects(&secret, now);
        wipe::data(&mut secret);
        defects
    }

    /// Returns the Secret with name, namespace, type, deletion time and data: the input of
    /// [`defects`](bootstrap_token_secret::defects). It is a plain Kubernetes object with the token secret: it is not
    /// wiped on drop, and its `Debug` shows its data.
    pub fn expose_secret(&self) -> Secret {
        // This cannot fail, since the object was read before.
        let secret = wire::Secret::read(self.media, &self.object);
        (&secret.unwrap_or_default()).into()
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
