//! Every token secret that a suite makes, and how to find one in what was printed.

use std::collections::HashSet;
use std::iter;
use std::sync::Mutex;

use bootstrap_token::{Token, TokenSecret};
use k8s_openapi::ByteString;

/// Characters of a secret, and of each encoded form that is looked for.
const WINDOW: usize = TokenSecret::LEN;

#[derive(Default)]
struct Registry {
    windows: HashSet<[u8; WINDOW]>,
    texts: HashSet<String>,
}

static REGISTRY: Mutex<Option<Registry>> = Mutex::new(None);

/// A fresh token, registered.
pub fn token() -> Token {
    let token = Token::generate().unwrap();
    register(token.secret());
    token
}

/// That many fresh tokens, registered, no two of one ID: of thousands drawn freely two may well be.
pub fn tokens(count: usize) -> Vec<Token> {
    let mut ids = HashSet::new();
    iter::repeat_with(token)
        .filter(|token| ids.insert(token.id()))
        .take(count)
        .collect()
}

/// From now on this secret must not be printed.
pub fn register(secret: &TokenSecret) {
    register_windows(secret.expose().as_bytes());
}

/// From now on this text must not be printed: a secret with a typing error in it, or a credential.
pub fn register_text(text: &str) {
    with(|registry| registry.texts.insert(text.to_owned()));
}

/// Registers every token that stands in a text.
pub fn register_tokens_in(text: &str) {
    for at in 0..text.len().saturating_sub(Token::LEN - 1) {
        let token = text.as_bytes().get(at..at + Token::LEN);
        if let Some(Ok(token)) = token.map(Token::from_bytes) {
            register(token.secret());
        }
    }
}

/// Where in a text a registered secret stands, plain or in a form that a log might give it: base64, as in
/// the JSON of a Secret, hexadecimal, or a list of bytes as `{:?}` prints them. The secret itself is not
/// told.
pub fn found_in(text: &[u8]) -> Option<String> {
    with(|registry| {
        let views = [
            ("plainly or in base64", text.to_vec()),
            ("in hexadecimal", hexadecimal(text)),
            ("as a list of bytes", byte_list(text)),
        ];
        views.iter().find_map(|(how, view)| {
            let window = view
                .windows(WINDOW)
                .any(|w| <&[u8; WINDOW]>::try_from(w).is_ok_and(|w| registry.windows.contains(w)));
            let text = || {
                let view = String::from_utf8_lossy(view);
                registry.texts.iter().any(|text| view.contains(text))
            };
            (window || text()).then(|| (*how).to_owned())
        })
    })
}

fn register_windows(secret: &[u8]) {
    with(|registry| {
        let plain: [u8; WINDOW] = secret.try_into().expect("a secret's length");
        registry.windows.insert(plain);
        // The middle of a base64 text does not depend on its ends; 12 bytes are 16 characters. What
        // stands before the secret decides where the groups of three begin.
        for start in [0, 1, 2] {
            let encoded = base64(&secret[start..start + 12]);
            let encoded: [u8; WINDOW] = encoded.as_bytes().try_into().expect("16 characters");
            registry.windows.insert(encoded);
        }
    });
}

fn base64(bytes: &[u8]) -> String {
    let json = serde_json::to_string(&ByteString(bytes.to_vec())).unwrap();
    json.trim_matches('"').to_owned()
}

/// Every run of pairs of hexadecimal digits as bytes, in either case and at either alignment.
fn hexadecimal(text: &[u8]) -> Vec<u8> {
    let digit = |b: &u8| {
        char::from(*b)
            .to_digit(16)
            .and_then(|d| u8::try_from(d).ok())
    };
    let mut bytes = Vec::new();
    for run in text.split(|b| !b.is_ascii_hexdigit()) {
        for start in [0, 1] {
            let digits = run.get(start..).unwrap_or_default();
            bytes.extend(
                digits
                    .chunks_exact(2)
                    .map(|pair| digit(&pair[0]).unwrap_or(0) << 4 | digit(&pair[1]).unwrap_or(0)),
            );
            bytes.push(b'\n');
        }
    }
    bytes
}

/// Every run of decimal numbers with commas or white space between them as bytes.
fn byte_list(text: &[u8]) -> Vec<u8> {
    text.split(|b| !b.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .map(|number| {
            std::str::from_utf8(number)
                .ok()
                .and_then(|number| number.parse().ok())
                .unwrap_or(0)
        })
        .collect()
}

fn with<T>(act: impl FnOnce(&mut Registry) -> T) -> T {
    let mut registry = REGISTRY.lock().unwrap();
    act(registry.get_or_insert_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn found(text: &str, how: Option<&str>) {
        assert_eq!(found_in(text.as_bytes()).as_deref(), how, "{text}");
    }

    #[test]
    fn a_planted_secret_is_found_in_every_form() {
        let token = token();
        let secret = token.secret().expose();
        found(
            &format!("token {secret}, yes"),
            Some("plainly or in base64"),
        );
        for before in ["", ".", "id", "id."] {
            let encoded = base64(format!("{before}{secret}!").as_bytes());
            found(&format!("{{{encoded:?}}}"), Some("plainly or in base64"));
        }
        let list = format!("{:?}", secret.as_bytes());
        found(&format!("ByteString({list})"), Some("as a list of bytes"));
        found(&list.replace(", ", ",\n    "), Some("as a list of bytes"));
        found(&list.replace(',', ""), Some("as a list of bytes"));
        let hex = |n: usize| -> String {
            let hex: Vec<_> = secret.bytes().map(|b| format!("{b:02x}")).collect();
            "f".repeat(n) + &hex.concat()
        };
        found(&hex(0), Some("in hexadecimal"));
        found(&hex(1).to_uppercase(), Some("in hexadecimal"));
        found(&secret[..15], None);
        found(&format!("{} and nothing else", token.id()), None);
    }

    #[test]
    fn tokens_are_registered_out_of_a_text() {
        let token = Token::generate().unwrap();
        let exposed = token.expose();
        found(&exposed, None);
        register_tokens_in(&format!("é kubeadm join --token {exposed} \\\n"));
        found(&exposed, Some("plainly or in base64"));
    }

    #[test]
    fn a_registered_text_is_found_whatever_its_length() {
        register_text("Abc-def");
        found("x Abc-def x", Some("plainly or in base64"));
    }
}
