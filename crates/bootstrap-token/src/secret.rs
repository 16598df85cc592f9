use core::fmt;
use core::str::FromStr;

use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::alphabet;
use crate::error::{ParseTokenError, Part, Problem};

/// The sixteen secret characters of a token: `[a-z0-9]{16}`, about 83 bits.
///
/// Has no `Display`, an elided `Debug`, compares in constant time and is wiped on drop. The one way to
/// its text is [`expose`](Self::expose).
///
/// ```
/// let secret: bootstrap_token::TokenSecret = "f395accd246ae52d".parse()?;
/// assert_eq!(format!("{secret:?}"), "TokenSecret(..)");
/// assert_eq!(secret.expose(), "f395accd246ae52d");
/// # Ok::<_, bootstrap_token::ParseTokenError>(())
/// ```
#[derive(Clone)]
pub struct TokenSecret([u8; Self::LEN]);

impl TokenSecret {
    /// `BootstrapTokenSecretBytes`.
    pub const LEN: usize = 16;

    pub(crate) fn from_alphabet(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    pub(crate) fn read(text: &[u8]) -> Result<Self, Problem> {
        if text.is_empty() {
            return Err(Problem::Empty { part: Part::Secret });
        }
        alphabet::read(Part::Secret, text).map(Self)
    }

    /// Reads a token secret from bytes, as they stand in a Secret.
    ///
    /// # Errors
    /// The bytes are not exactly sixteen of `[a-z0-9]`.
    pub fn from_bytes(text: &[u8]) -> Result<Self, ParseTokenError> {
        Self::read(text).map_err(|problem| ParseTokenError::new(Part::Secret, problem))
    }

    /// The secret itself. Whoever holds it may join the cluster: do not print, log or store it unless
    /// that is the purpose.
    pub fn expose(&self) -> &str {
        alphabet::as_str(&self.0)
    }

    pub(crate) fn bytes(&self) -> &[u8; Self::LEN] {
        &self.0
    }
}

impl Drop for TokenSecret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for TokenSecret {}

impl ConstantTimeEq for TokenSecret {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.ct_eq(&other.0)
    }
}

/// Constant time.
impl PartialEq for TokenSecret {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for TokenSecret {}

impl FromStr for TokenSecret {
    type Err = ParseTokenError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_bytes(text.as_bytes())
    }
}

impl fmt::Debug for TokenSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSecret(..)")
    }
}
