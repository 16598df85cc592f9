use core::fmt;
use core::ops::Deref;
use core::str::FromStr;

use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::alphabet;
use crate::error::{ParseTokenError, Part, Problem};
use crate::{TokenId, TokenSecret};

/// A bootstrap token, `<id>.<secret>`: `\A[a-z0-9]{6}\.[a-z0-9]{16}\z`.
///
/// Parsing trims nothing and takes no line break, as `BootstrapTokenPattern` in
/// `k8s.io/cluster-bootstrap/token/api`. `Debug` shows the ID only; [`expose`](Self::expose) is the one
/// way to the whole text.
///
/// ```
/// use bootstrap_token::Token;
///
/// let token: Token = "07401b.f395accd246ae52d".parse()?;
/// assert_eq!(format!("{token:?}"), "Token(07401b, ..)");
/// assert_eq!(&*token.expose(), "07401b.f395accd246ae52d");
/// assert!("07401b.f395accd246ae52d\n".parse::<Token>().is_err());
/// # Ok::<_, bootstrap_token::ParseTokenError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    id: TokenId,
    secret: TokenSecret,
}

impl Token {
    /// Six, a dot, sixteen.
    pub const LEN: usize = TokenId::LEN + 1 + TokenSecret::LEN;

    /// A token of parts that are known to be well formed.
    pub fn new(id: TokenId, secret: TokenSecret) -> Self {
        Self { id, secret }
    }

    /// Reads a token from bytes.
    ///
    /// # Errors
    /// The bytes are not exactly a token; the error says where and in what, never which bytes.
    pub fn from_bytes(text: &[u8]) -> Result<Self, ParseTokenError> {
        Self::read(text).map_err(|problem| ParseTokenError::new(Part::Token, problem))
    }

    fn read(text: &[u8]) -> Result<Self, Problem> {
        if text.is_empty() {
            return Err(Problem::Empty { part: Part::Token });
        }
        let Some(dot) = text.iter().position(|b| *b == b'.') else {
            return Err(Problem::MissingDot);
        };
        Ok(Self::new(
            TokenId::read(&text[..dot])?,
            TokenSecret::read(&text[dot + 1..])?,
        ))
    }

    /// Whether `text` is a token: `IsValidBootstrapToken`. Allocates nothing.
    pub fn is_valid(text: &str) -> bool {
        Self::from_bytes(text.as_bytes()).is_ok()
    }

    /// The public half.
    pub fn id(&self) -> TokenId {
        self.id
    }

    /// The secret half, still redacted.
    pub fn secret(&self) -> &TokenSecret {
        &self.secret
    }

    /// The whole token as text, for the one place that must have it. Wiped when dropped.
    pub fn expose(&self) -> ExposedToken {
        let mut text = [b'.'; Self::LEN];
        text[..TokenId::LEN].copy_from_slice(self.id.as_str().as_bytes());
        text[TokenId::LEN + 1..].copy_from_slice(self.secret.bytes());
        ExposedToken(text)
    }
}

impl ConstantTimeEq for Token {
    fn ct_eq(&self, other: &Self) -> Choice {
        // The ID is public; the secret decides in constant time.
        Choice::from(u8::from(self.id == other.id)) & self.secret.ct_eq(&other.secret)
    }
}

impl FromStr for Token {
    type Err = ParseTokenError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_bytes(text.as_bytes())
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}, ..)", self.id)
    }
}

/// The text of a token, asked for by [`Token::expose`]. Prints as the token, wiped on drop.
pub struct ExposedToken([u8; Token::LEN]);

impl Deref for ExposedToken {
    type Target = str;

    fn deref(&self) -> &str {
        alphabet::as_str(&self.0)
    }
}

impl fmt::Display for ExposedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for ExposedToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ExposedToken(..)")
    }
}

impl Drop for ExposedToken {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl ZeroizeOnDrop for ExposedToken {}
