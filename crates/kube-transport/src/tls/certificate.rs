use std::net::IpAddr;

use x509_cert::der::asn1::{AnyRef, BitStringRef, IntRef, ObjectIdentifier, OctetStringRef};
use x509_cert::der::{self, Decode as _, Reader as _, SliceReader};
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::name::{GeneralName, GeneralNames};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage, NameConstraints};
use x509_cert::time::Validity;

/// What crypto/x509 looks at in a certificate of any version.
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

/// The extensions that are looked at.
#[derive(Debug, Clone, Default)]
pub(super) struct Extensions {
    pub(super) basic: Option<BasicConstraints>,
    /// Whether it may sign certificates, where it says what its key is for.
    pub(super) may_sign: Option<bool>,
    /// None means any.
    pub(super) purposes: Option<Vec<ObjectIdentifier>>,
    pub(super) constraints: Option<NameConstraints>,
    pub(super) dns_names: Vec<String>,
    pub(super) addresses: Vec<IpAddr>,
    /// Whether it has mail addresses or URIs, which constraints may be about.
    pub(super) has_other_names: bool,
    /// One that is critical and not looked at.
    pub(super) unhandled: bool,
}

mod oid {
    use x509_cert::der::asn1::ObjectIdentifier as Oid;

    pub(super) const KEY_USAGE: Oid = Oid::new_unwrap("2.5.29.15");
    pub(super) const ALTERNATIVE_NAME: Oid = Oid::new_unwrap("2.5.29.17");
    pub(super) const BASIC_CONSTRAINTS: Oid = Oid::new_unwrap("2.5.29.19");
    pub(super) const NAME_CONSTRAINTS: Oid = Oid::new_unwrap("2.5.29.30");
    pub(super) const PURPOSES: Oid = Oid::new_unwrap("2.5.29.37");
    /// Which crypto/x509 reads, and which say nothing about whom to trust here.
    pub(super) const POLICIES: [Oid; 4] = [
        Oid::new_unwrap("2.5.29.32"),
        Oid::new_unwrap("2.5.29.33"),
        Oid::new_unwrap("2.5.29.36"),
        Oid::new_unwrap("2.5.29.54"),
    ];
}

impl Certificate {
    pub(super) fn parse(der: &[u8]) -> Option<Self> {
        parse(der).ok()
    }

    /// `CheckSignatureFrom`, but for what the issuer may do.
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
        if fitting.peek().is_none() {
            return Signed::ByUnsupported;
        }
        let verifies = fitting.any(|algorithm| {
            let verified = algorithm.verify_signature(&issuer.key, &self.tbs, &self.signature);
            verified.is_ok()
        });
        if verifies { Signed::Yes } else { Signed::No }
    }

    pub(super) fn is_ca(&self) -> Option<bool> {
        self.extensions.basic.as_ref().map(|basic| basic.ca)
    }
}

/// Whether a certificate was signed by another one's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signed {
    Yes,
    No,
    /// By an algorithm, or a size of key, that is not verified here.
    ByUnsupported,
}

/// RFC 5280, 4.1.
fn parse(bytes: &[u8]) -> der::Result<Certificate> {
    let mut reader = SliceReader::new(bytes)?;
    let certificate = reader.sequence(|certificate| {
        let tbs = certificate.tlv_bytes()?;
        let signature_algorithm = content(certificate.tlv_bytes()?)?;
        let signature = BitStringRef::decode(certificate)?.raw_bytes().to_vec();
        let mut parsed = self::tbs(tbs)?;
        parsed.der = bytes.to_vec();
        parsed.tbs = tbs.to_vec();
        parsed.signature_algorithm = signature_algorithm;
        parsed.signature = signature;
        der::Result::Ok(parsed)
    })?;
    reader.finish()?;
    Ok(certificate)
}

