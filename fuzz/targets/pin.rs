//! A pin, a certificate in DER or a bundle in PEM: the same bytes are tried as each.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token_discovery::{Certificate, Pin};
use fuzz::{TOKEN, tells_no_secret};
use libfuzzer_sys::fuzz_target;

const OF_NOTHING: &str = include_str!("../seeds/pin/of-nothing");

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    pin(&text);
    // A token, or a pin with one behind it, where a pin should be.
    pin(&format!("{text}{TOKEN}"));

    match Certificate::from_der(data) {
        Ok(certificate) => {
            assert_eq!(certificate.der(), data);
            let pem = format!(
                "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n",
                STANDARD.encode(data)
            );
            assert_eq!(
                Certificate::bundle_from_pem(pem.as_bytes()).as_deref(),
                Ok(std::slice::from_ref(&certificate))
            );
            sound(&certificate);
        }
        Err(error) => tells_no_secret(&error),
    }
    match Certificate::bundle_from_pem(data) {
        Ok(bundle) => {
            assert!(!bundle.is_empty());
            bundle.iter().for_each(sound);
        }
        Err(error) => tells_no_secret(&error),
    }
});

/// What is read prints the same, in lower case, and is read again.
fn pin(text: &str) {
    match text.parse::<Pin>() {
        Ok(pin) => {
            let printed = pin.to_string();
            assert_eq!(printed, text.to_ascii_lowercase());
            assert_eq!(printed.parse(), Ok(pin));
            assert_eq!(pin.is_of_nothing(), printed == OF_NOTHING);
        }
        Err(error) => tells_no_secret(&error),
    }
}

/// The public key is the certificate's own bytes, as upstream hashes them, and the pin one that can be read.
fn sound(certificate: &Certificate) {
    let (der, spki) = (certificate.der(), certificate.spki());
    assert!(!spki.is_empty() && der.windows(spki.len()).any(|part| part == spki));
    assert_eq!(Certificate::from_der(der).as_ref(), Ok(certificate));
    let pin = Pin::of(certificate);
    assert_eq!(pin.to_string().parse(), Ok(pin));
    assert!(!pin.is_of_nothing());
}
