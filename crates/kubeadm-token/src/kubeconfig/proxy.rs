//! The proxy that the environment names, and what it is not for.

use std::ffi::OsString;

use kube::config::{Cluster, Context, KubeConfigOptions, Kubeconfig, NamedCluster, NamedContext};

use super::fault;
use crate::failure::Failure;

/// The proxy that the environment names for a server that no kubeconfig is about, as Go's `ProxyFromEnvironment`
/// finds it: never for this machine itself, nor for what `NO_PROXY` names.
pub(crate) async fn environment_proxy(
    url: &str,
    env: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Option<http::Uri>, Failure> {
    let proxy = ["HTTPS_PROXY", "https_proxy"]
        .into_iter()
        .filter_map(env)
        .find(|proxy| !proxy.is_empty());
    let Some(proxy) = proxy.filter(|_| !is_loopback(url)) else {
        return Ok(None);
    };
    if is_excepted(url).await? {
        return Ok(None);
    }
    let proxy = proxy.to_str().ok_or_else(fault::proxy)?;
    let proxy = if proxy.contains("://") {
        proxy.parse()
    } else {
        format!("http://{proxy}").parse()
    };
    proxy.map(Some).map_err(|_| fault::proxy())
}

/// Whether `NO_PROXY` names the server. kube keeps its reading of it to itself, and asks it about the proxy
/// instead of the server; asked about a proxy at the server's address, it tells.
async fn is_excepted(url: &str) -> Result<bool, Failure> {
    const NAME: &str = "server";
    let kubeconfig = Kubeconfig {
        clusters: vec![NamedCluster {
            name: NAME.to_owned(),
            cluster: Some(Cluster {
                server: Some(url.to_owned()),
                proxy_url: Some(url.to_owned()),
                ..Cluster::default()
            }),
            ..NamedCluster::default()
        }],
        contexts: vec![NamedContext {
            name: NAME.to_owned(),
            context: Some(Context {
                cluster: NAME.to_owned(),
                ..Context::default()
            }),
            ..NamedContext::default()
        }],
        current_context: Some(NAME.to_owned()),
        ..Kubeconfig::default()
    };
    kube::Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default())
        .await
        .map(|config| config.proxy_url.is_none())
        .map_err(|_| fault::no_proxy())
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
