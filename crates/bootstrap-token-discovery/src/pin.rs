use core::fmt;
use core::str::FromStr;

use sha2::{Digest as _, Sha256};

use crate::Certificate;

const FORMAT: &str = "sha256";
const LEN: usize = 32;

/// A public key pin: the SHA-256 of a certificate's `SubjectPublicKeyInfo`, written `sha256:<64 hexadecimal digits>`,
/// as in `--discovery-token-ca-cert-hash`.
///
/// It is not secret. Parsed in any case and printed in lower case, like kubeadm's `pubkeypin`, without trimming.
///
/// ```
/// use bootstrap_token_discovery::Pin;
///
/// let nothing: Pin = "sha256:E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855".parse()?;
/// assert!(nothing.is_of_nothing());
/// assert!(nothing.to_string().starts_with("sha256:e3b0c442"));
/// # Ok::<_, bootstrap_token_discovery::ParsePinError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pin([u8; LEN]);

impl Pin {
    /// Returns the pin of a certificate's public key.
    #[must_use]
    pub fn of(certificate: &Certificate) -> Self {
        Self::of_bytes(certificate.spki())
    }

    pub(crate) fn of_bytes(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// Returns the digest.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; LEN] {
        &self.0
    }

    /// Returns whether this is the hash of an empty input (`e3b0c442…b855`), which no certificate has. `openssl x509
    /// -pubkey | openssl rsa -pubin -outform der | openssl dgst -sha256` prints it for a CA that is not RSA.
    #[must_use]
    pub fn is_of_nothing(&self) -> bool {
        *self == Self::of_bytes(&[])
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{FORMAT}:")?;
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for Pin {
    type Err = ParsePinError;

    /// `Set.Allow` of `cmd/kubeadm/app/util/pubkeypin`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (format, digits) = text.split_once(':').ok_or(ParsePinError::NoColon)?;
        if digits.contains(':') {
            return Err(ParsePinError::Colons);
        }
        if !format.eq_ignore_ascii_case(FORMAT) {
            return Err(ParsePinError::UnknownFormat);
        }
        let found = digits.chars().count();
        if found != 2 * LEN {
            return Err(ParsePinError::Length { found });
        }
        let mut digest = [0; LEN];
        for (at, digit) in digits.chars().enumerate() {
            let value = digit
                .to_digit(16)
                .and_then(|value| u8::try_from(value).ok())
                .ok_or(ParsePinError::NotHexadecimal { position: at + 1 })?;
            digest[at / 2] = digest[at / 2] << 4 | value;
        }
        Ok(Self(digest))
    }
}

/// A text is not a pin. The error does not repeat it, since it may be a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParsePinError {
    /// The format has no colon after it.
    NoColon,
    /// More than one colon, as in a certificate's fingerprint.
    Colons,
    /// The format before the colon is not `sha256`.
    UnknownFormat,
    /// Not 64 digits.
    Length {
        /// The number of characters.
        found: usize,
    },
    /// A character is not a hexadecimal digit.
    NotHexadecimal {
        /// Its position after the colon, counted from 1.
        position: usize,
    },
}

impl fmt::Display for ParsePinError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoColon => f.write_str("the pin has no colon"),
            Self::Colons => f.write_str("the pin has more than one colon"),
            Self::UnknownFormat => f.write_str("the pin's format is not sha256"),
            Self::Length { found } => {
                write!(
                    f,
                    "the pin has {found} characters after the colon instead of {}",
                    2 * LEN
                )
            }
            Self::NotHexadecimal { position } => {
                write!(f, "character {position} of the pin is no hexadecimal digit")
            }
        }?;
        f.write_str(", want sha256:<64 hexadecimal digits>")
    }
}

impl std::error::Error for ParsePinError {}
