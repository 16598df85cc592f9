use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bootstrap_token::{Token, TokenId};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A detached JWS, `<header>..<signature>`: a token's signature of cluster-info's kubeconfig, without the signed
/// content (RFC 7515, appendix F).
///
/// The header is exactly `{"alg":"HS256","kid":"<token ID>"}` and the key is the token secret, as in
/// `ComputeDetachedSignature` of `k8s.io/cluster-bootstrap/token/jws`. Nothing in it is secret.
///
/// ```
/// use bootstrap_token_discovery::DetachedJws;
///
/// let token = "07401b.f395accd246ae52d".parse()?;
/// let signature = DetachedJws::sign(b"apiVersion: v1\n", &token);
/// assert!(DetachedJws::verify(signature.as_str(), b"apiVersion: v1\n", &token).is_ok());
/// assert!(DetachedJws::verify(signature.as_str(), b"apiVersion: v2\n", &token).is_err());
/// # Ok::<_, bootstrap_token::ParseTokenError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetachedJws(String);

impl DetachedJws {
    /// Signs bytes.
    #[must_use]
    pub fn sign(content: &[u8], token: &Token) -> Self {
        Self::signed(content, token.id(), token.secret().expose().as_bytes())
    }

    /// Signs with any key: the controller manager's signer accepts malformed token secrets. Returns `None` for an empty
    /// key.
    #[must_use]
    pub fn sign_with_key(content: &[u8], id: TokenId, key: &[u8]) -> Option<Self> {
        (!key.is_empty()).then(|| Self::signed(content, id, key))
    }

    fn signed(content: &[u8], id: TokenId, key: &[u8]) -> Self {
        let mut text = header(id);
        let signature = mac(&text, content, key);
        text.push_str("..");
        URL_SAFE_NO_PAD.encode_string(signature, &mut text);
        Self(text)
    }

    /// Checks that `jws` is this token's signature of these bytes. Signs them again and compares everything in constant
    /// time: only one text is accepted, and the header is never interpreted.
    ///
    /// # Errors
    /// The signature differs. The error describes it by its public parts.
    pub fn verify(jws: &str, content: &[u8], token: &Token) -> Result<(), VerifyError> {
        let expected = Self::sign(content, token);
        if expected.is(jws) {
            return Ok(());
        }
        Err(VerifyError::of(jws, token.id()))
    }

    /// Compares `jws` with this signature in constant time.
    #[must_use]
    pub fn is(&self, jws: &str) -> bool {
        self.0.as_bytes().ct_eq(jws.as_bytes()).into()
    }

    /// Returns the text in cluster-info.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DetachedJws {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn header(id: TokenId) -> String {
    let json = format!(r#"{{"alg":"HS256","kid":"{}"}}"#, id.as_str());
    URL_SAFE_NO_PAD.encode(json)
}

/// Computes HMAC-SHA256 of `<header>.<base64 of the content>`, with one piece of it in memory at a time.
fn mac(header: &str, content: &[u8], secret: &[u8]) -> [u8; 32] {
    /// A number of bytes whose base64 has no padding.
    const PIECE: usize = 768;

    // RFC 2104: a key longer than a block is hashed, a shorter one is padded with zeros.
    let mut key = Zeroizing::new([0; 64]);
    match key.get_mut(..secret.len()) {
        Some(start) => start.copy_from_slice(secret),
        None => key[..32].copy_from_slice(&Sha256::digest(secret)),
    }
    let mut mac = Hmac::<Sha256>::new((&*key).into());
    mac.update(header.as_bytes());
    mac.update(b".");
    let mut encoded = String::with_capacity(PIECE / 3 * 4);
    for piece in content.chunks(PIECE) {
        encoded.clear();
        URL_SAFE_NO_PAD.encode_string(piece, &mut encoded);
        mac.update(encoded.as_bytes());
    }
    mac.finalize().into_bytes().into()
}

/// A text is not the expected signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyError {
    /// It does not have the form `<header>..<signature>`.
    NotDetached,
    /// Its header is that of another token.
    OtherToken(TokenId),
    /// Its header is not one that upstream writes: it differs in algorithm, order, fields or encoding.
    Header,
    /// Its header is correct but its signature is not: it signs other content or uses another token secret, or is not a
    /// signature.
    Signature,
}

impl VerifyError {
    fn of(jws: &str, id: TokenId) -> Self {
        let Some((found, signature)) = jws.split_once("..") else {
            return Self::NotDetached;
        };
        if found.is_empty() || found.contains('.') || signature.contains('.') {
            return Self::NotDetached;
        }
        if found == header(id) {
            return Self::Signature;
        }
        match kid(found) {
            Some(other) => Self::OtherToken(other),
            None => Self::Header,
        }
    }
}

/// Returns the token ID in a header that equals upstream's.
fn kid(found: &str) -> Option<TokenId> {
    let json = URL_SAFE_NO_PAD.decode(found).ok()?;
    let id = json
        .strip_prefix(br#"{"alg":"HS256","kid":""#)?
        .strip_suffix(br#""}"#)?;
    TokenId::from_bytes(id)
        .ok()
        .filter(|id| header(*id) == found)
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotDetached => f.write_str("it is no detached JWS"),
            Self::OtherToken(id) => write!(f, "it is a signature by token {:?}", id.as_str()),
            Self::Header => f.write_str("its header is not the one that a signature has"),
            Self::Signature => f.write_str("another content or another token secret was signed"),
        }
    }
}

impl std::error::Error for VerifyError {}
