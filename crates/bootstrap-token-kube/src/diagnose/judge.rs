use bootstrap_token::TokenId;
use bootstrap_token_discovery::{ClusterInfo, Pin, UnverifiedCluster};
use bootstrap_token_secret::{Defect, StoredToken};

use super::facts::{Facts, Manager};
use super::signing::Wrong;
use super::{Finding, Known, Subject, Unsigned};
use crate::Stored;

/// What the facts tell, each cause once and none that follows from another.
pub(super) fn findings(subject: &Subject, facts: &Facts, known: &Known) -> Vec<Finding> {
    let mut found = Vec::new();
    match &facts.stored {
        Some(stored) => token(subject, facts, stored, &mut found),
        None => missing(subject, facts, &mut found),
    }
    bearer(facts, &mut found);
    match &facts.cluster_info {
        None => found.push(Finding::NoClusterInfo),
        Some(info) => {
            cluster_info(facts, info, known, &mut found);
            if info.kubeconfig().is_some() {
                signature(subject, facts, info, &mut found);
            }
        }
    }
    let is_told = |finding: &Finding| {
        matches!(
            finding,
            Finding::NotSigned {
                why: Unsigned::NoControllerManager { .. },
                ..
            } | Finding::SignatureStale {
                why: Unsigned::NoControllerManager { .. },
                ..
            }
        )
    };
    if let Some(Manager::Seen { renewed: seen, .. }) = facts.manager
        && !found.iter().any(is_told)
    {
        found.push(Finding::NoControllerManager { seen });
    }
    found
}

fn missing(subject: &Subject, facts: &Facts, found: &mut Vec<Finding>) {
    let Some(id) = subject.id() else {
        return;
    };
    found.push(match (facts.under_another_name(id), &facts.elsewhere[..]) {
        (Some(stored), _) => Finding::WrongName {
            found: stored.name().to_owned(),
        },
        (None, [namespace, ..]) => Finding::Defect(Defect::WrongNamespace {
            found: namespace.clone(),
        }),
        (None, []) => Finding::NoToken {
            was_there: facts.was_there(id),
        },
    });
}

fn token(subject: &Subject, facts: &Facts, stored: &Stored, found: &mut Vec<Finding>) {
    let defects = facts.defects();
    let is_malformed = defects.iter().any(|d| matches!(d, Defect::MalformedId(_)));
    let is_timer = stored
        .token()
        .is_ok_and(StoredToken::is_timer_of_certificates);
    if is_timer {
        found.push(Finding::NotForJoining);
    }
    for defect in defects {
        match defect {
            // Nothing hangs on it.
            Defect::UnknownUsage { .. } => {}
            // No name is that of an ID that is none.
            Defect::WrongName { .. } if is_malformed => {}
            // On purpose.
            Defect::LacksUsage { .. } if is_timer => {}
            Defect::Expired { expiration } => found.push(Finding::Expired {
                expiration,
                there: facts.there,
                here_too: expiration.is_expired(facts.here),
            }),
            defect => found.push(Finding::Defect(defect)),
        }
    }
    if let (Ok(token), Some(there)) = (stored.token(), facts.there)
        && let Some(expiration) = token.expiration()
        && expiration.is_expired(facts.here)
        && !expiration.is_expired(there)
    {
        found.push(Finding::ClockAhead {
            here: facts.here,
            there,
        });
    }
    if let (Subject::Token(given), Ok(token)) = (subject, stored.token())
        && given != token.token()
    {
        found.push(Finding::WrongSecret);
    }
}

/// What the API server makes of whoever shows the token, or of the cluster as a whole any.
fn bearer(facts: &Facts, found: &mut Vec<Finding>) {
    let groups = || facts.groups.clone();
    if facts.authenticates == Some(false) {
        found.push(Finding::NotAuthenticated);
    }
    if facts.may_request_certificate == Some(false) {
        found.push(Finding::MayNotRequestCertificate { groups: groups() });
    }
    if facts.is_approved == Some(false) {
        found.push(Finding::NotApproved { groups: groups() });
    }
    if facts.may_read_kubeadm_config == Some(false) {
        found.push(Finding::MayNotReadKubeadmConfig { groups: groups() });
    }
}

