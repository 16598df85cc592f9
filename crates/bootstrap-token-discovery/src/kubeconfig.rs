//! The one place where YAML is read: a kubeconfig whose signature holds.
//!
//! Whoever holds the token can have written it, so that it is read without aliases, anchors and merge keys, and
//! within limits.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_saphyr::{Budget, MergeKeyPolicy, Options};

use crate::trusted::Cluster;
use crate::{Certificate, Distrust, Endpoint, ParseEndpointError};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Config {
    api_version: Option<String>,
    kind: Option<String>,
    clusters: Option<Vec<NamedCluster>>,
    contexts: Option<Vec<NamedContext>>,
    #[serde(rename = "current-context")]
    current_context: Option<String>,
}

#[derive(Deserialize)]
struct NamedCluster {
    name: Option<String>,
    cluster: Option<ClusterEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ClusterEntry {
    server: Option<String>,
    certificate_authority_data: Option<String>,
}

#[derive(Deserialize)]
struct NamedContext {
    name: Option<String>,
    context: Option<ContextEntry>,
}

#[derive(Deserialize)]
struct ContextEntry {
    cluster: Option<String>,
}

/// Reads the one cluster of a kubeconfig.
pub(crate) fn read(text: &str) -> Result<Cluster, Distrust> {
    let config = parse(text)?;
    if config
        .api_version
        .as_deref()
        .is_some_and(|version| version != "v1")
        || config.kind.as_deref().is_some_and(|kind| kind != "Config")
    {
        return Err(Distrust::NotAKubeconfig);
    }
    let mut clusters = config.clusters.unwrap_or_default();
    let found = clusters.len();
    let cluster = match clusters.pop() {
        None => return Err(Distrust::NoCluster),
        Some(_) if found > 1 => return Err(Distrust::SeveralClusters { found }),
        Some(cluster) => cluster,
    };
    // `GetClusterFromKubeConfig` of kubeadm: a cluster without a name, or the current context's.
    let name = cluster.name.unwrap_or_default();
    let current = config.current_context.unwrap_or_default();
    let of_context = config
        .contexts
        .unwrap_or_default()
        .into_iter()
        .find(|context| context.name.as_deref().unwrap_or_default() == current)
        .and_then(|context| context.context?.cluster);
    if !name.is_empty() && of_context.as_deref() != Some(&*name) {
        return Err(Distrust::NotCurrent);
    }
    let entry = cluster.cluster.ok_or(Distrust::NoCluster)?;
    let server: Endpoint = entry
        .server
        .ok_or(ParseEndpointError::NoHost)
        .and_then(|server| server.parse())
        .map_err(Distrust::Server)?;
    let data = entry
        .certificate_authority_data
        .filter(|data| !data.is_empty())
        .ok_or(Distrust::NoAuthority)?;
    let data: String = data.split(['\r', '\n']).collect();
    let pem = STANDARD
        .decode(data)
        .map_err(|_| Distrust::AuthorityNotBase64)?;
    let bundle = Certificate::bundle_from_pem(&pem).map_err(Distrust::Authority)?;
    Ok(Cluster { server, bundle })
}

fn parse(text: &str) -> Result<Config, Distrust> {
    /// A ConfigMap holds no more.
    const LONGEST: usize = 1 << 20;

    if text.len() > LONGEST {
        return Err(Distrust::Malformed { line: None });
    }
    let mut budget = Budget::default();
    budget.max_aliases = 0;
    budget.max_anchors = 0;
    budget.max_documents = 1;
    budget.max_depth = 16;
    budget.flow_nesting_limit = 16;
    budget.max_nodes = 10_000;
    budget.max_events = 40_000;
    let mut options = Options::default();
    options.budget = Some(budget);
    options.merge_keys = MergeKeyPolicy::Error;
    options.reject_unsupported_tags = true;
    serde_saphyr::from_str_with_options(text, options).map_err(|error| Distrust::Malformed {
        line: error
            .location()
            .and_then(|at| usize::try_from(at.line()).ok()),
    })
}
