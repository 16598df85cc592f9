use core::fmt;

use zeroize::Zeroizing;

/// Connection settings in a discovery file, beyond the server's address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Settings {
    pub(crate) tls_server_name: Option<String>,
    pub(crate) proxy_url: Option<ProxyUrl>,
}

/// May hold a password: wiped on drop, and not shown.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct ProxyUrl(Zeroizing<String>);

impl ProxyUrl {
    pub(crate) fn new(url: &str) -> Self {
        Self(Zeroizing::new(url.to_owned()))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProxyUrl(..)")
    }
}
