//! Finds CERTIFICATE sections in PEM like `ParseCertsPEM` of `k8s.io/client-go/util/cert`, which skips other sections
//! and the text in between.
//!
//! PEM libraries take longer for this than X.509 does for the certificate.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";
const END: &[u8] = b"-----END CERTIFICATE-----";

/// U+FEFF in UTF-8, which Windows writes before the first line. A section after it still counts.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A section without an end, or one that is not base64.
pub(super) struct Malformed;

/// Returns the contents of the sections.
pub(super) fn sections(pem: &[u8]) -> impl Iterator<Item = Result<Vec<u8>, Malformed>> {
    let mut lines = pem.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    core::iter::from_fn(move || {
        lines.find(|line| line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line) == BEGIN)?;
        let mut base64 = Vec::with_capacity(2048);
        for line in &mut lines {
            if line == END {
                return Some(STANDARD.decode(&base64).map_err(|_| Malformed));
            }
            base64.extend(line.iter().filter(|byte| !matches!(byte, b' ' | b'\t')));
        }
        Some(Err(Malformed))
    })
}
