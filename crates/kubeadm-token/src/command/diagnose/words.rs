//! Each finding in words.

mod cluster_info;
mod signature;
mod token;

use bootstrap_token_kube::{Finding, Subject, Unchecked};
use bootstrap_token_secret::keys;

const PUBLISH: &str = "`kubeadm init phase bootstrap-token` on a control-plane node, which also makes a token of 24 hours: delete that if nobody needs it";

/// What is told of one cause.
pub(super) struct Line {
    pub(super) code: &'static str,
    pub(super) words: Words,
}

pub(super) struct Words {
    pub(super) saw: String,
    pub(super) why: &'static str,
    pub(super) mend: String,
}

impl Line {
    pub(super) fn of(finding: &Finding, subject: &Subject) -> Self {
        Self {
            code: finding.code(),
            words: Words::of(finding, subject),
        }
    }
}

impl Words {
    fn of(finding: &Finding, subject: &Subject) -> Self {
        let id = subject.id().map(|id| id.to_string()).unwrap_or_default();
        let name = format!("{}{id}", keys::SECRET_PREFIX);
        token::of(finding, &name)
            .or_else(|| cluster_info::of(finding))
            .or_else(|| signature::of(finding))
            .unwrap_or_else(|| {
                words(
                    finding.code().to_owned(),
                    "it keeps machines from joining",
                    "see what `-v=8` tells",
                )
            })
    }
}

pub(super) fn words(saw: String, why: &'static str, mend: impl Into<String>) -> Words {
    let mend = mend.into();
    Words { saw, why, mend }
}

/// What was not looked at.
pub(super) fn unchecked(what: Unchecked) -> &'static str {
    match what {
        Unchecked::Authentication => "whether the API server takes the token",
        Unchecked::CertificateRights => "whether its groups may ask for a certificate, and get it",
        Unchecked::PublicRead => "whether anybody may read cluster-info",
        Unchecked::SignerRights => "whether the signer may write cluster-info",
        Unchecked::ControllerManager => "whether the controller manager runs",
        Unchecked::OtherTokens => "the other tokens",
        _ => "something else",
    }
}
