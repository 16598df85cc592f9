mod environment;
mod no_proxy;
mod url;

use core::fmt;
use core::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use zeroize::Zeroizing;

pub use environment::{ProxyEnvironment, ProxyError};
use url::Url;

use crate::idna::ascii_name;

/// A proxy: its address and credentials.
///
/// `Display` and `Debug` show only the address. Parsed as client-go parses the `proxy-url` of a kubeconfig: a URL with
/// the scheme `http`, `https` or `socks5`.
///
/// ```
/// use kube_transport::Proxy;
///
/// let proxy: Proxy = "http://user:password@proxy.example:3128".parse()?;
/// assert_eq!(proxy.to_string(), "http://proxy.example:3128");
/// # Ok::<_, kube_transport::ParseProxyError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    scheme: Scheme,
    host: String,
    port: u16,
    login: Option<Login>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
    /// `socks5` and `socks5h`. The proxy resolves the server's name for both, as in Go.
    Socks5,
    Socks5h,
}

/// A user name and a password, either of which may be empty.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) password: Zeroizing<String>,
}

impl Proxy {
    /// Parses a URL as net/http does for the environment, which also allows `socks5h`.
    fn from_url(url: Url) -> Result<Self, ParseProxyError> {
        let scheme = Scheme::parse(&url.scheme)
            .ok_or_else(|| ParseProxyError::Scheme(url.scheme.clone()))?;
        let (host, port) = url.host_and_port().ok_or(ParseProxyError::NotAUrl)?;
        Ok(Self {
            scheme,
            host: ascii_name(&host).unwrap_or(host),
            port: port.unwrap_or(scheme.port()),
            login: url.login,
        })
    }

    /// Returns the name or address of the host, an IPv6 address without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Returns the port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Returns the user name and password for the proxy.
    pub fn expose_login(&self) -> Option<(&str, &str)> {
        let login = self.login.as_ref()?;
        Some((&login.user, &login.password))
    }

    pub(crate) fn login(&self) -> Option<&Login> {
        self.login.as_ref()
    }

    pub(crate) fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Returns the value of `Proxy-Authorization`.
    pub(crate) fn authorization(&self) -> Option<HeaderValue> {
        let Login { user, password } = self.login.as_ref()?;
        let plain = Zeroizing::new(format!("{user}:{}", password.as_str()));
        let encoded = Zeroizing::new(STANDARD.encode(plain.as_bytes()));
        let value = Zeroizing::new(format!("Basic {}", encoded.as_str()));
        let mut value = HeaderValue::from_str(&value).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl Scheme {
    fn parse(scheme: &str) -> Option<Self> {
        Some(match scheme {
            "http" => Self::Http,
            "https" => Self::Https,
            "socks5" => Self::Socks5,
            "socks5h" => Self::Socks5h,
            _ => return None,
        })
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
            Self::Socks5 => "socks5",
            Self::Socks5h => "socks5h",
        }
    }

    fn port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
            Self::Socks5 | Self::Socks5h => 1080,
        }
    }

    pub(crate) fn is_socks(self) -> bool {
        matches!(self, Self::Socks5 | Self::Socks5h)
    }
}

/// `parseProxyURL` of client-go.
impl FromStr for Proxy {
    type Err = ParseProxyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).ok_or(ParseProxyError::NotAUrl)?;
        if url.scheme == "socks5h" {
            return Err(ParseProxyError::Scheme(url.scheme));
        }
        Self::from_url(url)
    }
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme.as_str())?;
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Proxy({self})")
    }
}

/// Why a text is not a valid proxy. The text itself is not repeated, as it may hold a password.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ParseProxyError {
    /// It is not a URL with a host.
    NotAUrl,
    /// The scheme of the URL is not that of a supported proxy.
    Scheme(String),
}

impl fmt::Display for ParseProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAUrl => f.write_str("not the URL of a proxy"),
            Self::Scheme(scheme) => write!(f, "unsupported scheme {scheme:?}"),
        }
    }
}

impl core::error::Error for ParseProxyError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_address_is_shown() {
        for (text, shown) in [
            ("http://u:hunter2@p.example", "http://p.example:80"),
            ("https://u:hunter2@p.example/x?y", "https://p.example:443"),
            ("SOCKS5://u:hunter2@[fd00::1]", "socks5://[fd00::1]:1080"),
            ("http://p.example:/", "http://p.example:80"),
        ] {
            let proxy: Proxy = text.parse().unwrap();
            assert_eq!(proxy.to_string(), shown);
            assert_eq!(format!("{proxy:?}"), format!("Proxy({shown})"));
        }
    }

    #[test]
    fn invalid_proxies_are_rejected_without_their_text() {
        let kind = |scheme: &str| Err(ParseProxyError::Scheme(scheme.to_owned()));
        for (text, expected) in [
            ("ftp://u:hunter2@p.example", kind("ftp")),
            ("socks5h://p.example", kind("socks5h")),
            ("socks4://p.example", kind("socks4")),
            ("p.example:3128", kind("p.example")),
            ("p.example", kind("")),
            ("127.0.0.1:3128", Err(ParseProxyError::NotAUrl)),
            ("http://", Err(ParseProxyError::NotAUrl)),
            ("http://:3128", Err(ParseProxyError::NotAUrl)),
            ("http://p.example:99999", Err(ParseProxyError::NotAUrl)),
            ("http://p example", Err(ParseProxyError::NotAUrl)),
            ("http://u:hun ter2@p.example", Err(ParseProxyError::NotAUrl)),
        ] {
            let parsed = text.parse::<Proxy>().map(|proxy| proxy.to_string());
            assert_eq!(parsed, expected, "{text}");
        }
    }

    #[test]
    fn a_password_is_decoded_before_sending() {
        let authorization = |text: &str| {
            let proxy: Proxy = text.parse().unwrap();
            let value = proxy.authorization()?;
            assert!(value.is_sensitive());
            let basic = value.to_str().unwrap().strip_prefix("Basic ").unwrap();
            Some(String::from_utf8(STANDARD.decode(basic).unwrap()).unwrap())
        };
        assert_eq!(authorization("http://p.example"), None);
        assert_eq!(authorization("http://u@p").as_deref(), Some("u:"));
        assert_eq!(
            authorization("http://u:p%40s%3As@p").as_deref(),
            Some("u:p@s:s")
        );
        assert_eq!(
            authorization("http://u:p@s:s@p").as_deref(),
            Some("u:p@s:s")
        );
        assert_eq!(authorization("http://@p").as_deref(), Some(":"));
    }
}
