use crate::{Certificate, Hashed, ParsePinListError, Pin, pin_list};

/// What a joining machine knows in advance, besides the token, about the cluster that it wants to join.
///
/// A token alone does not suffice: everybody who has it can sign a kubeconfig of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor(Option<Vec<Pin>>);

impl Anchor {
    /// Trusts the CA certificates with these pins. Returns `None` if the list is empty.
    pub fn pins(pins: impl IntoIterator<Item = Pin>) -> Option<Self> {
        let pins: Vec<_> = pins.into_iter().collect();
        (!pins.is_empty()).then_some(Self(Some(pins)))
    }

    /// Parses comma-separated pins. Rejects [hashes of nothing](Pin::is_of_nothing), which no certificate has.
    ///
    /// # Errors
    /// The list is empty or has a pin that no certificate can have.
    pub fn from_pin_list(text: &str) -> Result<Self, ParsePinListError> {
        pin_list::read(text).map(|pins| Self(Some(pins)))
    }

    /// Trusts these CA certificates, which came with the token. Returns `None` if the list is empty.
    pub fn certificates<'a>(
        certificates: impl IntoIterator<Item = &'a Certificate>,
    ) -> Option<Self> {
        Self::pins(certificates.into_iter().map(Pin::of))
    }

    /// Trusts everybody who knows the token, like kubeadm's `--discovery-token-unsafe-skip-ca-verification`. Everybody
    /// who ever had the token can impersonate the cluster.
    #[must_use]
    pub fn danger_token_alone() -> Self {
        Self(None)
    }

    /// Returns whether this is [`danger_token_alone`](Self::danger_token_alone).
    #[must_use]
    pub fn is_token_alone(&self) -> bool {
        self.0.is_none()
    }

    /// Returns whether the anchor vouches for a certificate.
    #[must_use]
    pub fn vouches_for(&self, certificate: &Certificate) -> bool {
        self.0
            .as_ref()
            .is_none_or(|pins| pins.contains(&Pin::of(certificate)))
    }

    /// Returns what the pins are hashes of, if the anchor vouches for no certificate.
    pub(crate) fn hashed(&self, certificates: &[Certificate], pem: &[u8]) -> Option<Hashed> {
        Hashed::of(self.0.as_deref()?, certificates, pem)
    }
}