fn tbs(bytes: &[u8]) -> der::Result<Certificate> {
    const VERSION: u8 = 0xa0;
    const EXTENSIONS: u8 = 0xa3;

    SliceReader::new(bytes)?.sequence(|tbs| {
        let version = match tbs.peek_byte() {
            Some(VERSION) => SliceReader::new(AnyRef::decode(tbs)?.value())?.decode::<u8>()?,
            _ => 0,
        };
        IntRef::decode(tbs)?; // serialNumber
        tbs.tlv_bytes()?; // signature
        let issuer = tbs.tlv_bytes()?.to_vec();
        let validity = <Validity>::decode(tbs)?;
        let subject = tbs.tlv_bytes()?.to_vec();
        let (key_algorithm, key) = tbs.sequence(|spki| {
            let algorithm = content(spki.tlv_bytes()?)?;
            der::Result::Ok((algorithm, BitStringRef::decode(spki)?.raw_bytes().to_vec()))
        })?;
        let mut extensions = Extensions::default();
        while !tbs.is_finished() {
            let is_extensions = tbs.peek_byte() == Some(EXTENSIONS);
            let field = AnyRef::decode(tbs)?;
            if is_extensions {
                extensions = self::extensions(field.value())?;
            }
        }
        der::Result::Ok(Certificate {
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
            is_version_3: version == 2,
            extensions,
        })
    })
}

fn extensions(bytes: &[u8]) -> der::Result<Extensions> {
    let mut found = Extensions::default();
    SliceReader::new(bytes)?.sequence(|list| {
        while !list.is_finished() {
            list.sequence(|extension| {
                let id = ObjectIdentifier::decode(extension)?;
                let critical = Option::<bool>::decode(extension)?.unwrap_or_default();
                let value = <&OctetStringRef>::decode(extension)?.as_bytes();
                found.read(id, critical, value)
            })?;
        }
        der::Result::Ok(())
    })?;
    Ok(found)
}

impl Extensions {
    fn read(&mut self, id: ObjectIdentifier, critical: bool, value: &[u8]) -> der::Result<()> {
        match id {
            oid::BASIC_CONSTRAINTS => self.basic = Some(BasicConstraints::from_der(value)?),
            oid::KEY_USAGE => {
                let usage = KeyUsage::from_der(value)?;
                // As for Go, a key that is for nothing says nothing.
                let says = usage.0.bits() != 0;
                self.may_sign = says.then(|| usage.key_cert_sign());
            }
            oid::PURPOSES => self.purposes = Some(ExtendedKeyUsage::from_der(value)?.0),
            oid::NAME_CONSTRAINTS => {
                let constraints = NameConstraints::from_der(value)?;
                let is_handled = |tree: &GeneralSubtree| {
                    !matches!(
                        tree.base,
                        GeneralName::DirectoryName(_) | GeneralName::OtherName(_)
                    )
                };
                let are_handled =
                    |trees: &Option<Vec<GeneralSubtree>>| trees.iter().flatten().all(is_handled);
                let handled = are_handled(&constraints.permitted_subtrees)
                    && are_handled(&constraints.excluded_subtrees);
                self.unhandled |= critical && !handled;
                self.constraints = Some(constraints);
            }
            oid::ALTERNATIVE_NAME => {
                for name in GeneralNames::from_der(value)? {
                    match name {
                        GeneralName::DnsName(name) => self.dns_names.push(name.to_string()),
                        GeneralName::IpAddress(address) => {
                            self.addresses.push(self::address(address.as_bytes())?);
                        }
                        GeneralName::Rfc822Name(_) | GeneralName::UniformResourceIdentifier(_) => {
                            self.has_other_names = true;
                        }
                        _ => {}
                    }
                }
            }
            id => self.unhandled |= critical && !oid::POLICIES.contains(&id),
        }
        Ok(())
    }
}

/// Four bytes, or sixteen.
fn address(bytes: &[u8]) -> der::Result<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    let v6 = <[u8; 16]>::try_from(bytes).map(IpAddr::from);
    v4.or(v6)
        .map_err(|_| der::Tag::OctetString.value_error().into())
}

/// The algorithm and the key of a `SubjectPublicKeyInfo`.
pub(super) fn public_key(spki: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let read = || {
        SliceReader::new(spki)?.sequence(|spki| {
            let algorithm = content(spki.tlv_bytes()?)?;
            der::Result::Ok((algorithm, BitStringRef::decode(spki)?.raw_bytes().to_vec()))
        })
    };
    read().ok()
}

/// What is in a SEQUENCE.
fn content(tlv: &[u8]) -> der::Result<Vec<u8>> {
    let any = AnyRef::from_der(tlv)?;
    Ok(any.value().to_vec())
}
