//! Refuses servers that would receive secrets in clear.

use std::net::IpAddr;

use http::Uri;
use kube::Config;

use crate::TransportError;
use crate::proxy::Proxy;

/// Returns whether the host is a loopback address of this machine or `localhost`.
///
/// ```
/// use kube_transport::is_loopback;
///
/// assert!(is_loopback("[::1]") && is_loopback("localhost"));
/// assert!(!is_loopback("localhost.example.org"));
/// ```
pub fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse()
            .is_ok_and(|address: IpAddr| address.is_loopback())
}

/// Rejects a server that would receive or send secrets unencrypted, or that is not verified.
pub(crate) fn check(config: &Config, proxy: Option<&Proxy>) -> Result<(), TransportError> {
    let server = &config.cluster_url;
    if has_login(server) {
        return Err(TransportError::Login);
    }
    let is_here = server.host().is_some_and(is_loopback)
        && proxy.is_none_or(|proxy| is_loopback(proxy.host()));
    if server.scheme_str() == Some("http") && !is_here {
        return Err(TransportError::PlainHttp);
    }
    let has_roots = config.root_cert_file.is_some()
        || config
            .root_cert
            .as_ref()
            .is_some_and(|roots| !roots.is_empty());
    if config.accept_invalid_certs && has_roots {
        return Err(TransportError::Unverified);
    }
    Ok(())
}

fn has_login(server: &Uri) -> bool {
    let authority = server.authority();
    authority.is_some_and(|authority| authority.as_str().contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for (host, expected) in [
            ("127.0.0.1", true),
            ("127.9.9.9", true),
            ("[::1]", true),
            ("::1", true),
            ("localhost", true),
            ("10.0.0.1", false),
            ("localhost.example.org", false),
            ("127.0.0.1.example.org", false),
            ("", false),
        ] {
            assert_eq!(is_loopback(host), expected, "{host}");
        }
    }
}
