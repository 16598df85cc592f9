use rustls::pki_types::alg_id;
use x509_cert::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier, UintRef};
use x509_cert::der::{self, Decode as _, Reader as _, SliceReader, Tag};
use x509_cert::time::Validity;

use super::algorithm;
use super::extensions::Extensions;
use super::provider;

const ANY_PURPOSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
const SERVER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");

/// The parts of a certificate, of any version, that crypto/x509 verifies.
#[derive(Debug, Clone)]
pub(super) struct Certificate {
    pub(super) der: Vec<u8>,
    tbs: Vec<u8>,
    /// The content of the `AlgorithmIdentifier`.
    signature_algorithm: Vec<u8>,
    signature: Vec<u8>,
    pub(super) issuer: Vec<u8>,
    pub(super) subject: Vec<u8>,
    /// Seconds since 1970.
    pub(super) not_before: u64,
    pub(super) not_after: u64,
    pub(super) key_algorithm: Vec<u8>,
    pub(super) key: Vec<u8>,
    pub(super) is_version_3: bool,
    pub(super) extensions: Extensions,
}

impl Certificate {
    pub(super) fn parse(der: &[u8]) -> Option<Self> {
        parse(der).ok()
    }

    /// Verifies the signature like `CheckSignatureFrom`, but not whether the issuer may sign.
    pub(super) fn is_signed_by(
        &self,
        issuer: &Self,
        algorithms: &[&dyn rustls::pki_types::SignatureVerificationAlgorithm],
    ) -> Signed {
        let mut fitting = algorithms
            .iter()
            .filter(|algorithm| {
                algorithm.signature_alg_id().as_ref() == self.signature_algorithm
                    && algorithm.public_key_alg_id().as_ref() == issuer.key_algorithm
            })
            .peekable();
        if fitting.peek().is_none() || issuer.has_unsupported_rsa_size() {
            return Signed::ByUnsupported;
        }
        let verifies = fitting.any(|algorithm| {
            let verified = algorithm.verify_signature(&issuer.key, &self.tbs, &self.signature);
            verified.is_ok()
        });
        if verifies { Signed::Yes } else { Signed::No }
    }

    /// Returns whether it has an RSA key of a size for which no signature is verified.
    pub(super) fn has_unsupported_rsa_size(&self) -> bool {
        self.is_of_rsa()
            && modulus_bits(&self.key).is_ok_and(|bits| !provider::RSA_BITS.contains(&bits))
    }

    /// Returns whether it has an RSA key larger than a server may use: `checkKeySize` of crypto/tls. Only a trusted CA
    /// may have such a key.
    pub(super) fn has_oversized_rsa_key(&self) -> bool {
        const LARGEST: usize = 8192;

        self.is_of_rsa() && modulus_bits(&self.key).is_ok_and(|bits| bits > LARGEST)
    }

    fn is_of_rsa(&self) -> bool {
        self.key_algorithm == alg_id::RSA_ENCRYPTION.as_ref()
    }

    /// Describes the key by its algorithm and, for RSA, its size.
    pub(super) fn key_description(&self) -> String {
        match modulus_bits(&self.key) {
            Ok(bits) if self.is_of_rsa() => format!("RSA of {bits} bits"),
            _ => algorithm::name(&self.key_algorithm),
        }
    }

    /// Returns the algorithm of its signature.
    pub(super) fn signature_name(&self) -> String {
        algorithm::name(&self.signature_algorithm)
    }

    pub(super) fn is_ca(&self) -> Option<bool> {
        self.extensions.basic.as_ref().map(|basic| basic.ca)
    }

    /// Returns whether its extended key usage, if any, allows a server.
    pub(super) fn is_for_servers(&self) -> bool {
        let purposes = self.extensions.purposes.as_ref();
        purposes.is_none_or(|purposes| {
            purposes.is_empty() || purposes.contains(&SERVER) || purposes.contains(&ANY_PURPOSE)
        })
    }
}

/// Whether a certificate was signed with another's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signed {
    Yes,
    No,
    /// With an algorithm or a key size that is not supported.
    ByUnsupported,
}

