mod discovered;
mod error;
mod fetch;
mod rights;
mod route;
mod strategy;

use core::time::Duration;
use std::time::SystemTime;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Anchor, Certificate, TrustedCluster};
use tokio::time::{Instant, sleep_until};
use tracing::debug;

pub use discovered::Discovered;
pub use error::{Attempt, DiscoverError, Why};
use fetch::{FetchError, Trust};
pub use route::Route;
use strategy::Strategy;

/// Where to look for a cluster, and for how long.
///
/// The servers are asked in order, and the first that can be trusted wins. Temporary failures are retried on all
/// remaining servers every [five seconds](Self::INTERVAL) until the timeout: no connection, status 403, 404, 429 or a
/// server error (a control plane that starts up gives each of them), and a missing signature. A wrong signature, an
/// unreadable kubeconfig, a CA that is not pinned, or a certificate that does not verify is final for that server, as
/// in kubeadm.
#[derive(Debug, Clone)]
pub struct Discovery {
    routes: Vec<Route>,
    timeout: Duration,
}

impl Discovery {
    /// The default timeout: kubeadm's `DiscoveryTimeout`.
    pub const TIMEOUT: Duration = Duration::from_secs(5 * 60);
    /// The time between two rounds over the servers: kubeadm's `DiscoveryRetryInterval`.
    pub const INTERVAL: Duration = Duration::from_secs(5);

    /// The timeout of one request: that of kubeadm's client.
    const LONGEST: Duration = Duration::from_secs(10);
    /// The shortest time left for a request.
    const SHORTEST: Duration = Duration::from_millis(100);

    /// Looks at these servers, in order. Returns `None` if the list is empty.
    pub fn new(routes: impl IntoIterator<Item = Route>) -> Option<Self> {
        let routes: Vec<_> = routes.into_iter().collect();
        (!routes.is_empty()).then_some(Self {
            routes,
            timeout: Self::TIMEOUT,
        })
    }

    /// Sets the timeout for everything together.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        // A timeout that overflows the clock is cut to thirty years.
        self.timeout = timeout.min(Duration::from_secs(30 * 365 * 24 * 60 * 60));
        self
    }

    /// Discovers the cluster with a token and a trust anchor for its CA.
    ///
    /// Reads cluster-info over unverified TLS without credentials and verifies its kubeconfig. Then reads it again over
    /// TLS that trusts only the pinned CA certificates; both must be equal to the byte. Without an anchor the second
    /// read is skipped, as in kubeadm. The token is never sent.
    ///
    /// `now` is the time at the start. `waiting` is called once with the reason for a second round.
    ///
    /// # Errors
    /// No server can be trusted. The error has the reason for each.
    pub async fn by_token(
        &self,
        token: &Token,
        anchor: &Anchor,
        now: SystemTime,
        waiting: impl FnMut(&DiscoverError),
    ) -> Result<Discovered, DiscoverError> {
        let started = Instant::now();
        let strategy = Strategy::Signature {
            token,
            anchor,
            now: &|| now + started.elapsed(),
        };
        self.rounds(&strategy, waiting).await
    }

    /// Confirms that a cluster trusted through a discovery file exists and accepts the token.
    ///
    /// Reads cluster-info with the token as the credential, over TLS that trusts only the cluster's CA certificates. A
    /// token that may not read it is fine: the server recognized it.
    ///
    /// # Errors
    /// No server belongs to that cluster or accepts the token. The error has the reason for each.
    pub async fn confirm(
        &self,
        cluster: &TrustedCluster,
        token: &Token,
        waiting: impl FnMut(&DiscoverError),
    ) -> Result<Discovered, DiscoverError> {
        self.rounds(&Strategy::File { cluster, token }, waiting)
            .await
    }

    /// Checks whether a joining machine could read cluster-info. Asks each server once, without credentials, over TLS
    /// that trusts only those CA certificates. Returns the ConfigMap's `metadata.uid`, which identifies the cluster.
    ///
    /// # Errors
    /// No server returned cluster-info. The error has the reason for each.
    pub async fn as_anybody(&self, trusted: &[Certificate]) -> Result<String, DiscoverError> {
        let share = self.timeout.clamp(Self::SHORTEST, Self::LONGEST);
        let mut failed = DiscoverError::new();
        for (at, route) in self.routes.iter().enumerate() {
            match fetch::cluster_info(route, Trust::Only(trusted), None, share).await {
                Ok(fetched) => return Ok(fetched.uid),
                Err(FetchError { error, may_pass }) => failed.set(
                    at,
                    Attempt {
                        server: route.server.clone(),
                        // This is what a client without credentials sees, verified or not.
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
        strategy: &Strategy<'_>,
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
                // A server that hangs must leave time for the rest.
                let others = u32::try_from(self.routes.len() - at).unwrap_or(u32::MAX);
                let share = left() / others;
                if !is_first && share < Self::SHORTEST {
                    break;
                }
                let share = round_up(share).clamp(Self::SHORTEST, Self::LONGEST);
                let second_timeout = || round_up(left()).clamp(Self::SHORTEST, Self::LONGEST);
                match strategy.ask(route, share, second_timeout).await {
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

/// Rounds up to tenths of a second for error messages.
fn round_up(time: Duration) -> Duration {
    const STEP: u64 = 100;

    let steps = time.as_millis().div_ceil(u128::from(STEP));
    Duration::from_millis(u64::try_from(steps).map_or(u64::MAX, |steps| steps.saturating_mul(STEP)))
}
