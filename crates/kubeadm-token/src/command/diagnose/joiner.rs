//! The joiner's side: what a machine meets that has a server, a token, and perhaps a pin.

use core::time::Duration;
use std::time::Instant;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Anchor, Endpoint, TrustedCluster};
use bootstrap_token_kube::{Subject, Unchecked};

use super::seen::Seen;
use super::way::{Way, is_late, patience};
use super::words::Line;
use crate::command::discover::ca_description::CaDescription;
use crate::context::Context;
use crate::failure::{Chain, Failure};

/// So long all of it takes at most, but for a last look whether anything is there.
const DEADLINE: Duration = Duration::from_secs(8);

/// What a machine that joins has.
pub(super) struct Joiner<'a> {
    pub(super) server: &'a Endpoint,
    pub(super) token: &'a Token,
    pub(super) anchor: &'a Anchor,
    pub(super) by: &'a CaDescription,
}

impl Joiner<'_> {
    /// Verifies the cluster as a machine that joins, and shows it the token as that machine would; and asks what its
    /// groups may do, unless an administrator is asked that, who takes it from here how far the machine got.
    pub(super) async fn look(
        &self,
        is_alone: bool,
        context: &Context<'_>,
    ) -> Result<Seen, Failure> {
        let Self {
            server,
            token,
            anchor,
            by,
        } = *self;
        let until = Instant::now() + DEADLINE;
        let stopped = |lines: Vec<Line>| {
            let was_shown = lines.iter().any(|line| line.code == "token-refused");
            let mut seen = Seen::from(lines);
            if !is_alone && !was_shown {
                seen.extend(not_shown("the machine did not get so far"));
            }
            seen
        };
        let mut way = match Way::to(server, context) {
            Ok(way) => way,
            Err(line) => return Ok(stopped(vec![line])),
        };
        if let Some(line) = way.unresolved(until).await {
            return Ok(stopped(vec![line]));
        }
        let now = (context.now)();
        let discovery = way.discovery(until)?;
        let found = match discovery.by_token(token, anchor, now, |_| {}).await {
            Ok(found) => found,
            Err(error) => return Ok(stopped(way.met(&error, by).await)),
        };
        let cluster = found.cluster();
        let is_sent = cluster.server() != server;
        // By an anchor its certificate is verified already, and the token is shown to the other.
        if !is_sent || anchor.is_token_alone() {
            if is_late(until) {
                return Ok(not_shown(NO_TIME));
            }
            let discovery = way.discovery(until)?;
            if let Err(error) = discovery.confirm(cluster, token, |_| {}).await {
                return Ok(stopped(way.met(&error, by).await));
            }
        }
        // Once the cluster is found, a machine goes on with the server that cluster-info names.
        if is_sent {
            way = match Way::to(cluster.server(), context) {
                Ok(way) => way,
                Err(line) => return Ok(stopped(sent(vec![line]))),
            };
            if is_late(until) {
                return Ok(not_shown(NO_TIME));
            }
            if let Some(line) = way.unresolved(until).await {
                return Ok(stopped(sent(vec![line])));
            }
            let discovery = way.discovery(until)?;
            if let Err(error) = discovery.confirm(cluster, token, |_| {}).await {
                return Ok(stopped(sent(way.met(&error, &CaDescription::Pins).await)));
            }
        }
        if is_alone {
            Ok(self.rights(&way, cluster, until).await)
        } else {
            Ok(Seen::default())
        }
    }

    async fn rights(&self, way: &Way, cluster: &TrustedCluster, until: Instant) -> Seen {
        if is_late(until) {
            return Seen::unlooked(Unchecked::CertificateRights, NO_TIME);
        }
        let rights = way.route().rights(cluster, self.token, patience(until));
        match rights.await {
            Ok(lacking) => {
                let subject = Subject::Token(self.token.clone());
                let line = |finding| Line::of(&finding, &subject);
                lacking.map(line).into_iter().collect::<Vec<_>>().into()
            }
            Err(error) => Seen::unlooked(Unchecked::CertificateRights, Chain(&error)),
        }
    }
}

const NO_TIME: &str = "no time is left for it";

fn not_shown(why: &str) -> Seen {
    Seen::unlooked(Unchecked::Authentication, why)
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
