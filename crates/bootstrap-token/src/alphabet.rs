//! The 36 characters a token is made of, and the one way to read a run of them.

use crate::error::{Part, Problem};

/// `[a-z0-9]`: `k8s.io/cluster-bootstrap/token/api`, `BootstrapTokenPattern`.
pub(crate) const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// Reads exactly `N` characters of the alphabet. All are looked at before any is judged, so that the time does not tell
/// which one is wrong.
pub(crate) fn read<const N: usize>(part: Part, text: &[u8]) -> Result<[u8; N], Problem> {
    match <[u8; N]>::try_from(text) {
        Ok(characters) if characters.iter().fold(true, |all, b| all & is_member(*b)) => {
            Ok(characters)
        }
        _ => Err(problem(part, text, N)),
    }
}

#[cold]
fn problem(part: Part, text: &[u8], expected: usize) -> Problem {
    // The first bad character tells more than the length that it may have caused.
    match text.iter().position(|b| !is_member(*b)) {
        Some(at) => Problem::character(part, text, at),
        None => Problem::Length {
            part,
            expected,
            found: text.len(),
        },
    }
}

fn is_member(byte: u8) -> bool {
    byte.is_ascii_lowercase() | byte.is_ascii_digit()
}

/// A view of characters that came through [`read`] or out of [`ALPHABET`].
pub(crate) fn as_str(bytes: &[u8]) -> &str {
    // Every byte is ASCII: `read` and `generate` are the only sources.
    core::str::from_utf8(bytes).unwrap_or_default()
}
