//! Certificate extensions (RFC 5280, 4.2), parsed like `processExtensions` of crypto/x509.

use std::collections::BTreeSet;
use std::net::IpAddr;

use x509_cert::der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use x509_cert::der::{self, Decode as _, Reader as _, SliceReader, Tag, TagNumber, Tagged as _};
use x509_cert::ext::pkix::{BasicConstraints, ExtendedKeyUsage, KeyUsage};

use super::constraints::Constraints;

/// The extensions that are used.
#[derive(Debug, Clone, Default)]
pub(super) struct Extensions {
    pub(super) basic: Option<BasicConstraints>,
    /// Whether its key usage, if any, allows signing certificates.
    pub(super) may_sign: Option<bool>,
    /// `None` means any.
    pub(super) purposes: Option<Vec<ObjectIdentifier>>,
    pub(super) constraints: Option<Constraints>,
    pub(super) dns_names: Vec<String>,
    pub(super) addresses: Vec<IpAddr>,
    /// Whether it has mail addresses or URIs, which may be constrained.
    pub(super) has_other_names: bool,
    /// Whether a critical extension is not handled.
    pub(super) unhandled: bool,
    /// Whether it has critical policy constraints. They are not followed, and do not matter in a root.
    pub(super) must_follow_policies: bool,
}

mod oid {
    use x509_cert::der::asn1::ObjectIdentifier as Oid;

    pub(super) const KEY_USAGE: Oid = Oid::new_unwrap("2.5.29.15");
    pub(super) const ALTERNATIVE_NAME: Oid = Oid::new_unwrap("2.5.29.17");
    pub(super) const BASIC_CONSTRAINTS: Oid = Oid::new_unwrap("2.5.29.19");
    pub(super) const NAME_CONSTRAINTS: Oid = Oid::new_unwrap("2.5.29.30");
    pub(super) const PURPOSES: Oid = Oid::new_unwrap("2.5.29.37");
    pub(super) const POLICY_CONSTRAINTS: Oid = Oid::new_unwrap("2.5.29.36");
    /// Extensions that crypto/x509 parses but that do not affect trust here: locations of revocation lists, and
    /// policies, which matter only with policy constraints.
    pub(super) const SILENT: [Oid; 4] = [
        Oid::new_unwrap("2.5.29.31"),
        Oid::new_unwrap("2.5.29.32"),
        Oid::new_unwrap("2.5.29.33"),
        Oid::new_unwrap("2.5.29.54"),
    ];
}

impl Extensions {
    /// Parses a list of extensions, each at most once.
    pub(super) fn parse(bytes: &[u8]) -> der::Result<Self> {
        let mut found = Self::default();
        let mut seen = BTreeSet::new();
        let mut reader = SliceReader::new(bytes)?;
        reader.sequence(|list| {
            while !list.is_finished() {
                list.sequence(|extension| {
                    let id = ObjectIdentifier::decode(extension)?;
                    let critical = Option::<bool>::decode(extension)?.unwrap_or_default();
                    let value = <&OctetStringRef>::decode(extension)?.as_bytes();
                    if !seen.insert(id) {
                        return Err(Tag::ObjectIdentifier.value_error().into());
                    }
                    found.read(id, critical, value)
                })?;
            }
            der::Result::Ok(())
        })?;
        reader.finish()?;
        Ok(found)
    }

    fn read(&mut self, id: ObjectIdentifier, critical: bool, value: &[u8]) -> der::Result<()> {
        match id {
            oid::BASIC_CONSTRAINTS => self.basic = Some(BasicConstraints::from_der(value)?),
            oid::KEY_USAGE => {
                let usage = KeyUsage::from_der(value)?;
                // As in Go, an empty key usage counts as missing.
                let says = usage.0.bits() != 0;
                self.may_sign = says.then(|| usage.key_cert_sign());
            }
            oid::PURPOSES => self.purposes = Some(ExtendedKeyUsage::from_der(value)?.0),
            oid::NAME_CONSTRAINTS => {
                let constraints = Constraints::read(value)?;
                self.unhandled |= critical && constraints.have_unhandled;
                self.constraints = Some(constraints);
            }
            oid::ALTERNATIVE_NAME => {
                let handled = self.read_names(value)?;
                self.unhandled |= critical && !handled;
            }
            oid::POLICY_CONSTRAINTS => self.must_follow_policies = critical,
            id => self.unhandled |= critical && !oid::SILENT.contains(&id),
        }
        Ok(())
    }

    /// Returns whether a name has a handled type.
    fn read_names(&mut self, value: &[u8]) -> der::Result<bool> {
        let mut handled = false;
        let mut reader = SliceReader::new(value)?;
        reader.sequence(|list| {
            while !list.is_finished() {
                let name = name(list)?;
                handled |= name != Name::Other;
                match name {
                    Name::Dns(name) => self.dns_names.push(name.to_owned()),
                    Name::Address(bytes) => self.addresses.push(address(bytes)?),
                    Name::Mail(_) | Name::Uri(_) => self.has_other_names = true,
                    Name::Other => {}
                }
            }
            der::Result::Ok(())
        })?;
        reader.finish()?;
        Ok(handled)
    }
}

/// A `GeneralName` (RFC 5280, 4.2.1.6).
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Name<'a> {
    Mail(&'a str),
    Dns(&'a str),
    Uri(&'a str),
    /// Of any length.
    Address(&'a [u8]),
    /// Of a type that crypto/x509 does not handle.
    Other,
}

/// Parses a name. Types that crypto/x509 handles must be ASCII.
pub(super) fn name<'a>(reader: &mut SliceReader<'a>) -> der::Result<Name<'a>> {
    let any = AnyRef::decode(reader)?;
    let ascii = || {
        let text = str::from_utf8(any.value()).ok();
        let text = text.filter(|text| text.is_ascii());
        text.ok_or_else(|| der::Error::from(Tag::Ia5String.value_error()))
    };
    let Tag::ContextSpecific {
        constructed: false,
        number: TagNumber(number),
    } = any.tag()
    else {
        return Ok(Name::Other);
    };
    Ok(match number {
        1 => Name::Mail(ascii()?),
        2 => Name::Dns(ascii()?),
        6 => Name::Uri(ascii()?),
        7 => Name::Address(any.value()),
        _ => Name::Other,
    })
}

/// Parses four or sixteen bytes.
fn address(bytes: &[u8]) -> der::Result<IpAddr> {
    let v4 = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    let v6 = <[u8; 16]>::try_from(bytes).map(IpAddr::from);
    v4.or(v6).map_err(|_| Tag::OctetString.value_error().into())
}
