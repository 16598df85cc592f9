//! The joiner's side: what a machine meets that has a server, a token, and perhaps a pin.

use core::time::Duration;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Anchor, Distrust, Endpoint, TrustedCluster, VerifyError};
use bootstrap_token_kube::{DiscoverError, Discovery, Error, Route, Unreachable, Why};

use http::Uri;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::words::{Line, words};
use crate::command::discover::by::By;
use crate::command::discover::{given, remedy};
use crate::context::Context;
use crate::failure::Failure;
use crate::kubeconfig;

/// So long nobody waits for more than an answer: it is one round of asking.
const PATIENCE: Duration = Discovery::INTERVAL;

const NO_WAY: &str = "nothing can be joined that cannot be reached";

/// Consequences of what an administrator sees by its cause.
const CONSEQUENCES: [&str; 7] = [
    "not-signed",
    "signature-does-not-verify",
    "signature-malformed",
    "token-refused",
    "cluster-info-not-public",
    "cluster-info-missing",
    "cluster-info-without-kubeconfig",
];

/// Verifies the cluster as a machine that joins, and shows it the token as that machine would.
pub(super) async fn look(
    server: &Endpoint,
    token: &Token,
    anchor: &Anchor,
    by: &By,
    context: &Context<'_>,
) -> Result<Vec<Line>, Failure> {
    let proxy = kubeconfig::environment_proxy(&server.to_string(), context.env).await?;
    let is_direct = proxy.is_none();
    let discovery = discovery(server, proxy)?;
    let now = (context.now)();
    let outcome = match discovery.by_token(token, anchor, now, |_| {}).await {
        // By an anchor its certificate is verified already, and the token is shown to the other.
        Ok(found) if found.cluster().server() != server && !anchor.is_token_alone() => Ok(found),
        Ok(found) => discovery.confirm(found.cluster(), token, |_| {}).await,
        Err(error) => Err(error),
    };
    Ok(match outcome {
        Ok(found) if found.cluster().server() != server => {
            published(found.cluster(), token, context).await?
        }
        Ok(_) => Vec::new(),
        Err(error) if is_silent(&error) && is_direct && !is_reached(server).await => {
            vec![nobody_there(server)]
        }
        Err(error) => lines(&error, by),
    })
}

/// Once the cluster is found, a machine goes on with the server that cluster-info names.
async fn published(
    cluster: &TrustedCluster,
    token: &Token,
    context: &Context<'_>,
) -> Result<Vec<Line>, Failure> {
    let server = cluster.server();
    let proxy = kubeconfig::environment_proxy(&server.to_string(), context.env).await?;
    let discovery = discovery(server, proxy)?;
    let Err(error) = discovery.confirm(cluster, token, |_| {}).await else {
        return Ok(Vec::new());
    };
    let mut lines = lines(&error, &By::Pins);
    for Line { words, .. } in &mut lines {
        words.saw = format!("cluster-info sends machines to {}", words.saw);
        words
            .mend
            .push_str(" It is `server` in the kubeconfig in cluster-info");
    }
    Ok(lines)
}

fn discovery(server: &Endpoint, proxy: Option<Uri>) -> Result<Discovery, Failure> {
    let route = Route::to(server.clone()).through(proxy);
    let discovery = Discovery::new([route]).ok_or_else(given::no_server)?;
    Ok(discovery.with_timeout(PATIENCE))
}

/// Whether requests without credentials are refused, whatever rights they would have.
pub(super) async fn anonymous(route: Option<Route>, left: Duration) -> Option<Line> {
    let discovery = Discovery::new(route)?.with_timeout(left);
    let error = discovery.public().await.err()?;
    lines(&error, &By::Pins)
        .into_iter()
        .find(|line| line.code == "anonymous-off")
}

/// Whether no answer came at all.
fn is_silent(error: &DiscoverError) -> bool {
    let mut attempts = error.attempts().iter();
    attempts.all(|attempt| matches!(attempt.why(), Why::Unread(error) if error.is_deadline()))
}

/// Whether anything takes a connection: a firewall that swallows what it does not let through is silent as a
/// server is that hangs.
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

/// What an administrator's side warns of, and keeps no machine from joining.
const NO_CAUSES: [&str; 2] = ["cluster-info-nearly-full", "clock-ahead"];

