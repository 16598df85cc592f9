//! The proxy to a server: the one that its kubeconfig names, or else the environment's.

use std::ffi::OsString;

use bootstrap_token_kube::kube_transport::{ParseProxyError, Proxy, ProxyEnvironment, ProxyError};
use tracing::info;

use super::fault::{Fault, WRITE_PROXY};

/// The environment's proxy for a server, as Go's `ProxyFromEnvironment` finds it.
pub(crate) fn environment_proxy(
    server: &http::Uri,
    env: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Option<Proxy>, ProxyError> {
    let environment = ProxyEnvironment::new(env);
    for name in environment.passed_over() {
        info!("{name} is not the URL of a proxy, and is passed over");
    }
    let proxy = environment.proxy_for(server)?;
    if let Some(proxy) = &proxy {
        info!("Using proxy: {proxy}");
    }
    Ok(proxy)
}

/// The kubeconfig's own, which always counts.
pub(super) fn of_cluster(url: &str) -> Result<Proxy, Fault> {
    let proxy: Proxy = url.parse().map_err(|error: ParseProxyError| {
        Fault::from(format!("its proxy-url: {error}")).help(WRITE_PROXY)
    })?;
    info!("Using proxy: {proxy}");
    Ok(proxy)
}

pub(super) fn is_loopback(server: &str) -> bool {
    let uri = server.parse::<http::Uri>();
    let host = uri
        .as_ref()
        .ok()
        .and_then(http::Uri::host)
        .unwrap_or_default();
    host == "localhost"
        || host
            .trim_matches(['[', ']'])
            .parse()
            .is_ok_and(|address: std::net::IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for (server, expected) in [
            ("http://127.0.0.1:8080", true),
            ("http://127.9.9.9", true),
            ("http://[::1]:8080/x", true),
            ("http://localhost:1", true),
            ("http://10.0.0.1", false),
            ("http://localhost.example.org", false),
            ("http://127.0.0.1.example.org", false),
        ] {
            assert_eq!(is_loopback(server), expected, "{server}");
        }
    }
}
