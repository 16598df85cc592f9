use core::time::Duration;
use std::time::SystemTime;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Anchor, ClusterInfo, Distrust, TrustedCluster};

use super::fetch::{FetchError, Fetched, Trust, cluster_info};
use super::{Attempt, Discovered, Route, Why};

/// How a cluster is recognized.
pub(super) enum Strategy<'a> {
    /// By the token's signature and the anchor.
    Signature {
        token: &'a Token,
        anchor: &'a Anchor,
        now: &'a (dyn Fn() -> SystemTime + Sync),
    },
    /// By CA certificates that are already trusted.
    File {
        cluster: &'a TrustedCluster,
        token: &'a Token,
    },
}

impl Strategy<'_> {
    /// Asks one server. `share` is the timeout of the first request, `second_timeout` that of the second.
    pub(super) async fn ask(
        &self,
        route: &Route,
        share: Duration,
        second_timeout: impl Fn() -> Duration,
    ) -> Result<Discovered, Attempt> {
        let found = match self {
            Strategy::Signature { token, anchor, now } => {
                by_signature(route, token, anchor, *now, share, second_timeout).await
            }
            Strategy::File { cluster, token } => by_file(route, cluster, token, share).await,
        };
        let (cluster, info) = found.map_err(|(why, may_pass)| Attempt {
            server: route.server.clone(),
            why,
            may_pass,
        })?;
        Ok(Discovered {
            asked: route.server.clone(),
            cluster,
            signed_by: info.iter().flat_map(ClusterInfo::signed_by).collect(),
        })
    }
}

/// The cluster that was found, or the reason and whether it may be temporary.
type Found = Result<(TrustedCluster, Option<ClusterInfo>), (Why, bool)>;

async fn by_signature(
    route: &Route,
    token: &Token,
    anchor: &Anchor,
    now: &(dyn Fn() -> SystemTime + Sync),
    share: Duration,
    second_timeout: impl Fn() -> Duration,
) -> Found {
    let Fetched { info: first, .. } = cluster_info(route, Trust::Anyone, None, share)
        .await
        .map_err(|FetchError { error, may_pass }| (Why::Unread(error), may_pass))?;
    let cluster = first.trust(token, anchor, now()).map_err(|distrust| {
        // A signature may appear later; the other reasons stay.
        let may_pass = matches!(distrust, Distrust::NotSigned { .. });
        (Why::Distrust(distrust), may_pass)
    })?;
    if anchor.is_token_alone() {
        return Ok((cluster, Some(first)));
    }
    let pinned = Trust::Only(cluster.certificates());
    let Fetched { info: second, .. } = cluster_info(route, pinned, None, second_timeout())
        .await
        .map_err(|FetchError { error, may_pass }| {
            let all = first.danger_unverified_cluster();
            let all = all.as_ref().map_or(0, |all| all.certificates().len());
            let unpinned = all.saturating_sub(cluster.certificates().len());
            (Why::NotVerified { error, unpinned }, may_pass)
        })?;
    // Signatures change; the signed kubeconfig must not.
    if first.kubeconfig() != second.kubeconfig() {
        return Err((Why::Changed, false));
    }
    Ok((cluster, Some(second)))
}

async fn by_file(route: &Route, cluster: &TrustedCluster, token: &Token, share: Duration) -> Found {
    let trust = Trust::Only(cluster.certificates());
    match cluster_info(route, trust, Some(token), share).await {
        Ok(Fetched { info, .. }) => Ok((cluster.clone(), Some(info))),
        // The server is verified and recognized the token. kubeadm's `ValidateConfigInfo` goes on as well.
        Err(FetchError { error, .. }) if error.is_forbidden() => Ok((cluster.clone(), None)),
        Err(FetchError { error, may_pass }) => Err((Why::NotConfirmed(error), may_pass)),
    }
}
