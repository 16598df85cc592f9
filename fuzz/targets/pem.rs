//! A bundle of certificates in PEM, compared with a strict reader of RFC 7468.
#![no_main]

use bootstrap_token_discovery::{Certificate, ParseCertificateError};
use fuzz::{sound, tells_no_secret};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let bundle = Certificate::bundle_from_pem(data);
    match &bundle {
        Ok(bundle) => {
            assert!(!bundle.is_empty());
            bundle.iter().for_each(sound);
            // The bundle twice is each certificate twice, in order, unless its last line has no end.
            if data.ends_with(b"\n") {
                let twice = Certificate::bundle_from_pem(&[data, data].concat());
                assert_eq!(twice, Ok([&bundle[..], &bundle[..]].concat()));
            }
        }
        Err(error) => tells_no_secret(error),
    }
    // RFC 7468 also ends a line with a carriage return alone. Go's `encoding/pem` does not.
    let ends_lines_as_go = data
        .split(|byte| *byte == b'\r')
        .skip(1)
        .all(|rest| rest.starts_with(b"\n"));
    if ends_lines_as_go && let Ok(("CERTIFICATE", der)) = pem_rfc7468::decode_vec(data) {
        let expected = Certificate::from_der(&der)
            .map(|certificate| vec![certificate])
            .map_err(|_| ParseCertificateError::NoCertificate { position: 1 });
        assert_eq!(bundle, expected);
    }
});
