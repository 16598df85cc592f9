//! `Deserialize` for tokens, IDs and secrets, `Serialize` for IDs, and [`expose`] to write a secret on
//! purpose.
//!
//! A secret has no `Serialize` of its own: a struct that is logged as JSON must not leak it by a derive.
//!
//! ```
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Join {
//!     id: bootstrap_token::TokenId,
//!     #[serde(serialize_with = "bootstrap_token::serde::expose::serialize")]
//!     token: bootstrap_token::Token,
//! }
//!
//! let text = r#"{"id":"07401b","token":"07401b.f395accd246ae52d"}"#;
//! let join: Join = serde_json::from_str(text)?;
//! assert_eq!(serde_json::to_string(&join)?, text);
//! # Ok::<_, serde_json::Error>(())
//! ```

use core::fmt;
use core::marker::PhantomData;
use core::str::FromStr;

use ::serde::de::{Deserialize, Deserializer, Error, Visitor};
use ::serde::ser::{Serialize, Serializer};

use crate::{ParseTokenError, Token, TokenId, TokenSecret};

/// Reads a string; a text that is none is refused without being repeated.
struct Text<T>(&'static str, PhantomData<T>);

impl<T: FromStr<Err = ParseTokenError>> Visitor<'_> for Text<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }

    // serde's own texts for these repeat the value: a secret of digits alone, unquoted, is a number.
    fn visit_bool<E: Error>(self, _: bool) -> Result<T, E> {
        Err(self.not_a_string())
    }
    fn visit_i64<E: Error>(self, _: i64) -> Result<T, E> {
        Err(self.not_a_string())
    }
    fn visit_u64<E: Error>(self, _: u64) -> Result<T, E> {
        Err(self.not_a_string())
    }
    fn visit_i128<E: Error>(self, _: i128) -> Result<T, E> {
        Err(self.not_a_string())
    }
    fn visit_u128<E: Error>(self, _: u128) -> Result<T, E> {
        Err(self.not_a_string())
    }
    fn visit_f64<E: Error>(self, _: f64) -> Result<T, E> {
        Err(self.not_a_string())
    }
    fn visit_bytes<E: Error>(self, _: &[u8]) -> Result<T, E> {
        Err(self.not_a_string())
    }
}

impl<T> Text<T> {
    fn not_a_string<E: Error>(&self) -> E {
        E::custom(format_args!("expected {}", self.0))
    }
}

macro_rules! deserialize {
    ($type:ty, $expected:literal) => {
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = Text($expected, PhantomData);
                // Asked for a string, serde_json words its own refusal of a number, number included.
                if from.is_human_readable() {
                    from.deserialize_any(text)
                } else {
                    from.deserialize_str(text)
                }
            }
        }
    };
}

deserialize!(Token, "a string that is a bootstrap token");
deserialize!(TokenId, "a string that is a token ID");
deserialize!(TokenSecret, "a string that is a token secret");

impl Serialize for TokenId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

/// For `#[serde(serialize_with = "bootstrap_token::serde::expose::serialize")]`.
pub mod expose {
    use ::serde::ser::Serializer;

    use crate::Token;

    /// Writes the whole token, secret included.
    ///
    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(token: &Token, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&token.expose())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused<T: for<'de> Deserialize<'de>>(json: &str, text: &str) {
        let Err(error) = serde_json::from_str::<T>(json) else {
            panic!("accepted")
        };
        let error = error.to_string();
        assert_eq!(error.split(" at line").next(), Some(text));
    }

    #[test]
    fn a_rejected_value_is_not_repeated() {
        refused::<TokenSecret>(
            "1234567890123456",
            "expected a string that is a token secret",
        );
        refused::<TokenSecret>(
            "-1234567890123456",
            "expected a string that is a token secret",
        );
        refused::<TokenSecret>(
            "12345678.90123456",
            "expected a string that is a token secret",
        );
        refused::<TokenId>("true", "expected a string that is a token ID");
        refused::<Token>(
            r#""07401b.F395accd246ae52d""#,
            r"character 1 of the token secret is an upper-case letter (expected [a-z0-9]{6}\.[a-z0-9]{16})",
        );
    }
}
