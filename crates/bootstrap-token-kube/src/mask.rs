use core::fmt::Write;

use bootstrap_token::{Token, TokenSecret};
use zeroize::Zeroizing;

/// Whether a message of the server's may repeat a token secret, or a part of one.
///
/// The API server's own validation of a Secret (`ValidateSecret` in `pkg/apis/core/validation`) names keys
/// and never values, and its decoder names positions. But an admission webhook sees the whole object, on
/// creation and on deletion, and its words are passed on as they are.
///
/// `sent` is the token that was sent, if one was. One that the server knows and we do not is recognised by
/// its form, or by the name of its key.
pub(crate) fn may_repeat_secret(message: &str, sent: Option<&Token>) -> bool {
    match sent {
        Some(token) => repeats(message, token.secret()) || holds_token(message),
        None => holds_token(message) || message.contains("token-secret"),
    }
}

/// Whether a text of the form of a token stands in the message.
fn holds_token(message: &str) -> bool {
    message
        .as_bytes()
        .windows(Token::LEN)
        .any(|text| Token::from_bytes(text).is_ok())
}

/// Whether half of the secret or more stands in the message: as it is, in base64, in hexadecimal, or as Go
/// prints a `[]byte`.
fn repeats(message: &str, secret: &TokenSecret) -> bool {
    let secret = secret.expose().as_bytes();
    let message = Zeroizing::new(message.to_ascii_lowercase());
    let mut base64 = Zeroizing::new(String::with_capacity(2 * secret.len()));
    let mut hexadecimal = Zeroizing::new(String::with_capacity(2 * secret.len()));
    let mut decimal = Zeroizing::new(String::with_capacity(4 * secret.len()));
    for triple in secret.chunks_exact(3) {
        let bits = triple.iter().fold(0, |bits, b| bits << 8 | u32::from(*b));
        for shift in [18, 12, 6, 0] {
            // Letters and digits only come out of letters and digits, in whatever alphabet.
            let digit = u8::try_from(bits >> shift & 63).unwrap_or_default();
            base64.push(char::from(match digit {
                0..26 => b'a' + digit, // the message is in lower case too
                26..52 => b'a' + (digit - 26),
                52..62 => b'0' + (digit - 52),
                62 => b'+',
                _ => b'/',
            }));
        }
    }
    for byte in secret {
        // Writing to a `String` does not fail.
        let _ = write!(hexadecimal, "{byte:02x}");
        let _ = write!(decimal, "{byte} ");
    }
    let holds = |form: &[u8], length: usize| {
        form.windows(length)
            .any(|part| contains(message.as_bytes(), part))
    };
    holds(secret, 8)
        || holds(base64.as_bytes(), 10)
        || holds(hexadecimal.as_bytes(), 16)
        || holds(decimal.as_bytes(), 24)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
