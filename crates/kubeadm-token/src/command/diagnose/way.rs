//! The way to one server, and what is met on it.

mod codes;

use core::net::SocketAddr;
use core::time::Duration;
use std::time::Instant;

use bootstrap_token_discovery::Endpoint;
use bootstrap_token_kube::{DiscoverError, Discovery, Route, Why};
use futures::FutureExt as _;
use futures::future::select_ok;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::words::{Line, words};
use crate::api_server;
use crate::command::discover::ca_description::CaDescription;
use crate::command::discover::cluster_args;
use crate::context::Context;
use crate::failure::Failure;
use crate::kubeconfig;
use codes::{NO_WAY, lines};

/// So long nobody waits for more than an answer: it is one round of asking.
const PATIENCE: Duration = Discovery::INTERVAL;
/// The least time in which an answer says something of the server.
const SHORTEST: Duration = Duration::from_secs(1);
/// So long a name is looked up at most: a resolver asks its second nameserver after five seconds.
const LOOKUP: Duration = Duration::from_secs(6);
/// From then on it is the nameservers that are slow.
const LATE: Duration = Duration::from_secs(2);
/// So long it is looked at last whether anything is there: who asks for a connection asks again after a second.
pub(super) const LAST_LOOK: Duration = Duration::from_secs(2);

pub(super) struct Way {
    route: Route,
    /// Those of the server, once they are known, and how long that took.
    addresses: Vec<SocketAddr>,
    lookup: Duration,
}

impl Way {
    /// By the environment's proxy, where it names one.
    pub(super) fn to(server: &Endpoint, context: &Context<'_>) -> Result<Self, Line> {
        let route = api_server::route(server, context.env);
        route.map(Self::by).map_err(|error| Line {
            code: "way-unusable",
            words: words(
                format!("{server}: the environment's proxy cannot be used: {error}"),
                NO_WAY,
                kubeconfig::WRITE_PROXY,
            ),
        })
    }

    pub(super) fn by(route: Route) -> Self {
        Self {
            route,
            addresses: Vec::new(),
            lookup: Duration::ZERO,
        }
    }

    pub(super) fn route(&self) -> &Route {
        &self.route
    }

    pub(super) fn discovery(&self, until: Instant) -> Result<Discovery, Failure> {
        let discovery = Discovery::new([self.route.clone()]).ok_or_else(cluster_args::no_server)?;
        Ok(discovery.with_timeout(patience(until)))
    }

    /// Looks up the server's addresses, unless a proxy does: where nobody answers that, a machine waits as for a server
    /// that hangs. That there is no such name is told by whoever connects.
    pub(super) async fn unresolved(&mut self, until: Instant) -> Option<Line> {
        if !self.route.is_direct() {
            return None;
        }
        let server = self.route.server();
        let began = Instant::now();
        let lookup = lookup_host((server.host(), server.port()));
        let found = timeout(left(until).min(LOOKUP), lookup).await;
        self.lookup = began.elapsed();
        match found {
            Ok(found) => {
                self.addresses = found.into_iter().flatten().collect();
                None
            }
            Err(_) => Some(no_dns(server, self.lookup)),
        }
    }

    /// A firewall that swallows what it does not let through is silent as a server is that hangs.
    pub(super) async fn met(&self, error: &DiscoverError, by: &CaDescription) -> Vec<Line> {
        let server = self.route.server();
        if !is_silent(error) || self.addresses.is_empty() {
            lines(error, by)
        } else if self.lookup > LATE {
            vec![no_dns(server, self.lookup)]
        } else if is_silence(&self.addresses).await {
            vec![nobody_there(server)]
        } else {
            lines(error, by)
        }
    }
}

pub(super) fn patience(until: Instant) -> Duration {
    left(until).min(PATIENCE)
}

/// Whether there is no time for an answer any more.
pub(super) fn is_late(until: Instant) -> bool {
    left(until) < SHORTEST
}

fn left(until: Instant) -> Duration {
    until.saturating_duration_since(Instant::now())
}

/// Whether no answer came at all.
fn is_silent(error: &DiscoverError) -> bool {
    let mut attempts = error.attempts().iter();
    attempts.all(|attempt| match attempt.why() {
        Why::Unread(error) | Why::NotVerified { error, .. } | Why::NotConfirmed(error) => {
            error.is_deadline()
        }
        _ => false,
    })
}

/// Whether nothing takes a connection, nor refuses it.
async fn is_silence(addresses: &[SocketAddr]) -> bool {
    let connections = addresses.iter().map(|at| TcpStream::connect(at).boxed());
    timeout(LAST_LOOK, select_ok(connections)).await.is_err()
}

fn no_dns(server: &Endpoint, after: Duration) -> Line {
    Line {
        code: "server-name-unknown",
        words: words(
            format!(
                "{server}: what address that name has was not answered within {} seconds",
                after.as_secs().max(1)
            ),
            NO_WAY,
            "do all nameservers in /etc/resolv.conf answer this machine? An address in the name's place does as well",
        ),
    }
}

fn nobody_there(server: &Endpoint) -> Line {
    Line {
        code: "server-unreachable",
        words: words(
            format!("{server}: nothing takes a connection, and nothing refuses it"),
            NO_WAY,
            "is the address right, and the machine up? If it is, a firewall or security group in between drops what is sent: let TCP through to that port",
        ),
    }
}
