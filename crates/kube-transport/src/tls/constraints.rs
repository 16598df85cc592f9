//! Name constraints (RFC 5280, 4.2.1.10), as crypto/x509 holds a certificate to those of the CAs above it.

use std::net::IpAddr;

use x509_cert::ext::pkix::NameConstraints;
use x509_cert::ext::pkix::constraints::name::GeneralSubtree;
use x509_cert::ext::pkix::name::GeneralName;

use super::certificate::Certificate;

/// Whether each name of `below` is one that `constraints` allow. A mail address or URI is allowed by nothing that
/// constrains those.
pub(super) fn allow(constraints: &NameConstraints, below: &Certificate) -> bool {
    let NameConstraints {
        permitted_subtrees,
        excluded_subtrees,
    } = constraints;
    let (permitted, excluded) = (
        permitted_subtrees.as_deref().unwrap_or_default(),
        excluded_subtrees.as_deref().unwrap_or_default(),
    );
    let extensions = &below.extensions;
    let constrains_others = |tree: &GeneralSubtree| {
        matches!(
            tree.base,
            GeneralName::Rfc822Name(_) | GeneralName::UniformResourceIdentifier(_)
        )
    };
    if extensions.has_other_names && permitted.iter().chain(excluded).any(constrains_others) {
        return false;
    }
    let names_are = extensions.dns_names.iter().all(|name| {
        let holds = |tree: &GeneralSubtree, of_excluded| match &tree.base {
            GeneralName::DnsName(of) => Some(is_below(name, of.as_str(), of_excluded)),
            _ => None,
        };
        is_allowed(permitted, excluded, holds)
    });
    let addresses_are = extensions.addresses.iter().all(|address| {
        let holds = |tree: &GeneralSubtree, _| match &tree.base {
            GeneralName::IpAddress(network) => Some(is_in(*address, network.as_bytes())),
            _ => None,
        };
        is_allowed(permitted, excluded, holds)
    });
    names_are && addresses_are
}

/// `holds` says nothing of a subtree for names of another kind.
fn is_allowed(
    permitted: &[GeneralSubtree],
    excluded: &[GeneralSubtree],
    holds: impl Fn(&GeneralSubtree, bool) -> Option<bool>,
) -> bool {
    let mut of_kind = permitted
        .iter()
        .filter_map(|tree| holds(tree, false))
        .peekable();
    let is_permitted = of_kind.peek().is_none() || of_kind.any(|holds| holds);
    is_permitted && !excluded.iter().any(|tree| holds(tree, true) == Some(true))
}

/// Whether a name, or a part of what a pattern stands for, is the one constrained or below it.
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
        // What the pattern stands for is excluded where one name of it is.
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

/// An address and its mask, of as many bytes.
fn is_in(address: IpAddr, network: &[u8]) -> bool {
    let bytes = match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    let (base, mask) = network.split_at(network.len() / 2);
    base.len() == bytes.len()
        && bytes
            .iter()
            .zip(base)
            .zip(mask)
            .all(|((byte, base), mask)| byte & mask == base & mask)
}
