use core::fmt;
use core::str::FromStr;

use crate::alphabet;
use crate::error::{ParseTokenError, Part, Problem};

/// The six public characters that name a token: `bootstrap-token-<id>`, `system:bootstrap:<id>`,
/// `jws-kubeconfig-<id>`.
///
/// Not a secret: it stands in Secret names, user names and logs. `\A[a-z0-9]{6}\z`, from
/// `BootstrapTokenIDPattern` in `k8s.io/cluster-bootstrap/token/api`.
///
/// ```
/// let id: bootstrap_token::TokenId = "07401b".parse()?;
/// assert_eq!(id.to_string(), "07401b");
/// # Ok::<_, bootstrap_token::ParseTokenError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId([u8; Self::LEN]);

impl TokenId {
    /// `BootstrapTokenIDBytes`.
    pub const LEN: usize = 6;

    pub(crate) fn from_alphabet(bytes: [u8; Self::LEN]) -> Self {
        Self(bytes)
    }

    pub(crate) fn read(text: &[u8]) -> Result<Self, Problem> {
        if text.is_empty() {
            return Err(Problem::Empty { part: Part::Id });
        }
        alphabet::read(Part::Id, text).map(Self)
    }

    /// Reads a token ID from bytes, as they stand in a Secret.
    ///
    /// # Errors
    /// The bytes are not exactly six of `[a-z0-9]`.
    pub fn from_bytes(text: &[u8]) -> Result<Self, ParseTokenError> {
        Self::read(text).map_err(|problem| ParseTokenError::new(Part::Id, problem))
    }

    /// The ID as text.
    pub fn as_str(&self) -> &str {
        alphabet::as_str(&self.0)
    }
}

impl FromStr for TokenId {
    type Err = ParseTokenError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_bytes(text.as_bytes())
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenId({self})")
    }
}
