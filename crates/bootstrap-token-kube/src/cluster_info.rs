//! Reads the ConfigMap `kube-public/cluster-info` and updates its signatures.

mod signatures;

use std::time::SystemTime;

use bootstrap_token_discovery::ClusterInfo;
use bytes::Bytes;
use futures::TryStreamExt as _;
use serde_json::{Map, Value, json};
use tokio::time::Instant;

use crate::call::{Attempts, Call, idempotent};
use crate::error::{BadReply, Kind, NoEnd};
use crate::failure::{Failure, Fate};
use crate::request::{Purpose, Request};
use crate::{BootstrapTokens, Error, wire};

pub use signatures::{Dead, Signature, SignatureState, Signatures};

/// The most signatures kept in memory: ten times what cluster-info can hold.
const SIGNATURES: usize = 1 << 16;

/// The outcome of [`sign`](BootstrapTokens::sign), with the signatures found before it.
#[derive(Debug, Clone)]
#[must_use = "it may be that nothing was signed"]
pub enum Signed<R> {
    /// All signatures are correct now.
    Done(Signatures),
    /// `judge` refused to sign, for this reason.
    Refused(Signatures, R),
}

impl BootstrapTokens {
    /// Reads the ConfigMap that describes the cluster to joining machines.
    ///
    /// # Errors
    /// The ConfigMap does not exist ([`is_not_found`](Error::is_not_found)), or the call failed.
    pub async fn cluster_info(&self) -> Result<ClusterInfo, Error> {
        let mut call = self.call(Purpose::ReadClusterInfo);
        let read = call.cluster_info().await;
        read.map(|map| ClusterInfo::new(map.data))
            .map_err(|failure| call.error(failure))
    }

    /// Compares the signatures in cluster-info with those that the tokens should have. Reads only.
    ///
    /// A token that was just created may be unsigned until the controller manager signs it. Expiration is judged by the
    /// API server's clock, or by `now` if the server sends no time.
    ///
    /// # Errors
    /// cluster-info does not exist ([`is_of_cluster_info`](Error::is_of_cluster_info) and
    /// [`is_not_found`](Error::is_not_found)), it has no kubeconfig ([`is_no_kubeconfig`](Error::is_no_kubeconfig)), or
    /// a call failed.
    pub async fn signatures(&self, now: SystemTime) -> Result<Signatures, Error> {
        let mut call = self.call(Purpose::ReadClusterInfo);
        let (signatures, _) = self.compare(&mut call, now).await?;
        Ok(signatures)
    }

    /// Publishes missing and stale signatures and deletes those of dead tokens. Returns the signatures found before.
    ///
    /// A signature vouches for the server and the CA in cluster-info. `judge` therefore sees what would be signed, and
    /// nothing is written if it refuses. It runs again after each conflict, always on the version that the write is
    /// for.
    ///
    /// The write is one PATCH of the changed keys. The API server accepts it only if cluster-info has not changed since
    /// it was read; otherwise everything is read again. The signatures equal the controller manager's to the byte, so
    /// it has nothing to change. Tokens are read after cluster-info, so a signature that it adds meanwhile is never
    /// deleted. If nothing changes, nothing is sent.
    ///
    /// The [`deadline`](crate::Policy::deadline) covers everything except the pages of the list, each of which has its
    /// own.
    ///
    /// # Errors
    /// Those of [`signatures`](Self::signatures), or the write was refused or conflicted until the deadline
    /// ([`is_conflict`](Error::is_conflict)). A write whose outcome is unknown can be repeated.
    pub async fn sign<R>(
        &self,
        now: SystemTime,
        mut judge: impl FnMut(&Signatures) -> Result<(), R>,
    ) -> Result<Signed<R>, Error> {
        let mut call = self.call(Purpose::WriteClusterInfo);
        let mut attempts = Attempts::new();
        loop {
            call.purpose = Purpose::ReadClusterInfo;
            let (signatures, version) = self.compare(&mut call, now).await?;
            if let Err(why) = judge(&signatures) {
                return Ok(Signed::Refused(signatures, why));
            }
            if signatures.are_in_order() {
                return Ok(Signed::Done(signatures));
            }
            if version.is_empty() {
                // Without a version, the write would overwrite other writers' changes.
                return Err(call.error(BadReply::NoVersion.into()));
            }
            call.purpose = Purpose::WriteClusterInfo;
            let request = Request::patch_cluster_info(patch(&signatures, &version));
            let lost = match call.send(&request, idempotent).await {
                Ok(_) => return Ok(Signed::Done(signatures)),
                Err(failure) if is_conflict(&failure) => call.pause(&mut attempts, failure).await,
                Err(failure) => Err(failure),
            };
            lost.map_err(|failure| call.error(failure))?;
        }
    }

    /// Reads cluster-info first, then the tokens: a signature added in between changes the returned version.
    async fn compare(
        &self,
        call: &mut Call<'_>,
        now: SystemTime,
    ) -> Result<(Signatures, String), Error> {
        let read = call.cluster_info().await;
        let map = read.map_err(|failure| call.error(failure))?;
        let now = call.server_time.unwrap_or(now);
        let version = map.metadata.unwrap_or_default().resource_version;
        let mut signatures = Signatures::of(&ClusterInfo::new(map.data))
            .ok_or_else(|| call.error(Failure::new(Kind::NoKubeconfig, Fate::Final)))?;
        let began = Instant::now();
        let mut pages = core::pin::pin!(self.list());
        while let Some(page) = pages.try_next().await? {
            for stored in page {
                signatures.add_token(&stored?, now);
            }
            if signatures.iter().len() > SIGNATURES {
                let no_end = BadReply::NoEnd(NoEnd::Signing(SIGNATURES));
                return Err(call.error(no_end.into()));
            }
        }
        call.extend_deadline(began.elapsed());
        Ok((signatures, version))
    }
}

impl Call<'_> {
    async fn cluster_info(&mut self) -> Result<wire::ConfigMap, Failure> {
        let reply = self.send(&Request::cluster_info(), idempotent).await;
        reply?.config_map(|_| true)
    }
}

fn is_conflict(failure: &Failure) -> bool {
    matches!(&failure.kind, Kind::Status(status) if status.code() == 409)
}

/// Builds a merge patch: changed keys, deleted keys as `null`, and the version that must still be current.
fn patch(signatures: &Signatures, version: &str) -> Bytes {
    let data: Map<String, Value> = signatures
        .changes()
        .map(|(key, value)| (key.to_owned(), value.map_or(Value::Null, Value::from)))
        .collect();
    let patch = json!({"metadata": {"resourceVersion": version}, "data": data});
    patch.to_string().into()
}