/// RFC 5280, 4.1.
fn parse(bytes: &[u8]) -> der::Result<Certificate> {
    let mut reader = SliceReader::new(bytes)?;
    let certificate = reader.sequence(|certificate| {
        let tbs = certificate.tlv_bytes()?;
        let signature_algorithm = content(certificate.tlv_bytes()?)?;
        let signature = BitStringRef::decode(certificate)?.raw_bytes().to_vec();
        let (mut parsed, inner_algorithm) = self::tbs(tbs)?;
        if inner_algorithm != signature_algorithm {
            return Err(Tag::Sequence.value_error().into());
        }
        parsed.der = bytes.to_vec();
        parsed.tbs = tbs.to_vec();
        parsed.signature_algorithm = signature_algorithm;
        parsed.signature = signature;
        der::Result::Ok(parsed)
    })?;
    reader.finish()?;
    Ok(certificate)
}

/// Also returns the signature algorithm that it declares.
fn tbs(bytes: &[u8]) -> der::Result<(Certificate, Vec<u8>)> {
    const VERSION: u8 = 0xa0;
    const ISSUER_ID: u8 = 0x81;
    const SUBJECT_ID: u8 = 0x82;
    const EXTENSIONS: u8 = 0xa3;
    const VERSION_3: u8 = 2;

    SliceReader::new(bytes)?.sequence(|tbs| {
        let version = match tbs.peek_byte() {
            Some(VERSION) => SliceReader::new(AnyRef::decode(tbs)?.value())?.decode::<u8>()?,
            _ => 0,
        };
        if version > VERSION_3 {
            return Err(Tag::Integer.value_error().into());
        }
        UintRef::decode(tbs)?; // serialNumber
        let algorithm = content(tbs.tlv_bytes()?)?;
        let issuer = tbs.tlv_bytes()?.to_vec();
        let validity = <Validity>::decode(tbs)?;
        let subject = tbs.tlv_bytes()?.to_vec();
        let (key_algorithm, key) = tbs.sequence(|spki| {
            let algorithm = content(spki.tlv_bytes()?)?;
            der::Result::Ok((algorithm, BitStringRef::decode(spki)?.raw_bytes().to_vec()))
        })?;
        let mut extensions = Extensions::default();
        for id in [ISSUER_ID, SUBJECT_ID] {
            if tbs.peek_byte() == Some(id) {
                tbs.tlv_bytes()?;
            }
        }
        if version == VERSION_3 && tbs.peek_byte() == Some(EXTENSIONS) {
            extensions = Extensions::parse(AnyRef::decode(tbs)?.value())?;
        }
        // Go ignores fields of later versions. Version 3 ends with the extensions.
        while version < VERSION_3 && !tbs.is_finished() {
            tbs.tlv_bytes()?;
        }
        let certificate = Certificate {
            der: Vec::new(),
            tbs: Vec::new(),
            signature_algorithm: Vec::new(),
            signature: Vec::new(),
            issuer,
            subject,
            not_before: validity.not_before.to_unix_duration().as_secs(),
            not_after: validity.not_after.to_unix_duration().as_secs(),
            key_algorithm,
            key,
            is_version_3: version == VERSION_3,
            extensions,
        };
        der::Result::Ok((certificate, algorithm))
    })
}

/// Returns the algorithm and the key of a `SubjectPublicKeyInfo`.
pub(super) fn public_key(spki: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let read = || {
        SliceReader::new(spki)?.sequence(|spki| {
            let algorithm = content(spki.tlv_bytes()?)?;
            der::Result::Ok((algorithm, BitStringRef::decode(spki)?.raw_bytes().to_vec()))
        })
    };
    read().ok()
}

/// An `RSAPublicKey` (RFC 8017, A.1.1).
pub(super) struct RsaKey<'a> {
    pub(super) bits: usize,
    pub(super) modulus: &'a [u8],
    pub(super) exponent: &'a [u8],
}

pub(super) fn rsa_key(der: &[u8]) -> der::Result<RsaKey<'_>> {
    SliceReader::new(der)?.sequence(|key| {
        let modulus = UintRef::decode(key)?.as_bytes();
        let exponent = UintRef::decode(key)?.as_bytes();
        let zeros = modulus.first().map_or(0, |first| first.leading_zeros());
        let bits = modulus.len() * 8 - zeros as usize;
        der::Result::Ok(RsaKey {
            bits,
            modulus,
            exponent,
        })
    })
}

fn modulus_bits(key: &[u8]) -> der::Result<usize> {
    Ok(rsa_key(key)?.bits)
}

/// Returns the content of a SEQUENCE.
fn content(tlv: &[u8]) -> der::Result<Vec<u8>> {
    let any = AnyRef::from_der(tlv)?;
    Ok(any.value().to_vec())
}

#[cfg(test)]
mod tests;
