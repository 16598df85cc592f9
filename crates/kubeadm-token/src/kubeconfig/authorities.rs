use std::path::Path;

use bootstrap_token_discovery::Certificate;
use kube::config::Cluster;

use super::fault::{self, file};
use super::{content, forget_empty};
use crate::failure::Failure;

/// The certificates that the kubeconfig trusts for its current context's cluster, and nothing else of it: no
/// credential is looked at. None without an entry for them.
pub(crate) fn authorities(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let (mut kubeconfig, context_name, context) = super::current(path)?;
    let cluster = super::cluster(&mut kubeconfig, path, &context_name, &context)?;
    let fault = |what: String| fault::in_entry("cluster", path, &context.cluster, what);
    check(cluster).map_err(fault)?;
    let found = content(
        "certificate-authority",
        cluster.certificate_authority_data.as_deref(),
        cluster.certificate_authority.as_deref(),
    );
    let Some(pem) = found.map_err(fault)? else {
        return Ok(Vec::new());
    };
    Certificate::bundle_from_pem(&pem)
        .map_err(|error| fault(format!("its certificate authority: {error}")))
}

/// A file that cannot be read is named.
pub(super) fn check(cluster: &mut Cluster) -> Result<(), String> {
    forget_empty(&mut cluster.certificate_authority);
    forget_empty(&mut cluster.certificate_authority_data);
    match (
        &cluster.certificate_authority_data,
        &cluster.certificate_authority,
    ) {
        (None, Some(path)) => file(Path::new(path))
            .map(drop)
            .map_err(|error| format!("its certificate-authority: {error}")),
        _ => Ok(()),
    }
}
