use crate::{Certificate, Hashed, ParsePinListError, Pin, pin_list};

/// What a newcomer knows beforehand, beside the token, of the cluster that it wants to join.
///
/// A token alone does not do: whoever holds one can sign a kubeconfig of their own with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Anchor(Option<Vec<Pin>>);

impl Anchor {
    /// The pins of the CA certificates that may be trusted; `None` if there are none.
    pub fn pins(pins: impl IntoIterator<Item = Pin>) -> Option<Self> {
        let pins: Vec<_> = pins.into_iter().collect();
        (!pins.is_empty()).then_some(Self(Some(pins)))
    }

    /// Pins in one text, with commas between. None may be [of nothing](Pin::is_of_nothing): no certificate has it.
    ///
    /// # Errors
    /// There is none, or one that no certificate can have.
    pub fn from_pin_list(text: &str) -> Result<Self, ParsePinListError> {
        pin_list::read(text).map(|pins| Self(Some(pins)))
    }

    /// The CA certificates themselves, as they were handed over beside the token; `None` if there are none.
    pub fn certificates<'a>(
        certificates: impl IntoIterator<Item = &'a Certificate>,
    ) -> Option<Self> {
        Self::pins(certificates.into_iter().map(Pin::of))
    }

    /// Nothing: whoever knows the token is trusted to be the cluster, as with kubeadm's
    /// `--discovery-token-unsafe-skip-ca-verification`. Everybody who ever held the token can take its place.
    #[must_use]
    pub fn danger_token_alone() -> Self {
        Self(None)
    }

    /// Whether it is [nothing](Self::danger_token_alone).
    #[must_use]
    pub fn is_token_alone(&self) -> bool {
        self.0.is_none()
    }

    /// Whether it vouches for a certificate.
    #[must_use]
    pub fn vouches_for(&self, certificate: &Certificate) -> bool {
        self.0
            .as_ref()
            .is_none_or(|pins| pins.contains(&Pin::of(certificate)))
    }

    /// What its pins are the hashes of, if none vouches for any of the certificates.
    pub(crate) fn hashed(&self, certificates: &[Certificate], pem: &[u8]) -> Option<Hashed> {
        Hashed::of(self.0.as_deref()?, certificates, pem)
    }
}
