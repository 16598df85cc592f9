//! One certificate in DER, compared with a reader of the whole of X.509.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token_discovery::Certificate;
use fuzz::{sound, tells_no_secret};
use libfuzzer_sys::fuzz_target;
use x509_cert::der::{Decode as _, Encode as _};

fuzz_target!(|data: &[u8]| {
    let whole = x509_cert::Certificate::from_der(data);
    match Certificate::from_der(data) {
        Ok(certificate) => {
            assert_eq!(certificate.der(), data);
            sound(&certificate);
            if let Ok(whole) = &whole {
                let spki = whole.tbs_certificate().subject_public_key_info();
                assert_eq!(spki.to_der().as_deref(), Ok(certificate.spki()));
            }
            let pem = format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                STANDARD.encode(data)
            );
            assert_eq!(
                Certificate::bundle_from_pem(pem.as_bytes()).as_deref(),
                Ok(std::slice::from_ref(&certificate))
            );
        }
        Err(error) => {
            tells_no_secret(&error);
            assert!(whole.is_err(), "a reader of all of X.509 takes it");
        }
    }
});
