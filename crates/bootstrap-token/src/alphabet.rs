//! The 36 characters a token is made of, and the one way to read a run of them.

use crate::error::{Part, Problem};

/// `[a-z0-9]`: `k8s.io/cluster-bootstrap/token/api`, `BootstrapTokenPattern`.
pub(crate) const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";

/// Reads exactly `N` characters of the alphabet.
pub(crate) fn read<const N: usize>(part: Part, text: &[u8]) -> Result<[u8; N], Problem> {
    // The first bad character tells more than the length that it may have caused.
    if let Some(at) = text.iter().position(|b| !is_member(*b)) {
        return Err(Problem::character(part, text, at));
    }
    text.try_into().map_err(|_| Problem::Length {
        part,
        expected: N,
        found: text.len(),
    })
}

fn is_member(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

/// A view of characters that came through [`read`] or out of [`ALPHABET`].
pub(crate) fn as_str(bytes: &[u8]) -> &str {
    // Every byte is ASCII: `read` and `generate` are the only sources.
    core::str::from_utf8(bytes).unwrap_or_default()
}
