use std::path::Path;

use bootstrap_token_discovery::Certificate;
use kube::config::Cluster;

use super::fault::{self, file};
use super::{decode_base64, forget_empty};
use crate::failure::{Failure, words};

/// The certificates that the kubeconfig trusts for its current context's cluster, and nothing else of it: no
/// credential is looked at. None without an entry for them.
pub(crate) fn authorities(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let (mut kubeconfig, context_name, context) = super::current(path)?;
    let cluster = super::cluster(&mut kubeconfig, path, &context_name, &context)?;
    let fault = |what: String| fault::in_entry("cluster", path, &context.cluster, what);
    check(cluster).map_err(fault)?;
    let pem = match (
        &cluster.certificate_authority_data,
        &cluster.certificate_authority,
    ) {
        (Some(data), _) => decode_base64(data)
            .ok_or_else(|| fault("its certificate-authority-data is not base64".to_owned()))?,
        (None, Some(file)) => std::fs::read(file).map_err(|error| {
            fault(format!(
                "its certificate-authority: open {file}: {}",
                words(&error)
            ))
        })?,
        (None, None) => return Ok(Vec::new()),
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
