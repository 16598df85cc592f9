use core::fmt::Write;

use bootstrap_token::{Token, TokenSecret};
use bootstrap_token_secret::keys::{TOKEN_SECRET, secret_name};
use k8s_openapi::ByteString;
use zeroize::{Zeroize, Zeroizing};

/// Whether a message of the server's may repeat a token secret, or a part of one.
///
/// The API server's own validation of a Secret (`ValidateSecret` in `pkg/apis/core/validation`) names keys
/// and never values, and its decoder names positions. But an admission webhook sees the whole object, on
/// creation and on deletion, and its words are passed on as they are.
///
/// `sent` is the token that was sent, if one was. One that the server knows and we do not is recognised by
/// its form, by the name of its key, or, where none was sent, by the form of its second half: one of letters
/// or digits alone cannot be told from a word or a number.
pub(crate) fn may_repeat_secret(message: &str, sent: Option<&Token>) -> bool {
    if holds_token(message) || decoded(message).any(|text| holds_token(&text)) {
        return true;
    }
    match sent {
        // The name is public, and in a token such as abcdef.0123456789abcdef a part of the secret as well.
        Some(token) => repeats(
            &message.replace(&secret_name(token.id()), ""),
            token.secret(),
        ),
        None => {
            message.contains(TOKEN_SECRET)
                || holds_secret(message)
                || decoded(message).any(|text| holds_secret(&text))
        }
    }
}

/// Whether a text of the form of a token stands in the message.
fn holds_token(message: &str) -> bool {
    message
        .as_bytes()
        .windows(Token::LEN)
        .any(|text| Token::from_bytes(text).is_ok())
}

/// Whether letters and digits, mixed, stand in the message that are as many as those of a secret.
fn holds_secret(message: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase();
    let is_digit = |c: char| c.is_ascii_digit();
    message.split(|c| !is_letter(c) && !is_digit(c)).any(|run| {
        run.len() == TokenSecret::LEN && run.contains(is_letter) && run.contains(is_digit)
    })
}

/// Whether six characters of the secret or more stand in the message: as they are, in base64, in
/// hexadecimal, or as Go prints a `[]byte`; in lower or upper case.
fn repeats(message: &str, secret: &TokenSecret) -> bool {
    let message = message.to_ascii_lowercase();
    let secret = secret.expose();
    let mut hexadecimal = Zeroizing::new(String::with_capacity(2 * secret.len()));
    let mut decimal = Zeroizing::new(String::with_capacity(4 * secret.len()));
    for byte in secret.bytes() {
        // Writing to a `String` does not fail.
        let _ = write!(hexadecimal, "{byte:02x}");
        let _ = write!(decimal, "{byte} ");
    }
    let holds = |form: &str, length: usize| {
        form.as_bytes()
            .windows(length)
            .any(|part| contains(message.as_bytes(), part))
    };
    // What stands before it decides where base64's groups of three begin.
    let mut encoded = [0, 1, 2].map(|start| base64(&secret[start..])).into_iter();
    holds(secret, 6)
        || encoded.any(|form| holds(&form, 8))
        || holds(&hexadecimal, 12)
        || holds(&decimal, 18)
}

/// In lower case, without what depends on the bytes that come after.
fn base64(secret: &str) -> Zeroizing<String> {
    // As it stands in the JSON that was sent.
    let mut bytes = ByteString(secret.as_bytes().to_vec());
    let mut json = serde_json::to_string(&bytes).unwrap_or_default();
    bytes.0.zeroize();
    json.make_ascii_lowercase();
    json.retain(|c| c != '"');
    json.truncate(secret.len() / 3 * 4);
    Zeroizing::new(json)
}

/// What stands in the message in base64, if it is long enough for a secret, wherever it begins.
fn decoded(message: &str) -> impl Iterator<Item = Zeroizing<String>> {
    const LEAST: usize = (TokenSecret::LEN * 4).div_ceil(3);
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || c == '+' || c == '/';
    message
        .split(move |c| !is_base64(c))
        .filter(|run| run.len() >= LEAST)
        .flat_map(|run| (0..4).map(|start| &run[start..]))
        .filter_map(|run| {
            // Up to the end if that ends there, otherwise as far as groups of four go.
            let padded = format!("{run}{}", &"==="[..(4 - run.len() % 4) % 4]);
            decode(&padded).or_else(|| decode(&run[..run.len() / 4 * 4]))
        })
}

fn decode(base64: &str) -> Option<Zeroizing<String>> {
    let mut bytes: ByteString = serde_json::from_str(&format!("\"{base64}\"")).ok()?;
    let text = String::from_utf8_lossy(&bytes.0).into_owned();
    bytes.0.zeroize();
    Some(Zeroizing::new(text))
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
