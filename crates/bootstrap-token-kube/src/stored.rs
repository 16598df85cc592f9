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

/// A Secret that the API server holds as a bootstrap token, and what it says.
///
/// One that is no readable token has a name and a [`Defect`] for it, so that a list can name it and go on.
/// `Debug` shows no secret. The Secret's data is wiped on drop.
#[derive(Clone)]
pub struct Stored {
    media: Media,
    /// The Secret as it came, read again for what is seldom asked for.
    object: Bytes,
    name: String,
    created: Option<SystemTime>,
    has_metadata: bool,
    /// In a place of its own, since what is moved leaves a copy behind.
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

    /// The Secret's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// When the API server took it in, by its own clock.
    pub fn created(&self) -> Option<SystemTime> {
        self.created
    }

    pub(crate) fn has_metadata(&self) -> bool {
        self.has_metadata
    }

    /// Whether it has that token secret, readable as a token or not; compared in constant time.
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
        // It was read before, so that it can be read again.
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
