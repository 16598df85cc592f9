//! Parses and matches `NO_PROXY` as `golang.org/x/net/http/httpproxy` does.

use std::net::{IpAddr, Ipv6Addr};

use crate::idna::ascii_name;

/// Servers that are reached without a proxy.
#[derive(Debug, Clone, Default)]
pub(super) struct NoProxy {
    /// `*`.
    all: bool,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone)]
enum Entry {
    Network {
        address: Ipv6Addr,
        prefix: u8,
    },
    Address {
        address: Ipv6Addr,
        port: String,
    },
    Name {
        /// With a leading dot.
        suffix: String,
        /// Whether the domain itself matches, too.
        and_itself: bool,
        port: String,
    },
}

impl NoProxy {
    pub(super) fn parse(text: &str) -> Self {
        let mut entries = Vec::new();
        for entry in text.split(',') {
            let entry = entry.trim().to_lowercase();
            if entry == "*" {
                return Self {
                    all: true,
                    entries: Vec::new(),
                };
            }
            entries.extend(Entry::parse(&entry));
        }
        Self {
            all: false,
            entries,
        }
    }

    /// The opposite of `useProxy`.
    pub(super) fn excepts(&self, host: &str, port: u16) -> bool {
        let address = address(host);
        let is_loopback = address.is_some_and(|address| address.to_canonical().is_loopback());
        if host == "localhost" || is_loopback || self.all {
            return true;
        }
        let name = host.trim().to_lowercase();
        let port = port.to_string();
        self.entries
            .iter()
            .any(|entry| entry.matches(&name, address, &port))
    }
}

impl Entry {
    fn parse(text: &str) -> Option<Self> {
        if let Some(network) = network(text) {
            return Some(network);
        }
        let (host, port) = split_host_port(text).unwrap_or((text, ""));
        let port = port.to_owned();
        // Go does not allow a zone here.
        if let Ok(address) = host.parse::<IpAddr>() {
            let address = mapped(address);
            return Some(Self::Address { address, port });
        }
        let host = match host.strip_prefix("*.") {
            Some(_) => &host[1..],
            None => host,
        };
        let and_itself = !host.starts_with('.');
        let dot = if and_itself { "." } else { "" };
        let host = (!host.is_empty()).then_some(host)?;
        let suffix = format!("{dot}{host}");
        Some(Self::Name {
            suffix: ascii_name(&suffix).unwrap_or(suffix),
            and_itself,
            port,
        })
    }

    fn matches(&self, name: &str, asked: Option<Ipv6Addr>, port: &str) -> bool {
        let of_port = |only: &str| only.is_empty() || only == port;
        match self {
            Self::Network { address, prefix } => {
                let is_ipv4 = |address: &Ipv6Addr| address.to_ipv4_mapped().is_some();
                asked.is_some_and(|asked| {
                    is_ipv4(&asked) == is_ipv4(address) && masked(asked, *prefix) == *address
                })
            }
            Self::Address {
                address,
                port: only,
            } => asked == Some(*address) && of_port(only),
            Self::Name {
                suffix,
                and_itself,
                port: only,
            } => {
                let is_it = name.ends_with(&**suffix) || *and_itself && *name == suffix[1..];
                asked.is_none() && is_it && of_port(only)
            }
        }
    }
}

/// `net.ParseCIDR`. `Contains` is false for IPv4 addresses if the IPv6 network is larger than the mapped IPv4 range.
fn network(text: &str) -> Option<Entry> {
    let (address, prefix) = text.split_once('/')?;
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
    let prefix: u8 = prefix
        .parse()
        .ok()
        .filter(|&prefix| digits && prefix <= most)?;
    let prefix = prefix + 128 - most;
    Some(Entry::Network {
        address: masked(mapped(address), prefix),
        prefix,
    })
}

fn masked(address: Ipv6Addr, prefix: u8) -> Ipv6Addr {
    let mask = u128::MAX.checked_shl(128 - u32::from(prefix));
    (u128::from(address) & mask.unwrap_or(0)).into()
}

/// Maps IPv4 to IPv6, like Go's `net.IP`.
fn mapped(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(address) => address.to_ipv6_mapped(),
        IpAddr::V6(address) => address,
    }
}

/// `netip.ParseAddr`, without the zone.
fn address(host: &str) -> Option<Ipv6Addr> {
    match host.split_once('%') {
        None => host.parse().ok().map(mapped),
        Some((_, "")) => None,
        Some((address, _)) => address.parse().ok(),
    }
}

/// `net.SplitHostPort`.
fn split_host_port(text: &str) -> Option<(&str, &str)> {
    let (before, port) = text.rsplit_once(':')?;
    let (host, rest) = match before.strip_prefix('[') {
        Some(host) => {
            let host = host.strip_suffix(']')?;
            (host, host)
        }
        None if before.contains(':') => return None,
        None => (before, before),
    };
    let is_bare = |text: &str| !text.contains(['[', ']']);
    (is_bare(rest) && is_bare(port)).then_some((host, port))
}
