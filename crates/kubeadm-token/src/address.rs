//! Spelling of API server addresses, and detection of loopback addresses.

use std::net::{IpAddr, Ipv6Addr};

use bootstrap_token_kube::kube_transport::ascii_name;

/// Port of an address that has neither a port nor a scheme: kubeadm's default.
const PORT: &str = ":6443";

/// Suggests a valid spelling for a refused address, with its scheme and path: one spelling, or two joined by `, or`.
/// Returns `None` if it cannot be guessed. `text` must not hold a secret, since the answer repeats it.
pub fn respelled(text: &str) -> Option<String> {
    let (scheme, rest) = match text.find("://") {
        Some(at) => text.split_at(at + 3),
        None => ("", text),
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    // Text before `@` or after `?` may be a secret.
    if authority.contains([',', '@', '?', '#']) || path.contains(['?', '#']) {
        return None;
    }
    let port = if scheme.is_empty() { PORT } else { "" };
    let mut written = bare_ipv6(authority, port);
    if written.is_empty() {
        written.extend(without_brackets(authority).or_else(|| in_ascii(authority)));
    }
    let whole = written.iter().map(|one| format!("{scheme}{one}{path}"));
    let whole: Vec<_> = whole.collect();
    (!whole.is_empty()).then(|| whole.join(", or "))
}

/// Splits a comma-separated list of addresses.
pub(crate) fn separated(text: &str) -> Option<Vec<&str>> {
    let words = text.split([',', ' ']).filter(|word| !word.is_empty());
    text.contains(',').then(|| words.collect())
}

/// Adds brackets to `fd00::1:6443`. If the last group has three digits or more, it may be a port or a part of the
/// address.
fn bare_ipv6(authority: &str, default: &str) -> Vec<String> {
    let is_ipv6 = |text: &str| text.parse::<Ipv6Addr>().is_ok();
    let with_port = authority.rfind(':').map(|at| authority.split_at(at));
    let with_port = with_port
        .filter(|(address, port)| is_ipv6(address) && port.len() > 3 && is_port_part(port));
    let whole = is_ipv6(authority).then_some((authority, default));
    let readings = with_port.into_iter().chain(whole);
    readings
        .map(|(address, port)| format!("[{address}]{port}"))
        .collect()
}

/// Returns whether the text is empty, or a colon and a number from 1 to 65535.
fn is_port_part(text: &str) -> bool {
    let is_port = |digits: &str| {
        digits.bytes().all(|byte| byte.is_ascii_digit())
            && digits.parse::<u16>().is_ok_and(|port| port > 0)
    };
    text.is_empty() || text.strip_prefix(':').is_some_and(is_port)
}

/// Removes the brackets from `[cp.example]:6443`, or from an IPv4 address.
fn without_brackets(authority: &str) -> Option<String> {
    let (host, port) = authority.strip_prefix('[')?.split_once(']')?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let is_name = !host.is_empty() && host.chars().all(fits);
    (is_name && is_port_part(port)).then(|| format!("{host}{port}"))
}

/// Writes `bücher.example:6443` in ASCII.
fn in_ascii(authority: &str) -> Option<String> {
    let end = authority.find(':').unwrap_or(authority.len());
    let (host, port) = authority.split_at(end);
    let written = ascii_name(host).filter(|written| written != host)?;
    is_port_part(port).then(|| format!("{written}{port}"))
}

/// Returns whether the address leads each machine to itself. `host` may be in brackets.
pub(crate) fn leads_to_itself(host: &str) -> bool {
    if let Ok(address) = host.trim_matches(['[', ']']).parse::<IpAddr>() {
        let address = address.to_canonical();
        return address.is_loopback() || address.is_unspecified();
    }
    let name = host.strip_suffix('.').unwrap_or(host);
    let last = name.rsplit('.').next().unwrap_or_default();
    last.eq_ignore_ascii_case("localhost")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_respelled_where_its_writer_is_understood() {
        for (text, written) in [
            (
                "fd00::1:6443",
                Some("[fd00::1]:6443, or [fd00::1:6443]:6443"),
            ),
            (
                "fd00::1:1000",
                Some("[fd00::1]:1000, or [fd00::1:1000]:6443"),
            ),
            ("fd00::1:65536", None),
            ("fd00::1:000", Some("[fd00::1:000]:6443")),
            ("fd00::1", Some("[fd00::1]:6443")),
            ("fd00::6443", Some("[fd00::6443]:6443")),
            ("fd00::1:2", Some("[fd00::1:2]:6443")),
            (
                "2001:db8:0:0:0:0:0:1:443",
                Some("[2001:db8:0:0:0:0:0:1]:443"),
            ),
            ("https://fd00::1", Some("https://[fd00::1]")),
            (
                "https://::1:6443/x",
                Some("https://[::1]:6443/x, or https://[::1:6443]/x"),
            ),
            ("[cp.example]6443", None),
            ("[cp.example]:0", None),
            ("[cp.example]:+1", None),
            ("[cp.example]:", None),
            ("[cp.example]", Some("cp.example")),
            ("bücher.example:99999", None),
            ("bücher.example:0", None),
            ("[cp.example]:6443", Some("cp.example:6443")),
            ("https://[10.0.0.1]", Some("https://10.0.0.1")),
            ("Bücher.example:443", Some("xn--bcher-kva.example:443")),
            (
                "https://bücher.example/x",
                Some("https://xn--bcher-kva.example/x"),
            ),
            ("cp.example:6443:1", None),
            ("fe80::1%eth0", None),
            ("[fe80::1%eth0]:6443", None),
            ("bücher.example:ü", None),
            ("bücher,cp.example", None),
            ("https://ü:hunter2@cp.example", None),
            ("https://fd00::1/?hunter2", None),
            ("cp.example:6443", None),
            ("", None),
        ] {
            assert_eq!(respelled(text).as_deref(), written, "{text}");
        }
        assert_eq!(separated("a:1, b:2,"), Some(vec!["a:1", "b:2"]));
        assert_eq!(separated("a:1"), None);
    }

    #[test]
    fn some_addresses_lead_every_machine_to_itself() {
        for host in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "localhost",
            "LOCALHOST.",
            "cp.localhost",
        ] {
            assert!(leads_to_itself(host), "{host}");
        }
        for host in [
            "10.0.0.1",
            "[fd00::1]",
            "cp.example",
            "localhost.example",
            "",
        ] {
            assert!(!leads_to_itself(host), "{host}");
        }
    }
}
