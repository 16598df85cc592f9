//! What is met, by codes that stay.

use bootstrap_token_discovery::{Distrust, VerifyError};
use bootstrap_token_kube::{DiscoverError, Error, Unreachable, Why};

use super::super::words::{Line, words};
use crate::command::discover::by::By;
use crate::command::discover::remedy;

pub(super) const NO_WAY: &str = "nothing can be joined that cannot be reached";

pub(super) fn lines(error: &DiscoverError, by: &By) -> Vec<Line> {
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
