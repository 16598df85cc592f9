//! Matches a certificate with a name: `VerifyHostname` of crypto/x509. The common name is ignored.

use std::net::IpAddr;

use rustls::pki_types::ServerName;

use super::bad_certificate::printable;
use super::certificate::Certificate;
use super::fault::Fault;

pub(super) fn is_for(certificate: &Certificate, name: &ServerName<'_>) -> bool {
    let extensions = &certificate.extensions;
    match name {
        ServerName::DnsName(name) => {
            let name = name.as_ref();
            extensions
                .dns_names
                .iter()
                .any(|pattern| matches(pattern, name))
        }
        ServerName::IpAddress(address) => {
            let address = IpAddr::from(*address).to_canonical();
            let mut addresses = extensions.addresses.iter();
            addresses.any(|of| of.to_canonical() == address)
        }
        _ => false,
    }
}

/// Builds the fault of a certificate for other names.
pub(super) fn fault(certificate: &Certificate, name: &ServerName<'_>) -> Fault {
    let extensions = &certificate.extensions;
    let names = extensions.dns_names.iter().map(|name| printable(name));
    let addresses = extensions.addresses.iter().map(IpAddr::to_string);
    Fault::OtherName {
        wanted: name.to_str().into_owned(),
        names: names.chain(addresses).collect(),
    }
}

fn matches(pattern: &str, name: &str) -> bool {
    if !is_host(name.strip_suffix('.').unwrap_or(name), false) || !is_host(pattern, true) {
        return !["", "."].contains(&pattern) && pattern.eq_ignore_ascii_case(name);
    }
    let name = name.strip_suffix('.').unwrap_or(name);
    let (pattern, name): (Vec<_>, Vec<_>) =
        (pattern.split('.').collect(), name.split('.').collect());
    pattern.len() == name.len()
        && pattern
            .iter()
            .zip(&name)
            .enumerate()
            .all(|(at, (pattern, name))| {
                at == 0 && *pattern == "*" || pattern.eq_ignore_ascii_case(name)
            })
}

/// `validHostname`.
fn is_host(text: &str, is_pattern: bool) -> bool {
    let is_label = |at: usize, label: &str| {
        let of_pattern = is_pattern && at == 0 && label == "*";
        let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        of_pattern || !label.is_empty() && !label.starts_with('-') && label.bytes().all(is_valid)
    };
    text != "*"
        && text
            .split('.')
            .enumerate()
            .all(|(at, label)| is_label(at, label))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wildcard_matches_one_label() {
        for (pattern, name, expected) in [
            ("cp.example", "cp.example", true),
            ("CP.example", "cp.EXAMPLE", true),
            ("cp.example", "cp.example.", true),
            ("cp.example.", "cp.example", false),
            ("*.example", "cp.example", true),
            ("*.example", "a.cp.example", false),
            ("*.example", "example", false),
            ("c*.example", "cp.example", false),
            ("cp.*", "cp.example", false),
            ("*", "example", false),
            ("a_b.example", "a_b.example", true),
            ("", "example", false),
        ] {
            assert_eq!(matches(pattern, name), expected, "{pattern} {name}");
        }
    }
}
