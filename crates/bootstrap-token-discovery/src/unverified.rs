use std::time::SystemTime;

use crate::{Certificate, Distrust, Endpoint};

/// The cluster in an unverified kubeconfig. Show it, but do not trust it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnverifiedCluster {
    pub(crate) server: Endpoint,
    pub(crate) certificates: Vec<Certificate>,
    /// The file with the certificates.
    pub(crate) pem: Vec<u8>,
}

impl UnverifiedCluster {
    /// Returns the declared address of the API server.
    #[must_use]
    pub fn server(&self) -> &Endpoint {
        &self.server
    }

    /// Returns all CA certificates: at least one.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Returns the certificates that are valid at a time.
    ///
    /// # Errors
    /// None is valid: [`Expired`](Distrust::Expired) or [`NotYetValid`](Distrust::NotYetValid).
    pub fn valid_certificates(&self, now: SystemTime) -> Result<Vec<Certificate>, Distrust> {
        valid(self.certificates.clone(), now)
    }
}

/// Returns the certificates that are valid at a time: clients reject a CA before or after.
pub(crate) fn valid(
    certificates: Vec<Certificate>,
    now: SystemTime,
) -> Result<Vec<Certificate>, Distrust> {
    let (begun, future): (Vec<_>, Vec<_>) = certificates
        .into_iter()
        .partition(|one| one.not_before() <= now);
    let last = begun.iter().map(Certificate::not_after).max();
    let valid: Vec<_> = begun
        .into_iter()
        .filter(|one| now <= one.not_after())
        .collect();
    let first = future.iter().map(Certificate::not_before).min();
    match (last, first) {
        _ if !valid.is_empty() => Ok(valid),
        (Some(not_after), _) => Err(Distrust::Expired { not_after }),
        (None, Some(not_before)) => Err(Distrust::NotYetValid { not_before }),
        (None, None) => Err(Distrust::NoAuthority),
    }
}
