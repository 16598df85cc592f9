//! Parses URLs like Go's `net/url`, as far as proxies need it.

use std::net::Ipv6Addr;

use zeroize::Zeroizing;

use super::Login;

/// `url.URL`.
pub(super) struct Url {
    /// In lower case; empty if missing.
    pub(super) scheme: String,
    pub(super) login: Option<Login>,
    /// With port and brackets, if any; empty if missing.
    pub(super) host: String,
}

impl Url {
    /// `url.Parse`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (text, fragment) = text.split_once('#').unwrap_or((text, ""));
        if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) || unescape(fragment).is_none() {
            return None;
        }
        let (scheme, rest) = scheme(text)?;
        let scheme = scheme.to_ascii_lowercase();
        let rest = rest.split('?').next().unwrap_or_default();
        let opaque = Self {
            scheme,
            login: None,
            host: String::new(),
        };
        if !rest.starts_with('/') {
            if !opaque.scheme.is_empty() {
                return Some(opaque);
            }
            let first = rest.split('/').next().unwrap_or_default();
            if first.contains(':') {
                return None;
            }
        }
        let authority = match rest.strip_prefix("//") {
            Some(_) if opaque.scheme.is_empty() && rest.starts_with("///") => None,
            authority => authority,
        };
        let Some(authority) = authority else {
            unescape(rest)?;
            return Some(opaque);
        };
        let end = authority.find('/').unwrap_or(authority.len());
        let (authority, path) = authority.split_at(end);
        unescape(path)?;
        let (login, host) = match authority.rsplit_once('@') {
            Some((login, host)) => (Some(self::login(login)?), host),
            None => (None, authority),
        };
        Some(Self {
            host: self::host(&opaque.scheme, host)?,
            login,
            ..opaque
        })
    }

    /// Returns the host without brackets and the port, if any. `None` if no connection is possible.
    pub(super) fn host_and_port(&self) -> Option<(String, Option<u16>)> {
        let (host, port) = match self.host.rfind(':') {
            Some(colon) if is_optional_port(&self.host[colon..]) => {
                (&self.host[..colon], &self.host[colon + 1..])
            }
            _ => (&*self.host, ""),
        };
        let bare = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        let host = bare.unwrap_or(host);
        let port = match port {
            "" => None,
            port => Some(port.parse().ok()?),
        };
        (!host.is_empty()).then(|| (host.to_owned(), port))
    }
}

/// `getScheme`.
fn scheme(text: &str) -> Option<(&str, &str)> {
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return None,
            b':' => return Some((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Some(("", text))
}

fn login(text: &str) -> Option<Login> {
    let is_valid = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
    if !text.bytes().all(is_valid) {
        return None;
    }
    let (user, password) = text.split_once(':').unwrap_or((text, ""));
    // Go's strings are bytes; passwords that are not UTF-8 are rejected here.
    Some(Login {
        user: String::from_utf8(unescape(user)?).ok()?,
        password: Zeroizing::new(String::from_utf8(unescape(password)?).ok()?),
    })
}

/// `parseHost`.
fn host(scheme: &str, text: &str) -> Option<String> {
    match text.rfind('[') {
        Some(0) => {
            let end = text.rfind(']')?;
            let (address, port) = (&text[1..end], &text[end + 1..]);
            let (address, zone) = match address.split_once("%25") {
                Some((address, zone)) => (address, Some(zone)),
                None => (address, None),
            };
            address.parse::<Ipv6Addr>().ok()?;
            if !is_optional_port(port) || zone.is_some_and(|zone| !is_host(zone) || zone.is_empty())
            {
                return None;
            }
            Some(match zone {
                Some(zone) => format!("[{address}%{zone}]{port}"),
                None => format!("[{address}]{port}"),
            })
        }
        Some(_) => None,
        None => {
            let colon = match scheme {
                "http" | "https" => text.find(':'),
                _ => text.rfind(':'),
            };
            if colon.is_some_and(|at| !is_optional_port(&text[at..])) || !is_host(text) {
                return None;
            }
            // In a host, only non-ASCII bytes may be escaped.
            if text.contains('%') {
                let unescaped = String::from_utf8(unescape(text)?).ok()?;
                return (!unescaped.is_ascii()).then_some(unescaped);
            }
            Some(text.to_owned())
        }
    }
}

fn is_host(text: &str) -> bool {
    let is_valid = |byte: u8| {
        byte.is_ascii_alphanumeric() || byte >= 0x80 || b"-_.~!$&'()*+,;=:[]<>\"%".contains(&byte)
    };
    text.bytes().all(is_valid)
}

/// `validOptionalPort`.
fn is_optional_port(text: &str) -> bool {
    match text.strip_prefix(':') {
        Some(port) => port.bytes().all(|byte| byte.is_ascii_digit()),
        None => text.is_empty(),
    }
}

/// `unescape`, outside a query.
fn unescape(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        rest = after;
        if *byte == b'%' {
            let [high, low, after @ ..] = rest else {
                return None;
            };
            let digit = |byte: u8| char::from(byte).to_digit(16);
            let value = digit(*high)? * 16 + digit(*low)?;
            bytes.push(u8::try_from(value).ok()?);
            rest = after;
        } else {
            bytes.push(*byte);
        }
    }
    Some(bytes)
}