fn cluster_info(facts: &Facts, info: &ClusterInfo, known: &Known, found: &mut Vec<Finding>) {
    if facts.anybody_may_read == Some(false) {
        found.push(Finding::ClusterInfoNotPublic);
    }
    let cluster = info.danger_unverified_cluster();
    let valid = cluster.and_then(|cluster| {
        cluster.valid_certificates(facts.now())?;
        Ok(cluster)
    });
    match valid {
        Err(distrust) => found.push(Finding::ClusterInfo(distrust)),
        Ok(cluster) => found.extend(authorities(&cluster, known)),
    }
    let bytes = info.bytes();
    if bytes > Finding::MOST_BYTES / 10 * 9 {
        found.push(Finding::ClusterInfoNearlyFull { bytes });
    }
}

/// Beside those that the same server is trusted by.
fn authorities(cluster: &UnverifiedCluster, known: &Known) -> Option<Finding> {
    let (server, trusted) = known.server.as_ref()?;
    if cluster.server() != server || trusted.is_empty() {
        return None;
    }
    let published = cluster.certificates().iter().map(Pin::of);
    let (known, others): (Vec<_>, Vec<_>) = published.partition(|pin| trusted.contains(pin));
    match (&known[..], &others[..]) {
        ([], _) => Some(Finding::OtherAuthority { published: others }),
        (_, []) => None,
        _ => Some(Finding::FurtherAuthority { further: others }),
    }
}

fn signature(subject: &Subject, facts: &Facts, info: &ClusterInfo, found: &mut Vec<Finding>) {
    let wrong = facts.wrong(subject);
    let those = |kind: Wrong| -> Vec<TokenId> {
        let those = wrong.iter().filter(|(_, wrong)| *wrong == kind);
        those.map(|(id, _)| *id).collect()
    };
    let why = why(facts);
    let ids = those(Wrong::Malformed);
    if !ids.is_empty() {
        found.push(Finding::SignatureMalformed { ids });
    }
    let ids = those(Wrong::Other);
    if !ids.is_empty() {
        let others = facts.others_verify(info);
        found.push(if others == Some(true) {
            Finding::SignatureOfAnother { ids }
        } else {
            // Of one alone it is not known whether the kubeconfig was changed or the signature.
            let others_too =
                ids.len() > 1 || others.is_some() && !matches!(subject, Subject::Cluster);
            Finding::SignatureStale {
                ids,
                why,
                others_too,
            }
        });
    }
    let ids = those(Wrong::Missing);
    let would_be_missed = matches!(subject, Subject::Cluster)
        && wrong.is_empty()
        && matches!(why, Unsigned::MayNotWrite);
    if !ids.is_empty() || would_be_missed {
        found.push(Finding::NotSigned { ids, why });
    }
    // The cluster as a whole is not blamed for what has yet to come, and nothing comes of nobody.
    let may_come = !matches!(subject, Subject::Cluster)
        && !matches!(facts.manager, Some(Manager::Seen { .. }));
    if may_come && !those(Wrong::MissingYet).is_empty() {
        found.push(Finding::NotSignedYet);
    }
}

fn why(facts: &Facts) -> Unsigned {
    match (&facts.manager, facts.signer_may_write) {
        (_, Some(false)) => Unsigned::MayNotWrite,
        (Some(Manager::Seen { renewed, .. }), _) => {
            Unsigned::NoControllerManager { seen: *renewed }
        }
        (Some(manager), Some(true)) => Unsigned::SignerOff {
            manager_runs: matches!(manager, Manager::Runs),
        },
        _ => Unsigned::Unknown,
    }
}
