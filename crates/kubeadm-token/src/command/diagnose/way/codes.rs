//! What is met, by codes that stay.

use bootstrap_token_discovery::{Distrust, VerifyError};
use bootstrap_token_kube::{DiscoverError, Unreachable, Why};

use super::super::words::{Line, words};
use crate::command::discover::ca_description::CaDescription;
use crate::command::discover::fetch_problem::FetchProblem;
use crate::command::discover::remedy;

pub(super) const NO_WAY: &str = "nothing can be joined that cannot be reached";

pub(super) fn lines(error: &DiscoverError, by: &CaDescription) -> Vec<Line> {
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
    match (FetchProblem::of(why), why) {
        (Some(met), _) => of_fetch(met),
        (None, Why::Distrust(distrust)) => of_distrust(distrust),
        _ => (
            "cluster-info-changes",
            "two answers of one cluster are the same",
        ),
    }
}

fn of_fetch(met: FetchProblem) -> (&'static str, &'static str) {
    const NO_TRUST: &str = "a machine refuses a server that the cluster's CA does not vouch for";
    const NO_CREDENTIALS: &str = "a machine that joins has no credentials yet";
    const GIVES_UP: &str = "a machine gives up as well";
    match met {
        FetchProblem::Unreachable(unreachable) => match unreachable {
            Unreachable::NameNotResolved => ("server-name-unknown", NO_WAY),
            Unreachable::NotConnected | Unreachable::NoAnswer => ("server-unreachable", NO_WAY),
            Unreachable::Proxy => ("proxy-refuses", NO_WAY),
            Unreachable::Tls => ("tls-refused", NO_WAY),
            Unreachable::UnfitCertificate => ("tls-refused", NO_TRUST),
            Unreachable::UntrustedCertificate => ("server-other-ca", NO_TRUST),
            Unreachable::WrongName => ("server-wrong-name", NO_TRUST),
            Unreachable::ExpiredCertificate => ("server-certificate-expired", NO_TRUST),
            Unreachable::FutureCertificate => ("clock-behind", NO_TRUST),
            _ => ("connection-broken", NO_WAY),
        },
        FetchProblem::TokenRefused => ("token-refused", "by it a machine asks for its certificate"),
        FetchProblem::AnonymousOff => ("anonymous-off", NO_CREDENTIALS),
        FetchProblem::NotPublic => ("cluster-info-not-public", NO_CREDENTIALS),
        FetchProblem::Missing => (
            "cluster-info-missing",
            "by it a machine learns which cluster it joins",
        ),
        FetchProblem::TooSlow => ("server-too-slow", GIVES_UP),
        FetchProblem::InTrouble => ("server-in-trouble", GIVES_UP),
        FetchProblem::NotItsAnswer => (
            "not-an-api-server",
            "something answers that is none, or stands in between",
        ),
        FetchProblem::NoWay => ("way-unusable", NO_WAY),
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
