//! The proxy for a server: the one in its kubeconfig, or else the environment's.

use std::ffi::OsString;

use bootstrap_token_kube::kube_transport::{ParseProxyError, Proxy, ProxyEnvironment, ProxyError};
use tracing::info;

use super::fault::{Fault, WRITE_PROXY};

/// Returns the environment's proxy for a server, as Go's `ProxyFromEnvironment` finds it.
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

/// Parses the kubeconfig's own proxy, which always takes precedence.
pub(super) fn of_cluster(url: &str) -> Result<Proxy, Fault> {
    let proxy: Proxy = url.parse().map_err(|error: ParseProxyError| {
        Fault::from(format!("its proxy-url: {error}")).help(WRITE_PROXY)
    })?;
    info!("Using proxy: {proxy}");
    Ok(proxy)
}
