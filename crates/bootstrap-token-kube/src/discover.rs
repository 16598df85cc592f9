mod discovered;
mod error;
mod fetch;
mod rights;
mod route;
mod way;

use core::time::Duration;
use std::time::SystemTime;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Anchor, Certificate, TrustedCluster};
use tokio::time::{Instant, sleep_until};
use tracing::debug;

pub use discovered::Discovered;
pub use error::{Attempt, DiscoverError, Why};
use fetch::{Trust, Unfetched};
pub use route::Route;
use way::Way;

/// Where a cluster may be found, and how long it is looked for.
///
/// The servers are asked in order, and the first that can be trusted is taken. What may pass is waited for until
/// the timeout, all servers in question asked again every [five seconds](Self::INTERVAL): no connection, an answer
/// that says 403, 404, 429 or a trouble of the server's (a control plane that is being set up gives each of them),
/// and a signature that is not there yet. A wrong signature, a kubeconfig that cannot be read, a CA that is not
/// pinned, a certificate that does not verify end the matter for the server that showed them, as they do for
/// kubeadm: asked again, it would show the same.
#[derive(Debug, Clone)]
pub struct Discovery {
    routes: Vec<Route>,
    timeout: Duration,
}

impl Discovery {
    /// How long is waited, unless another time is set: `DiscoveryTimeout` of kubeadm.
    pub const TIMEOUT: Duration = Duration::from_secs(5 * 60);
    /// The time from one round over the servers to the next: `DiscoveryRetryInterval` of kubeadm.
    pub const INTERVAL: Duration = Duration::from_secs(5);

    /// The longest that one request takes: that of kubeadm's client.
    const LONGEST: Duration = Duration::from_secs(10);
    /// The least time that a request must have before it.
    const SHORTEST: Duration = Duration::from_millis(100);

    /// At these servers, in order; `None` if there are none.
    pub fn new(routes: impl IntoIterator<Item = Route>) -> Option<Self> {
        let routes: Vec<_> = routes.into_iter().collect();
        (!routes.is_empty()).then_some(Self {
            routes,
            timeout: Self::TIMEOUT,
        })
    }

    /// Sets the timeout, for everything together.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        // What is beyond what the clock can tell is as good as thirty years.
        self.timeout = timeout.min(Duration::from_secs(30 * 365 * 24 * 60 * 60));
        self
    }

    /// By a token and what is known beforehand of the cluster's CA.
    ///
    /// cluster-info is read over TLS that verifies nothing, without any credential; its kubeconfig is verified;
    /// then it is read again over TLS that trusts the pinned CA certificates only, and has to be the same to the
    /// byte. Without an anchor there is no second reading, as with kubeadm. The token is sent nowhere.
    ///
    /// `now` is the time at the start. `waiting` is told once why it is not over after the first round.
    ///
    /// # Errors
    /// No server can be trusted: for each of them, why.
    pub async fn by_token(
        &self,
        token: &Token,
        anchor: &Anchor,
        now: SystemTime,
        waiting: impl FnMut(&DiscoverError),
    ) -> Result<Discovered, DiscoverError> {
        let started = Instant::now();
        let way = Way::Signature {
            token,
            anchor,
            now: &|| now + started.elapsed(),
        };
        self.rounds(&way, waiting).await
    }

    /// Of a cluster that is trusted already, by a discovery file: that it is there, and takes the token.
    ///
    /// cluster-info is read with the token as the credential, over TLS that trusts the cluster's CA certificates
    /// only. That the token may not read it is fine: it was recognised then.
    ///
    /// # Errors
    /// No server is that cluster's, or takes the token: for each of them, why.
    pub async fn confirm(
        &self,
        cluster: &TrustedCluster,
        token: &Token,
        waiting: impl FnMut(&DiscoverError),
    ) -> Result<Discovered, DiscoverError> {
        self.rounds(&Way::File { cluster, token }, waiting).await
    }

    /// Whether a machine that joins could read cluster-info: each server is asked once, as somebody asks it who has no
    /// credentials, over TLS that trusts those CA certificates only. What is returned is the `metadata.uid` of the
    /// ConfigMap, by which it is told from another cluster's.
    ///
    /// # Errors
    /// At no server: for each of them, why.
    pub async fn as_anybody(&self, trusted: &[Certificate]) -> Result<String, DiscoverError> {
        let share = self.timeout.clamp(Self::SHORTEST, Self::LONGEST);
        let mut failed = DiscoverError::new();
        for (at, route) in self.routes.iter().enumerate() {
            match fetch::cluster_info(route, Trust::These(trusted), None, share).await {
                Ok(fetched) => return Ok(fetched.uid),
                Err(Unfetched { error, may_pass }) => failed.set(
                    at,
                    Attempt {
                        server: route.server.clone(),
                        // Verified or not, it is what who has no credentials meets.
                        why: Why::Unread(error),
                        may_pass,
                    },
                ),
            }
        }
        Err(failed)
    }

    async fn rounds(
        &self,
        way: &Way<'_>,
        mut waiting: impl FnMut(&DiscoverError),
    ) -> Result<Discovered, DiscoverError> {
        let until = Instant::now() + self.timeout;
        let left = || until.saturating_duration_since(Instant::now());
        let mut failed = DiscoverError::new();
        loop {
            let began = Instant::now();
            let is_first = failed.attempts().is_empty();
            for (at, route) in self.routes.iter().enumerate() {
                if failed.is_final(at) {
                    continue;
                }
                // A server that hangs leaves time for those behind it.
                let others = u32::try_from(self.routes.len() - at).unwrap_or(u32::MAX);
                let share = left() / others;
                if !is_first && share < Self::SHORTEST {
                    break;
                }
                let share = whole(share).clamp(Self::SHORTEST, Self::LONGEST);
                let again = || whole(left()).clamp(Self::SHORTEST, Self::LONGEST);
                match way.ask(route, share, again).await {
                    Ok(discovered) => return Ok(discovered),
                    Err(attempt) => {
                        debug!("{attempt}");
                        failed.set(at, attempt);
                    }
                }
            }
            let next = began + Self::INTERVAL;
            if !failed.may_pass() {
                return Err(failed);
            }
            if next + Self::SHORTEST >= until {
                return Err(failed.timed_out(self.timeout));
            }
            if is_first {
                waiting(&failed);
            }
            sleep_until(next).await;
        }
    }
}

/// Rounded up to what a person would write: it stands in errors.
fn whole(time: Duration) -> Duration {
    const STEP: u64 = 100;

    let steps = time.as_millis().div_ceil(u128::from(STEP));
    Duration::from_millis(u64::try_from(steps).map_or(u64::MAX, |steps| steps.saturating_mul(STEP)))
}
