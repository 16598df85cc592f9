use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected};
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// As Go reads it: bits that are left over at the end do not matter.
const READER: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
);

/// A value of the data, in base64, as it stands in the text between its quotes: `serde_json` would leave a copy behind
/// of one that has escapes in it.
pub(super) struct Encoded<'a>(&'a str);

impl<'de: 'a, 'a> Deserialize<'de> for Encoded<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&RawValue>::deserialize(deserializer)?.get();
        let text = raw
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        text.map(Self)
            .ok_or_else(|| D::Error::invalid_type(Unexpected::Other("no text"), &"base64"))
    }
}

impl Encoded<'_> {
    /// None if it is no base64.
    pub(super) fn decode(&self) -> Option<Zeroizing<Vec<u8>>> {
        let text = self.0;
        let mut bytes =
            Zeroizing::new(Vec::with_capacity(base64::decoded_len_estimate(text.len())));
        let decoded = if text.contains('\\') {
            let unescaped = unescaped(text)?;
            READER.decode_vec(unescaped.as_bytes(), &mut bytes)
        } else {
            READER.decode_vec(text, &mut bytes)
        };
        decoded.ok()?;
        Some(bytes)
    }
}

/// Without escapes, and without the line breaks that Go leaves out of base64.
fn unescaped(text: &str) -> Option<Zeroizing<String>> {
    let mut unescaped = Zeroizing::new(String::with_capacity(text.len()));
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        unescaped.push_str(before);
        let (c, after) = match after.split_at_checked(1)? {
            ("u", after) => {
                let (hex, after) = after.split_at_checked(4)?;
                (char::from_u32(u32::from_str_radix(hex, 16).ok()?)?, after)
            }
            ("n", after) => ('\n', after),
            ("r", after) => ('\r', after),
            ("/", after) => ('/', after),
            // Nothing else that can be escaped is in base64.
            _ => return None,
        };
        if !matches!(c, '\r' | '\n') {
            unescaped.push(c);
        }
        rest = after;
    }
    unescaped.push_str(rest);
    Some(unescaped)
}
