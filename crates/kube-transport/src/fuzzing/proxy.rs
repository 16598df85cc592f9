use std::ffi::OsString;

use http::Uri;

use super::is_bounded;
use crate::idna::ascii_name;
use crate::proxy::{Proxy, ProxyEnvironment};

/// Reads three lines: the URL of a proxy, `NO_PROXY`, and the name of a server.
///
/// # Panics
/// A property does not hold.
pub fn proxy(text: &str) {
    let mut lines = text.splitn(3, '\n');
    let [url, no_proxy, server] = [(); 3].map(|()| lines.next().unwrap_or_default());
    match url.parse::<Proxy>() {
        Ok(proxy) => shows_its_address(&proxy, url.len()),
        Err(error) => is_bounded(error.to_string().len(), url.len()),
    }
    name(server);
    for server in ["cp.example", server] {
        let Ok(server) = format!("https://{server}:6443").parse::<Uri>() else {
            continue;
        };
        chosen(url, no_proxy, &server);
    }
}

/// Checks that only the address is shown, and that it parses to itself.
fn shows_its_address(proxy: &Proxy, length: usize) {
    let shown = proxy.to_string();
    is_bounded(shown.len(), length);
    let login = proxy.expose_login().is_some();
    let header = proxy.authorization();
    assert!(header.is_none() || login);
    assert!(header.is_none_or(|header| header.is_sensitive()));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    if proxy.host().bytes().all(is_plain) {
        let again = shown.parse::<Proxy>();
        let again = again.unwrap_or_else(|error| panic!("{shown}: {error}"));
        assert_eq!(
            (again.host(), again.port(), again.expose_login()),
            (proxy.host(), proxy.port(), None)
        );
    }
}

/// Checks that servers in `NO_PROXY` are reached directly, whatever the proxy.
fn chosen(url: &str, no_proxy: &str, server: &Uri) {
    let asked = |no_proxy: &str| {
        let environment = ProxyEnvironment::new(|name| match name {
            "HTTPS_PROXY" => Some(OsString::from(url)),
            "NO_PROXY" => Some(OsString::from(no_proxy)),
            _ => None,
        });
        environment.proxy_for(server)
    };
    assert_eq!(asked("*"), Ok(None));
    let host = server.host().unwrap_or_default();
    let without = asked("");
    // `localhost` and loopback addresses need no exception.
    let found = asked(no_proxy);
    assert!(found == without || found == Ok(None));
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
    if !host.is_empty() && host.bytes().all(is_name) {
        for more in [host.to_owned(), format!("{no_proxy},{host}")] {
            assert_eq!(asked(&more), Ok(None), "{more}");
        }
        let port = server.port_u16().unwrap_or(443);
        assert_eq!(asked(&format!("{host}:{port}")), Ok(None), "{host}");
    }
}

/// Checks that a name in ASCII stays unchanged, and that any other can be decoded again.
fn name(name: &str) {
    let Some(ascii) = ascii_name(name) else {
        assert!(!name.is_ascii());
        return;
    };
    assert!(ascii.is_ascii());
    assert_eq!(ascii_name(&ascii).as_deref(), Some(&*ascii));
    if name.is_ascii() {
        assert_eq!(ascii, name);
        return;
    }
    // Letter by letter: a sigma at the end of a word is one as any other.
    let small: String = name.chars().flat_map(char::to_lowercase).collect();
    assert_eq!(ascii.split('.').count(), small.split('.').count());
    for (label, of) in ascii.split('.').zip(small.split('.')) {
        if of.is_ascii() {
            assert_eq!(label, of);
        } else {
            let decoded = label.strip_prefix("xn--").and_then(unpunycode);
            assert_eq!(decoded.as_deref(), Some(of), "{label}");
        }
    }
}

/// RFC 3492, section 6.2.
fn unpunycode(label: &str) -> Option<String> {
    let (basic, digits) = label.rsplit_once('-').unwrap_or(("", label));
    let mut output: Vec<char> = basic.chars().collect();
    let (mut next, mut at, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = digits.bytes().peekable();
    while digits.peek().is_some() {
        let (before, mut weight, mut place) = (at, 1_u32, 36_u32);
        loop {
            let digit = match digits.next()? {
                letter @ b'a'..=b'z' => u32::from(letter - b'a'),
                digit @ b'0'..=b'9' => u32::from(digit - b'0') + 26,
                _ => return None,
            };
            at = at.checked_add(digit.checked_mul(weight)?)?;
            let threshold = place.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            place += 36;
        }
        let length = u32::try_from(output.len()).ok()? + 1;
        let mut delta = (at - before) / if before == 0 { 700 } else { 2 };
        delta += delta / length;
        let mut places = 0;
        while delta > 455 {
            delta /= 35;
            places += 36;
        }
        bias = places + 36 * delta / (delta + 38);
        next = next.checked_add(at / length)?;
        output.insert(usize::try_from(at % length).ok()?, char::from_u32(next)?);
        at = at % length + 1;
    }
    Some(output.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::proxy;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn properties_hold(
            url in prop_oneof![
                r"(http|https|socks5|socks5h|ftp|)(://|:|)(u(:p|)@|)(p\.example|127\.0\.0\.1|\[::1\]|\[fe80::1%25e\]|b\u{fc}cher|%c3%bc|)(:[0-9]{0,5}|)(/x|\?|#|)",
                "[^\n]{0,24}",
            ],
            no_proxy in r"((\*|\*\.|\.|)(example|cp\.example|10\.0\.0\.0|::1|\[::1\]|)(/[0-9]{0,3}|:[0-9]{0,4}|)[, ]?){0,4}",
            server in prop_oneof![
                r"(cp\.|)(example|10\.0\.0\.1|\[::1\]|localhost)",
                "[a-z\u{df}-\u{ff}\u{3b1}-\u{3c9}\u{4e00}-\u{4e20}.-]{0,12}",
                any::<String>(),
            ],
        ) {
            proxy(&format!("{url}\n{no_proxy}\n{server}"));
        }
    }
}
