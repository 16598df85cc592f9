use core::fmt;
use core::ops::Deref;

use bootstrap_token_secret::{Defect, StoredToken};
use k8s_openapi::api::core::v1::Secret;
use zeroize::Zeroize;

/// A Secret that the API server holds as a bootstrap token, and what it says.
///
/// One that is no readable token has a name and a [`Defect`] for it, so that a list can name it and go on.
/// `Debug` shows no secret. The Secret's data is wiped on drop.
#[derive(Clone)]
pub struct Stored {
    secret: Wiped,
    token: Result<StoredToken, Defect>,
}

impl Stored {
    pub(crate) fn new(secret: Secret) -> Self {
        let secret = Wiped(secret);
        Self {
            token: StoredToken::from_secret(&secret),
            secret,
        }
    }

    /// The Secret's name.
    pub fn name(&self) -> &str {
        self.secret.metadata.name.as_deref().unwrap_or_default()
    }

    /// The token, as kubeadm reads it.
    ///
    /// # Errors
    /// Why there is none to be read.
    pub fn token(&self) -> Result<&StoredToken, &Defect> {
        self.token.as_ref()
    }

    /// The token, as kubeadm reads it.
    ///
    /// # Errors
    /// Why there is none to be read.
    pub fn into_token(self) -> Result<StoredToken, Defect> {
        self.token
    }

    /// The Secret: name, namespace, type, deletion time and data, which is what
    /// [`defects`](bootstrap_token_secret::defects) looks at. Its `Debug` shows its data.
    pub fn secret(&self) -> &Secret {
        &self.secret
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

/// A Secret whose data is wiped on drop.
#[derive(Clone)]
pub(crate) struct Wiped(Secret);

impl Wiped {
    pub(crate) fn new(secret: Secret) -> Self {
        Self(secret)
    }
}

impl Deref for Wiped {
    type Target = Secret;

    fn deref(&self) -> &Secret {
        &self.0
    }
}

impl Zeroize for Wiped {
    fn zeroize(&mut self) {
        for value in self.0.data.iter_mut().flat_map(|data| data.values_mut()) {
            value.0.zeroize();
        }
    }
}

impl Drop for Wiped {
    fn drop(&mut self) {
        self.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use bootstrap_token_secret::BootstrapToken;

    use super::*;

    #[test]
    fn wiping_leaves_no_value() {
        let token = BootstrapToken::new("07401b.f395accd246ae52d".parse().unwrap());
        let mut secret = Wiped::new(token.expose_secret());
        assert!(secret.data.iter().flatten().all(|(_, v)| !v.0.is_empty()));
        secret.zeroize();
        assert!(secret.data.iter().flatten().all(|(_, v)| v.0.is_empty()));
    }
}
