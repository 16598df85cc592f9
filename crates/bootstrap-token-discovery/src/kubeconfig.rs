//! The only place that parses a cluster's YAML, within limits. A joining machine parses it after verifying the
//! signature ([`trust`](crate::ClusterInfo::trust)) or from a trusted discovery file. An administrator parses it
//! unverified, to see what is wrong.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::settings::{ProxyUrl, Settings};
use crate::yaml::{Malformed, Node};
use crate::{Certificate, Distrust, Endpoint, ParseEndpointError, UnverifiedCluster};

/// Parses the one cluster of a kubeconfig.
pub(crate) fn read(text: &str) -> Result<UnverifiedCluster, Distrust> {
    read_with_settings(text).map(|(cluster, _)| cluster)
}

/// Also returns the connection settings.
pub(crate) fn read_with_settings(text: &str) -> Result<(UnverifiedCluster, Settings), Distrust> {
    /// The limit of a ConfigMap.
    const LONGEST: usize = 1 << 20;

    if text.len() > LONGEST {
        return Err(Distrust::Malformed { line: None });
    }
    let config = Node::read(text)?;
    let other = |key: &str, wanted: &str| -> Result<bool, Malformed> {
        Ok(config.get_text(key)?.is_some_and(|found| found != wanted))
    };
    if other("apiVersion", "v1")? || other("kind", "Config")? {
        return Err(Distrust::NotAKubeconfig);
    }
    let cluster = match config.get_list("clusters")? {
        [] => return Err(Distrust::NoCluster),
        [cluster] => cluster,
        several => {
            return Err(Distrust::SeveralClusters {
                found: several.len(),
            });
        }
    };
    // `GetClusterFromKubeConfig` of kubeadm: a cluster without a name, or the current context's.
    let name = cluster.get_text("name")?.unwrap_or_default();
    let current = current_cluster(&config)?;
    if !name.is_empty() && current != Some(name) {
        return Err(Distrust::NotCurrent);
    }
    let entry = cluster.get("cluster")?.ok_or(Distrust::NoCluster)?;
    let server: Endpoint = entry
        .get_text("server")?
        .ok_or(ParseEndpointError::NoHost)
        .and_then(str::parse)
        .map_err(Distrust::Server)?;
    let data = entry
        .get_text("certificate-authority-data")?
        .filter(|data| !data.is_empty())
        .ok_or(Distrust::NoAuthority)?;
    let data: String = data.split(['\r', '\n']).collect();
    let pem = STANDARD
        .decode(data)
        .map_err(|_| Distrust::AuthorityNotBase64)?;
    let certificates = Certificate::bundle_from_pem(&pem).map_err(Distrust::Authority)?;
    let setting = |key| Ok::<_, Malformed>(entry.get_text(key)?.filter(|text| !text.is_empty()));
    let settings = Settings {
        tls_server_name: setting("tls-server-name")?.map(str::to_owned),
        proxy_url: setting("proxy-url")?.map(ProxyUrl::new),
    };
    let cluster = UnverifiedCluster {
        server,
        certificates,
        pem,
    };
    Ok((cluster, settings))
}

/// Returns the cluster of the current context. A context name that is not unique yields none, since kubeadm rejects the
/// file.
fn current_cluster(config: &Node) -> Result<Option<&str>, Malformed> {
    let current = config.get_text("current-context")?.unwrap_or_default();
    let mut names = Vec::new();
    let mut cluster = None;
    for context in config.get_list("contexts")? {
        let name = context.get_text("name")?.unwrap_or_default();
        if names.contains(&name) {
            return Err(context.malformed());
        }
        names.push(name);
        if name == current {
            cluster = match context.get("context")? {
                Some(context) => context.get_text("cluster")?,
                None => None,
            };
        }
    }
    Ok(cluster)
}

impl From<Malformed> for Distrust {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed {
            line: Some(malformed.line),
        }
    }
}
