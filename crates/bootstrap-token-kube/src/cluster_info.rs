//! The ConfigMap `kube-public/cluster-info`: read it, and see to its signatures.

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

/// The most signatures that are kept in mind: cluster-info holds a tenth of them.
const SIGNATURES: usize = 1 << 16;

/// What came of [`sign`](BootstrapTokens::sign), with the signatures as they were found.
#[derive(Debug, Clone)]
#[must_use = "it may be that nothing was signed"]
pub enum Signed<R> {
    /// They are as they should be now.
    Done(Signatures),
    /// The judge would not have them signed, and this is why.
    Refused(Signatures, R),
}

impl BootstrapTokens {
    /// The ConfigMap by which the cluster shows itself to newcomers, as it is.
    ///
    /// # Errors
    /// There is none ([`is_not_found`](Error::is_not_found)), or the call failed.
    pub async fn cluster_info(&self) -> Result<ClusterInfo, Error> {
        let mut call = self.call(Purpose::ReadClusterInfo);
        let read = call.cluster_info().await;
        read.map(|map| ClusterInfo::new(map.data))
            .map_err(|failure| call.error(failure))
    }

    /// The signatures in cluster-info, beside those that the tokens should have there. Reads only.
    ///
    /// A token that was created a moment ago may show as not signed yet: the controller manager takes its
    /// time. Expirations count by the API server's clock, and by `now` only where it does not tell its time.
    ///
    /// # Errors
    /// There is no cluster-info ([`is_of_cluster_info`](Error::is_of_cluster_info) and
    /// [`is_not_found`](Error::is_not_found)), or no kubeconfig in it
    /// ([`is_no_kubeconfig`](Error::is_no_kubeconfig)), or a call failed.
    pub async fn signatures(&self, now: SystemTime) -> Result<Signatures, Error> {
        let mut call = self.call(Purpose::ReadClusterInfo);
        let (signatures, _) = self.compare(&mut call, now).await?;
        Ok(signatures)
    }

    /// Publishes the signatures that are missing or stale and takes away those of dead tokens. What is
    /// returned tells what was found before.
    ///
    /// Whoever signs vouches for the server and the CA that stand in cluster-info: `judge` is shown what would be
    /// signed, and where it says no, nothing is written. It is asked of the very read that the write holds for,
    /// and of each that follows a conflict.
    ///
    /// One PATCH of those keys alone, which the API server takes only if nobody has changed cluster-info since
    /// it was read; after a change, all is read again. The signatures are the controller manager's to the
    /// byte, so that it finds nothing to do; and because the tokens are read after cluster-info, no signature
    /// that it makes meanwhile is taken away. Nothing is sent when there is nothing to change.
    ///
    /// The [`deadline`](crate::Policy::deadline) spans all of it but the pages of the list, of which each
    /// has its own.
    ///
    /// # Errors
    /// As those of [`signatures`](Self::signatures), or the write was refused, or lost against others until
    /// the deadline ([`is_conflict`](Error::is_conflict)). A write whose fate is not known can be repeated.
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
                // Without it, the write would go over whatever others have written.
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

    /// Cluster-info first, then the tokens: whatever is signed between the two changes the version that is
    /// returned.
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
                signatures.judge(&stored?, now);
            }
            if signatures.iter().len() > SIGNATURES {
                let no_end = BadReply::NoEnd(NoEnd::Signing(SIGNATURES));
                return Err(call.error(no_end.into()));
            }
        }
        call.put_off(began.elapsed());
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

/// A merge patch: the keys that change, those that go as `null`, and the version that must still be there.
fn patch(signatures: &Signatures, version: &str) -> Bytes {
    let data: Map<String, Value> = signatures
        .changes()
        .map(|(key, value)| (key.to_owned(), value.map_or(Value::Null, Value::from)))
        .collect();
    let patch = json!({"metadata": {"resourceVersion": version}, "data": data});
    patch.to_string().into()
}
