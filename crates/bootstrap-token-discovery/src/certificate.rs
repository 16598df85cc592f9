mod other_form;
mod pem;

use core::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use x509_cert::der::asn1::{AnyRef, BitStringRef, IntRef, SequenceRef};
use x509_cert::der::{self, Decode as _, Reader as _, SliceReader};
use x509_cert::spki::SubjectPublicKeyInfoRef;
use x509_cert::time::Validity;

pub use other_form::OtherForm;

/// An X.509 certificate: its bytes and the fields that this crate uses. Its signature is not verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    spki: Vec<u8>,
    not_before: SystemTime,
    not_after: SystemTime,
}

impl Certificate {
    /// Parses one certificate (RFC 5280) without trailing bytes. Names, extensions and the signature are skipped: TLS
    /// reads them.
    ///
    /// # Errors
    /// The bytes are not a certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, ParseCertificateError> {
        let (validity, spki) =
            parts(der).map_err(|_| ParseCertificateError::NoCertificate { position: 1 })?;
        Ok(Self {
            der: der.to_vec(),
            spki: spki.to_vec(),
            not_before: UNIX_EPOCH + validity.not_before.to_unix_duration(),
            not_after: UNIX_EPOCH + validity.not_after.to_unix_duration(),
        })
    }

    /// Parses all certificates of a PEM bundle, in order. Skips other sections and text in between, like
    /// `ParseCertsPEM` of `k8s.io/client-go/util/cert`.
    ///
    /// # Errors
    /// There is no certificate, or one of them cannot be parsed.
    pub fn bundle_from_pem(pem: &[u8]) -> Result<Vec<Self>, ParseCertificateError> {
        let mut certificates = Vec::new();
        for der in pem::sections(pem) {
            let position = certificates.len() + 1;
            let der = der.map_err(|pem::Malformed| ParseCertificateError::NotPem { position })?;
            let certificate = Self::from_der(&der)
                .map_err(|_| ParseCertificateError::NoCertificate { position })?;
            certificates.push(certificate);
        }
        if certificates.is_empty() {
            return Err(none_in(pem));
        }
        Ok(certificates)
    }

    /// Parses a PEM bundle, or one certificate in DER, which begins with two bytes that no text begins with.
    ///
    /// # Errors
    /// As [`from_der`](Self::from_der) and [`bundle_from_pem`](Self::bundle_from_pem).
    pub fn bundle(pem_or_der: &[u8]) -> Result<Vec<Self>, ParseCertificateError> {
        /// The tag of a SEQUENCE, and the form of a length above 127.
        const DER: &[u8] = &[0x30, 0x80];

        match pem_or_der {
            [tag, length, ..] if *tag == DER[0] && *length >= DER[1] => {
                let read = Self::from_der(pem_or_der).map(|certificate| vec![certificate]);
                read.map_err(|error| OtherForm::of(pem_or_der).map_or(error, Into::into))
            }
            _ => Self::bundle_from_pem(pem_or_der),
        }
    }

    /// Returns the certificate in DER.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// Returns `SubjectPublicKeyInfo` in DER: the public key with its algorithm.
    #[must_use]
    pub fn spki(&self) -> &[u8] {
        &self.spki
    }

    /// Returns the start of its validity.
    #[must_use]
    pub fn not_before(&self) -> SystemTime {
        self.not_before
    }

    /// Returns the last second of its validity.
    #[must_use]
    pub fn not_after(&self) -> SystemTime {
        self.not_after
    }
}

fn none_in(pem: &[u8]) -> ParseCertificateError {
    OtherForm::of(pem).map_or(ParseCertificateError::Empty, Into::into)
}

/// Returns the validity and the raw `SubjectPublicKeyInfo` (RFC 5280, 4.1).
fn parts(bytes: &[u8]) -> der::Result<(Validity, &[u8])> {
    const VERSION: u8 = 0xa0;

    let mut reader = SliceReader::new(bytes)?;
    let parts = reader.sequence(|certificate| {
        let parts = certificate.sequence(|tbs| {
            if tbs.peek_byte() == Some(VERSION) {
                AnyRef::decode(tbs)?;
            }
            IntRef::decode(tbs)?; // serialNumber
            <&SequenceRef>::decode(tbs)?; // signature
            <&SequenceRef>::decode(tbs)?; // issuer
            let validity = <Validity>::decode(tbs)?;
            <&SequenceRef>::decode(tbs)?; // subject
            let spki = tbs.tlv_bytes()?;
            SubjectPublicKeyInfoRef::from_der(spki)?;
            while !tbs.is_finished() {
                AnyRef::decode(tbs)?;
            }
            der::Result::Ok((validity, spki))
        })?;
        <&SequenceRef>::decode(certificate)?; // signatureAlgorithm
        BitStringRef::decode(certificate)?;
        der::Result::Ok(parts)
    })?;
    reader.finish()?;
    Ok(parts)
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("pin", &format_args!("{}", crate::Pin::of(self)))
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .finish_non_exhaustive()
    }
}

/// The bytes are not a certificate or a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseCertificateError {
    /// There is no `CERTIFICATE` section.
    Empty,
    /// There is no certificate, but a common mistake in its place.
    OtherForm(OtherForm),
    /// A section does not end, or is not base64.
    NotPem {
        /// Counted from 1.
        position: usize,
    },
    /// A section does not hold an X.509 certificate.
    NoCertificate {
        /// Counted from 1.
        position: usize,
    },
}

impl fmt::Display for ParseCertificateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("there is no PEM section CERTIFICATE"),
            Self::OtherForm(form) => form.fmt(f),
            Self::NotPem { position } => {
                write!(f, "PEM section {position} is cut off or no base64")
            }
            Self::NoCertificate { position } => {
                write!(f, "certificate {position} is no X.509 certificate")
            }
        }
    }
}

impl std::error::Error for ParseCertificateError {}

impl From<OtherForm> for ParseCertificateError {
    fn from(form: OtherForm) -> Self {
        Self::OtherForm(form)
    }
}
