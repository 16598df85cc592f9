//! How often a secret stands in memory, and in which form.

use crate::fake_server::base64;

/// A stretch of pages.
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) from: u64,
    pub(crate) bytes: Vec<u8>,
}

/// Copies of a secret, by form. Half of a secret counts as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Copies {
    pub(crate) plain: usize,
    pub(crate) base64: usize,
    pub(crate) hex: usize,
}

impl Copies {
    pub(crate) const fn new(plain: usize, base64: usize) -> Self {
        Self {
            plain,
            base64,
            hex: 0,
        }
    }

    /// Counts them, and names the places for whoever looks for the reason.
    pub(crate) fn in_memory(secret: &str, memory: &[Part]) -> (Self, Vec<String>) {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";

        let mut copies = Self::new(0, 0);
        let mut places = Vec::new();
        let digits = secret.bytes().flat_map(|byte| [byte / 16, byte % 16]);
        let hex: Vec<u8> = digits.map(|digit| DIGITS[usize::from(digit)]).collect();
        for part in memory {
            copies.plain += count("plain", part, secret.as_bytes(), &mut places);
            copies.hex += count("hex", part, &hex, &mut places);
            // What stands before the secret decides where the groups of three begin.
            for before in 0..3 {
                let all = base64(format!("{}{secret}", &"xx"[..before]).as_bytes());
                // Characters of which the secret alone decides.
                let own = &all[(8 * before).div_ceil(6)..8 * (before + secret.len()) / 6];
                copies.base64 += count("base64", part, own.as_bytes(), &mut places);
            }
        }
        (copies, places)
    }
}

/// How often either half of a text stands there.
fn count(form: &str, part: &Part, text: &[u8], places: &mut Vec<String>) -> usize {
    let (first, second) = text.split_at(text.len() / 2);
    let mut most = 0;
    for half in [first, second] {
        let before = places.len();
        for at in positions(&part.bytes, half) {
            let address = part.from + at as u64;
            places.push(format!("{form} {} {address:#x}", part.name));
        }
        most = most.max(places.len() - before);
    }
    most
}

fn positions(bytes: &[u8], what: &[u8]) -> impl Iterator<Item = usize> {
    let starts = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == what[0]);
    starts
        .map(|(at, _)| at)
        .filter(|at| bytes[*at..].starts_with(what))
}

#[test]
fn each_form_is_found() {
    let secret = "9r2c3d4e5f6g7h8i";
    let encoded =
        [0, 1, 2].map(|before| base64(&[&b"{{{"[..before], secret.as_bytes(), b"}"].concat()));
    let hex = "39723263336434653566366737683869";
    let memory = [secret, &secret[..8], &secret[8..], hex, &encoded.concat()].join(" ");
    let part = Part {
        name: String::new(),
        from: 0,
        bytes: memory.into_bytes(),
    };
    let (copies, places) = Copies::in_memory(secret, &[part]);
    let expected = Copies {
        plain: 2,
        base64: 3,
        hex: 1,
    };
    assert_eq!(copies, expected, "{places:?}");
}
