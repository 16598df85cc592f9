use core::fmt;

use crate::trusted::Pem;
use crate::{Certificate, Pin};

/// What a pin is the SHA-256 of, instead of a public key in DER.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Hashed {
    /// The certificate in DER: its fingerprint, as `openssl x509 -fingerprint -sha256` prints it.
    Certificate,
    /// The certificate's file in PEM, as with `sha256sum ca.crt`.
    File,
    /// The public key in PEM, as with `openssl x509 -pubkey -noout -in ca.crt | sha256sum`.
    PublicKeyPem,
}

impl Hashed {
    /// Returns what one of the pins is a hash of, if any: a certificate, its PEM file, or the file with only this
    /// certificate.
    pub(crate) fn of(pins: &[Pin], certificates: &[Certificate], pem: &[u8]) -> Option<Self> {
        let is_pinned = |bytes: &[u8]| pins.contains(&Pin::of_bytes(bytes));
        let file: String = certificates.iter().map(section).collect();
        if is_pinned(pem) || is_pinned(file.as_bytes()) {
            return Some(Self::File);
        }
        certificates.iter().find_map(|certificate| {
            let public_key = Pem("PUBLIC KEY", certificate.spki()).to_string();
            match () {
                () if is_pinned(certificate.der()) => Some(Self::Certificate),
                () if is_pinned(section(certificate).as_bytes()) => Some(Self::File),
                () if is_pinned(public_key.as_bytes()) => Some(Self::PublicKeyPem),
                () => None,
            }
        })
    }
}

fn section(certificate: &Certificate) -> String {
    Pem("CERTIFICATE", certificate.der()).to_string()
}

impl fmt::Display for Hashed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Certificate => "the CA certificate, which is its fingerprint",
            Self::File => "the CA certificate's file",
            Self::PublicKeyPem => "the CA's public key in PEM",
        })
    }
}
