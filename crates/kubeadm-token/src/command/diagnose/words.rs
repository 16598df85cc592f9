//! Each finding in words.

mod cluster_info;
mod signature;
mod token;

use bootstrap_token_kube::{Finding, Subject, Unchecked};
use bootstrap_token_secret::keys;

pub(super) const PUBLISH: &str = "`kubeadm init phase bootstrap-token` on a control-plane node, which also makes a token of 24 hours (delete that if nobody needs it) and takes away all signatures, until the controller manager has signed anew";

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
        Unchecked::Authentication => "whether the API server takes a token",
        Unchecked::CertificateRights => {
            "whether a token's groups may ask for a certificate, and get it"
        }
        Unchecked::KubeadmRights => "whether `kubeadm join` may read its configuration by it",
        Unchecked::PublicRead => "whether a machine without credentials can read cluster-info",
        Unchecked::SignerRights => "whether the signer may write cluster-info",
        Unchecked::ControllerManager => "whether the controller manager runs",
        Unchecked::OtherTokens => "the other tokens",
        Unchecked::OtherNamespaces => "whether its Secret is in another namespace",
        _ => "something else",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::time::SystemTime;

    use bootstrap_token_discovery::{Distrust, Pin};
    use bootstrap_token_kube::Unsigned;
    use bootstrap_token_secret::{Defect, Expiration, Usage};

    use super::*;

    const DOCS: &str = include_str!("../../../../../docs/DIAGNOSE.md");

    /// One for each code.
    fn findings() -> Vec<Finding> {
        let (ids, now) = (vec!["07401b".parse().unwrap()], SystemTime::UNIX_EPOCH);
        let expiration: Expiration = "2026-01-02T03:04:05Z".parse().unwrap();
        let unreadable = "soon".parse::<Expiration>().unwrap_err();
        let malformed = "x".parse::<bootstrap_token::TokenId>().unwrap_err();
        let group = "masters".parse::<bootstrap_token_secret::ExtraGroup>();
        let pin: Pin = format!("sha256:{}", "0f".repeat(32)).parse().unwrap();
        let lacks = |usage| Defect::LacksUsage {
            usage,
            present: false,
        };
        let unsigned = |why| Finding::NotSigned {
            ids: ids.clone(),
            why,
        };
        let defects = [
            Defect::WrongNamespace {
                found: "default".to_owned(),
            },
            Defect::WrongType {
                found: "Opaque".to_owned(),
            },
            Defect::BeingDeleted,
            Defect::MissingKey { key: "token-id" },
            Defect::MalformedId(malformed),
            Defect::MalformedSecret(malformed),
            Defect::MalformedExpiration(unreadable),
            lacks(Usage::Signing),
            lacks(Usage::Authentication),
            Defect::BadGroup {
                group: "masters".to_owned(),
                error: group.unwrap_err(),
                others: 1,
            },
        ];
        let others = [
            Finding::NoToken { was_there: true },
            Finding::WrongName {
                found: "bootstrap-token-other0".to_owned(),
            },
            Finding::Expired {
                expiration,
                there: Some(now),
                here_too: true,
            },
            Finding::ClockAhead {
                here: now,
                there: now,
            },
            Finding::NotForJoining,
            Finding::WrongSecret,
            Finding::NotAuthenticated,
            Finding::MayNotRequestCertificate { groups: Vec::new() },
            Finding::NotApproved { groups: Vec::new() },
            Finding::MayNotReadKubeadmConfig { groups: Vec::new() },
            Finding::NoClusterInfo,
            Finding::ClusterInfoNotPublic,
            Finding::ClusterInfo(Distrust::NoKubeconfig),
            Finding::ClusterInfo(Distrust::NoCluster),
            Finding::ClusterInfo(Distrust::Expired { not_after: now }),
            Finding::ClusterInfo(Distrust::NotYetValid { not_before: now }),
            Finding::OtherAuthority {
                published: vec![pin],
            },
            Finding::FurtherAuthority { further: vec![pin] },
            Finding::ClusterInfoNearlyFull { bytes: 1 },
            Finding::NotSignedYet,
            unsigned(Unsigned::MayNotWrite),
            unsigned(Unsigned::Unknown),
            unsigned(Unsigned::SignerOff { manager_runs: true }),
            Finding::NoControllerManager { seen: now },
            Finding::SignatureOfAnother { ids: ids.clone() },
            Finding::SignatureMalformed { ids: ids.clone() },
            Finding::SignatureStale {
                ids,
                why: Unsigned::NoControllerManager { seen: now },
                others_too: true,
            },
        ];
        defects
            .map(Finding::Defect)
            .into_iter()
            .chain(others)
            .collect()
    }

    #[test]
    fn the_docs_name_each_code_and_no_other() {
        let table = DOCS.split("\n## ").nth(1).unwrap();
        let documented: BTreeSet<_> = table
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split(" | ").next())
            .flat_map(|cell| cell.split("`, `"))
            .map(|code| code.trim_end_matches('`'))
            .collect();
        let mut codes: BTreeSet<_> = findings().iter().map(Finding::code).collect();
        // What is met where nothing else is wrong.
        codes.extend(["anonymous-off", "cluster-info-of-another-cluster"]);
        assert_eq!(documented, codes);
    }

    #[test]
    fn what_goes_by_a_code_goes_by_one_that_there_is() {
        use super::super::{beside, inside, published};

        let mut named = [&inside::WARNINGS[..], &published::EVERYWHERE].concat();
        named.extend(published::MAY_PASS.iter().chain(&published::FROM_HERE));
        for (met, causes) in beside::FOLLOWS {
            named.extend([&[met], causes].concat());
        }
        for code in named {
            assert!(DOCS.contains(&format!("`{code}`")), "{code}");
        }
    }

    #[test]
    fn each_has_words_of_its_own() {
        let subject = Subject::Id("07401b".parse().unwrap());
        for finding in findings() {
            let Words { saw, why, mend } = Words::of(&finding, &subject);
            assert_ne!(saw, finding.code());
            assert!(!why.is_empty() && !mend.is_empty(), "{finding:?}");
        }
    }

    #[test]
    fn what_mends_it_says_where_and_by_which_command() {
        let signer = Finding::NotSigned {
            ids: Vec::new(),
            why: Unsigned::MayNotWrite,
        };
        for (finding, said) in [
            (
                Finding::NotAuthenticated,
                "/etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node; the kubelet restarts it by itself",
            ),
            (
                signer,
                "move kube-apiserver.yaml out of /etc/kubernetes/manifests, wait half a minute, move it back",
            ),
            (
                Finding::NoClusterInfo,
                "takes away all signatures, until the controller manager has signed anew",
            ),
        ] {
            let Words { mend, .. } = Words::of(&finding, &Subject::Cluster);
            assert!(mend.contains(said), "want {said} in {mend}");
        }
        let Words { saw, .. } = Words::of(&Finding::NoToken { was_there: true }, &Subject::Cluster);
        assert!(saw.ends_with("it was there once"), "{saw}");
    }
}
