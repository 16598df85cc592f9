//! Name constraints (RFC 5280, 4.2.1.10), applied as in crypto/x509.

use std::net::IpAddr;

use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{self, Decode as _, Reader as _, SliceReader, Tag, Tagged as _};

use super::certificate::Certificate;
use super::extensions::{self, Name};

/// The names allowed in certificates below a CA.
#[derive(Debug, Clone)]
pub(super) struct Constraints {
    permitted: Vec<Subtree>,
    excluded: Vec<Subtree>,
    /// Whether some are about a type of name that is not handled.
    pub(super) have_unhandled: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Subtree {
    Dns(String),
    /// An address and its mask, of the same length.
    Network(Vec<u8>, Vec<u8>),
    /// For mail addresses or URIs.
    Other,
}

impl Constraints {
    /// `parseNameConstraintsExtension`. A constraint that cannot be parsed makes the certificate invalid: it may
    /// exclude names.
    pub(super) fn read(value: &[u8]) -> der::Result<Self> {
        const PERMITTED: u8 = 0xa0;
        const EXCLUDED: u8 = 0xa1;

        let mut reader = SliceReader::new(value)?;
        let (permitted, excluded) = reader.sequence(|of| {
            let mut trees = |tag| match of.peek_byte() {
                Some(byte) if byte == tag => Ok(AnyRef::decode(of)?.value()),
                _ => der::Result::Ok(&[][..]),
            };
            der::Result::Ok((trees(PERMITTED)?, trees(EXCLUDED)?))
        })?;
        reader.finish()?;
        if permitted.is_empty() && excluded.is_empty() {
            return Err(malformed());
        }
        let mut have_unhandled = false;
        let mut read = |bytes| {
            let mut list = SliceReader::new(bytes)?;
            let mut trees = Vec::new();
            while !list.is_finished() {
                // Go ignores everything after the base.
                let tree = AnyRef::decode(&mut list)?;
                if tree.tag() != Tag::Sequence {
                    return Err(malformed());
                }
                match subtree(&mut SliceReader::new(tree.value())?)? {
                    Some(tree) => trees.push(tree),
                    None => have_unhandled = true,
                }
            }
            der::Result::Ok(trees)
        };
        Ok(Self {
            permitted: read(permitted)?,
            excluded: read(excluded)?,
            have_unhandled,
        })
    }

    /// Returns whether every name of `below` is allowed. If mail addresses or URIs are constrained, none is allowed.
    pub(super) fn allow(&self, below: &Certificate) -> bool {
        let extensions = &below.extensions;
        let mut all = self.permitted.iter().chain(&self.excluded);
        if extensions.has_other_names && all.any(|tree| *tree == Subtree::Other) {
            return false;
        }
        let names_are = extensions.dns_names.iter().all(|name| {
            self.is_allowed(|tree, of_excluded| match tree {
                Subtree::Dns(of) => Some(is_below(name, of, of_excluded)),
                _ => None,
            })
        });
        let addresses_are = extensions.addresses.iter().all(|address| {
            self.is_allowed(|tree, _| match tree {
                Subtree::Network(base, mask) => Some(is_in(*address, base, mask)),
                _ => None,
            })
        });
        names_are && addresses_are
    }

    /// `holds` returns `None` if a subtree is for another type of name.
    fn is_allowed(&self, holds: impl Fn(&Subtree, bool) -> Option<bool>) -> bool {
        let mut of_kind = self
            .permitted
            .iter()
            .filter_map(|tree| holds(tree, false))
            .peekable();
        let is_permitted = of_kind.peek().is_none() || of_kind.any(|holds| holds);
        is_permitted
            && !self
                .excluded
                .iter()
                .any(|tree| holds(tree, true) == Some(true))
    }
}

/// `None` for another type of name.
fn subtree(reader: &mut SliceReader<'_>) -> der::Result<Option<Subtree>> {
    Ok(Some(match extensions::name(reader)? {
        Name::Dns(name) if is_domain(name) => Subtree::Dns(name.to_owned()),
        Name::Address(network) if matches!(network.len(), 8 | 32) => {
            let (base, mask) = network.split_at(network.len() / 2);
            if !is_mask(mask) {
                return Err(malformed());
            }
            Subtree::Network(base.to_vec(), mask.to_vec())
        }
        Name::Mail(name) if is_mail(name) => Subtree::Other,
        Name::Uri(name) if name.parse::<IpAddr>().is_err() && is_domain(name) => Subtree::Other,
        Name::Other => return Ok(None),
        _ => return Err(malformed()),
    }))
}

fn malformed() -> der::Error {
    Tag::Sequence.value_error().into()
}

/// `domainNameValid`. The empty name stands for all.
fn is_domain(name: &str) -> bool {
    let labels = name.strip_prefix('.').unwrap_or(name);
    let is_label =
        |label: &str| !label.is_empty() && label.bytes().all(|byte| (33..=126).contains(&byte));
    name.is_empty() || labels.split('.').all(is_label)
}

/// Accepts a mailbox or a domain.
fn is_mail(name: &str) -> bool {
    match name.rsplit_once('@') {
        Some((mailbox, domain)) => {
            !mailbox.is_empty()
                && !domain.starts_with('.')
                && !domain.is_empty()
                && is_domain(domain)
        }
        None => is_domain(name),
    }
}

/// `isValidIPMask`: ones, then zeros.
fn is_mask(mask: &[u8]) -> bool {
    let bits = || {
        mask.iter()
            .flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1))
    };
    bits().is_sorted_by(|a, b| a >= b)
}

/// Returns whether a name, or a part of a pattern's names, equals `of` or is below it.
fn is_below(name: &str, of: &str, of_excluded: bool) -> bool {
    let (name, of) = (name.to_ascii_lowercase(), of.to_ascii_lowercase());
    if of.is_empty() {
        return true;
    }
    if let Some(suffix) = of.strip_prefix('.') {
        return name
            .strip_suffix(suffix)
            .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'));
    }
    let is_it = |name: &str| {
        let rest = name.strip_suffix(&*of);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    match name.strip_prefix("*.") {
        // A pattern is excluded if one of its names is.
        Some(parent) if of_excluded => {
            is_it(&name)
                || of.strip_suffix(parent).is_some_and(|first| {
                    first
                        .strip_suffix('.')
                        .is_some_and(|label| !label.contains('.'))
                })
        }
        _ => is_it(&name),
    }
}

fn is_in(address: IpAddr, base: &[u8], mask: &[u8]) -> bool {
    let bytes = match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    base.len() == bytes.len()
        && bytes
            .iter()
            .zip(base)
            .zip(mask)
            .all(|((byte, base), mask)| byte & mask == base & mask)
}