/// What is left of them beside what an administrator has found.
pub(super) fn beside(found: &[Line], mut lines: Vec<Line>) -> Vec<Line> {
    lines.retain(|line| found.iter().all(|other| other.code != line.code));
    if found.iter().any(|line| !NO_CAUSES.contains(&line.code)) {
        lines.retain(|line| !CONSEQUENCES.contains(&line.code));
    }
    lines
}

fn lines(error: &DiscoverError, by: &By) -> Vec<Line> {
    let mend = remedy::of(error, by);
    let line = |why: &Why, saw: String| {
        let (code, matters) = told(why);
        Line {
            code,
            words: words(saw, matters, mend.clone()),
        }
    };
    let attempts = error.attempts().iter();
    attempts
        .map(|attempt| line(attempt.why(), by.attempt(attempt)))
        .collect()
}

/// A name that stays, and why it matters.
fn told(why: &Why) -> (&'static str, &'static str) {
    match why {
        Why::Unread(error) | Why::NotVerified(error) => {
            of_fetch(error, matches!(why, Why::NotVerified(_)))
        }
        Why::Distrust(distrust) => of_distrust(distrust),
        _ => (
            "cluster-info-changes",
            "two answers of one cluster are the same",
        ),
    }
}

fn of_fetch(error: &Error, verified: bool) -> (&'static str, &'static str) {
    const NO_TRUST: &str = "a machine refuses a server that the cluster's CA does not vouch for";
    match error.unreachable() {
        Some(Unreachable::NameNotResolved) => return ("server-name-unknown", NO_WAY),
        Some(Unreachable::NotConnected) => return ("server-unreachable", NO_WAY),
        Some(Unreachable::Proxy) => return ("proxy-refuses", NO_WAY),
        Some(Unreachable::Tls) => return ("tls-refused", NO_WAY),
        Some(Unreachable::UntrustedCertificate) => return ("server-other-ca", NO_TRUST),
        Some(Unreachable::WrongName) => return ("server-wrong-name", NO_TRUST),
        Some(Unreachable::ExpiredCertificate) => {
            return ("server-certificate-expired", NO_TRUST);
        }
        Some(Unreachable::FutureCertificate) => return ("clock-behind", NO_TRUST),
        Some(_) => return ("connection-broken", NO_WAY),
        None => {}
    }
    if error.is_unauthorized() && verified {
        ("token-refused", "by it a machine asks for its certificate")
    } else if error.is_unauthorized() {
        (
            "anonymous-off",
            "a machine that joins has no credentials yet",
        )
    } else if error.is_forbidden() {
        (
            "cluster-info-not-public",
            "a machine that joins has no credentials yet",
        )
    } else if error.is_not_found() {
        (
            "cluster-info-missing",
            "by it a machine learns which cluster it joins",
        )
    } else if error.is_deadline() {
        ("server-too-slow", "a machine gives up as well")
    } else if error.is_throttled() || error.is_server_error() {
        ("server-in-trouble", "a machine gives up as well")
    } else {
        (
            "not-an-api-server",
            "something answers that is none, or stands in between",
        )
    }
}

fn of_distrust(distrust: &Distrust) -> (&'static str, &'static str) {
    match distrust {
        Distrust::NoKubeconfig => (
            "cluster-info-without-kubeconfig",
            "by it a machine learns which cluster it joins",
        ),
        Distrust::NotSigned { .. } => ("not-signed", "a machine waits for the signature"),
        Distrust::Signature(VerifyError::Signature) => (
            "signature-does-not-verify",
            "a machine takes the cluster for a false one",
        ),
        Distrust::Signature(_) => (
            "signature-malformed",
            "a machine takes the cluster for a false one",
        ),
        Distrust::NotPinned { .. } => (
            "pin-does-not-match",
            "a machine takes the cluster for a false one",
        ),
        Distrust::Expired { .. } => ("ca-expired", "nothing that it vouches for is trusted"),
        Distrust::NotYetValid { .. } => ("clock-behind", "nothing that it vouches for is trusted"),
        _ => ("cluster-info-unusable", "a machine can do nothing with it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(code: &'static str) -> Line {
        Line {
            code,
            words: words(String::new(), "", String::new()),
        }
    }

    #[test]
    fn a_cause_from_inside_hides_what_follows_from_it_and_a_warning_hides_nothing() {
        let left = |inside: &'static str| {
            let met = [CONSEQUENCES[0], "server-unreachable"].map(line);
            beside(&[line(inside)], met.into()).len()
        };
        assert_eq!(left("signer-not-running"), 1);
        for warning in NO_CAUSES {
            assert_eq!(left(warning), 2, "{warning}");
        }
    }
}
