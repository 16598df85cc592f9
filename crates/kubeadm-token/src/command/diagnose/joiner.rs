//! The joiner's side: what a machine meets that has a server, a token, and perhaps a pin.

mod codes;

use core::time::Duration;
use std::time::Instant;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Anchor, Endpoint, TrustedCluster};
use bootstrap_token_kube::{DiscoverError, Discovery, Route, Subject, Unchecked, Why};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::seen::Seen;
use super::words::{Line, words};
use crate::command::discover::by::By;
use crate::command::discover::given;
use crate::context::Context;
use crate::failure::{Chain, Failure};
use crate::kubeconfig;
use codes::{NO_WAY, lines};

/// So long nobody waits for more than an answer: it is one round of asking.
const PATIENCE: Duration = Discovery::INTERVAL;
/// So long all of it takes at most, but for a last look whether anything is there.
const DEADLINE: Duration = Duration::from_secs(8);

/// What a machine that joins has.
pub(super) struct Joiner<'a> {
    pub(super) server: &'a Endpoint,
    pub(super) token: &'a Token,
    pub(super) anchor: &'a Anchor,
    pub(super) by: &'a By,
}

impl Joiner<'_> {
    /// Verifies the cluster as a machine that joins, and shows it the token as that machine would; and asks what its
    /// groups may do, unless an administrator is asked that.
    pub(super) async fn look(
        &self,
        asks_rights: bool,
        context: &Context<'_>,
    ) -> Result<Seen, Failure> {
        let Self {
            server,
            token,
            anchor,
            by,
        } = *self;
        let until = Instant::now() + DEADLINE;
        let way = Way::to(server, context).await?;
        let now = (context.now)();
        let outcome = match way
            .discovery(until)?
            .by_token(token, anchor, now, |_| {})
            .await
        {
            // By an anchor its certificate is verified already, and the token is shown to the other.
            Ok(found) if found.cluster().server() != server && !anchor.is_token_alone() => {
                Ok(found)
            }
            Ok(found) => {
                way.discovery(until)?
                    .confirm(found.cluster(), token, |_| {})
                    .await
            }
            Err(error) => Err(error),
        };
        let found = match outcome {
            Ok(found) => found,
            Err(error) => return Ok(way.met(&error, by).await.into()),
        };
        let cluster = found.cluster();
        if cluster.server() == server {
            return Ok(if asks_rights {
                self.rights(&way, cluster, until).await
            } else {
                Seen::default()
            });
        }
        // Once the cluster is found, a machine goes on with the server that cluster-info names.
        let way = Way::to(cluster.server(), context).await?;
        match way.discovery(until)?.confirm(cluster, token, |_| {}).await {
            Ok(_) if asks_rights => Ok(self.rights(&way, cluster, until).await),
            Ok(_) => Ok(Seen::default()),
            Err(error) => Ok(sent(way.met(&error, &By::Pins).await).into()),
        }
    }

    async fn rights(&self, way: &Way, cluster: &TrustedCluster, until: Instant) -> Seen {
        match way.0.rights(cluster, self.token, patience(until)).await {
            Ok(lacking) => {
                let subject = Subject::Token(self.token.clone());
                let line = |finding| Line::of(&finding, &subject);
                lacking.map(line).into_iter().collect::<Vec<_>>().into()
            }
            Err(error) => Seen::unlooked(Unchecked::CertificateRights, Chain(&error)),
        }
    }
}

/// What a machine meets at the server that cluster-info names, which it did not choose.
fn sent(mut lines: Vec<Line>) -> Vec<Line> {
    for Line { words, .. } in &mut lines {
        words.saw = format!("cluster-info sends machines to {}", words.saw);
        words.mend.push_str(
            "; the address is `server` in the kubeconfig in the ConfigMap kube-public/cluster-info",
        );
    }
    lines
}

/// To one server.
pub(super) struct Way(pub(super) Route);

impl Way {
    /// By the environment's proxy, where it names one.
    pub(super) async fn to(server: &Endpoint, context: &Context<'_>) -> Result<Self, Failure> {
        let proxy = kubeconfig::environment_proxy(&server.to_string(), context.env).await?;
        Ok(Self(Route::to(server.clone()).through(proxy)))
    }

    pub(super) fn discovery(&self, until: Instant) -> Result<Discovery, Failure> {
        let discovery = Discovery::new([self.0.clone()]).ok_or_else(given::no_server)?;
        Ok(discovery.with_timeout(patience(until)))
    }

    /// A firewall that swallows what it does not let through is silent as a server is that hangs.
    pub(super) async fn met(&self, error: &DiscoverError, by: &By) -> Vec<Line> {
        let server = self.0.server();
        if is_silent(error) && self.0.is_direct() && !is_reached(server).await {
            vec![nobody_there(server)]
        } else {
            lines(error, by)
        }
    }
}

fn patience(until: Instant) -> Duration {
    until
        .saturating_duration_since(Instant::now())
        .min(PATIENCE)
}

/// Whether no answer came at all.
fn is_silent(error: &DiscoverError) -> bool {
    let mut attempts = error.attempts().iter();
    attempts.all(|attempt| matches!(attempt.why(), Why::Unread(error) if error.is_deadline()))
}

/// Whether anything takes a connection.
async fn is_reached(server: &Endpoint) -> bool {
    const PATIENCE: Duration = Duration::from_secs(1);

    let connect = TcpStream::connect((server.host(), server.port()));
    matches!(timeout(PATIENCE, connect).await, Ok(Ok(_)))
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
