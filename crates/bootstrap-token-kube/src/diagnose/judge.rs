use bootstrap_token_discovery::{ClusterInfo, Distrust, Pin, VerifyError};
use bootstrap_token_secret::{Defect, StoredToken};

use super::facts::{Facts, Manager};
use super::{Finding, Subject, Unsigned};
use crate::Stored;

/// What the facts tell, each cause once and none that follows from another.
pub(super) fn findings(subject: &Subject, facts: &Facts, trusted: &[Pin]) -> Vec<Finding> {
    let mut found = Vec::new();
    if matches!(subject, Subject::Cluster) && facts.authenticates == Some(false) {
        found.push(Finding::NotAuthenticated);
    }
    match &facts.stored {
        Some(stored) => token(subject, facts, stored, &mut found),
        None => missing(subject, facts, &mut found),
    }
    match &facts.cluster_info {
        None => found.push(Finding::NoClusterInfo),
        Some(info) => {
            cluster_info(facts, info, trusted, &mut found);
            if info.kubeconfig().is_some() {
                signature(subject, facts, info, &mut found);
            }
        }
    }
    found
}

fn missing(subject: &Subject, facts: &Facts, found: &mut Vec<Finding>) {
    let Some(id) = subject.id() else {
        return;
    };
    // One whose data has this ID under another name reads as nothing but that defect.
    let elsewhere = facts.others.iter().find(|stored| {
        matches!(stored.token(), Err(Defect::WrongName { token_id: Some(other) }) if *other == id)
    });
    found.push(match elsewhere {
        Some(stored) => Finding::WrongName {
            found: stored.name().to_owned(),
        },
        None => Finding::NoToken {
            was_there: facts
                .cluster_info
                .as_ref()
                .is_some_and(|info| info.signature(id).is_some()),
        },
    });
}

fn token(subject: &Subject, facts: &Facts, stored: &Stored, found: &mut Vec<Finding>) {
    let defects = facts.defects();
    let is_usable = !defects.iter().any(Defect::disables_authentication);
    let is_malformed = defects.iter().any(|d| matches!(d, Defect::MalformedId(_)));
    for defect in defects {
        match defect {
            // Nothing hangs on it.
            Defect::UnknownUsage { .. } => {}
            // No name is that of an ID that is none.
            Defect::WrongName { .. } if is_malformed => {}
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
    if is_usable && facts.authenticates == Some(false) {
        found.push(Finding::NotAuthenticated);
    }
    if facts.may_request_certificate == Some(false) {
        found.push(Finding::MayNotRequestCertificate {
            groups: groups(stored.token().ok()),
        });
    }
    if facts.is_approved == Some(false) {
        found.push(Finding::NotApproved {
            groups: groups(stored.token().ok()),
        });
    }
}

fn groups(token: Option<&StoredToken>) -> Vec<String> {
    let mut groups = vec!["system:bootstrappers".to_owned()];
    groups.extend(token.into_iter().flat_map(|token| token.groups().to_vec()));
    groups
}

fn cluster_info(facts: &Facts, info: &ClusterInfo, trusted: &[Pin], found: &mut Vec<Finding>) {
    if facts.anybody_may_read == Some(false) {
        found.push(Finding::ClusterInfoNotPublic);
    }
    match info.danger_unverified_authorities() {
        Err(distrust) => found.push(Finding::ClusterInfo(distrust)),
        Ok(certificates) if certificates.is_empty() => {
            found.push(Finding::ClusterInfo(Distrust::NoAuthority));
        }
        Ok(certificates) => {
            let published: Vec<_> = certificates.iter().map(Pin::of).collect();
            if !trusted.is_empty() && !published.iter().any(|pin| trusted.contains(pin)) {
                found.push(Finding::OtherAuthority { published });
            }
        }
    }
    let bytes = info.bytes();
    if bytes > Finding::MOST_BYTES / 10 * 9 {
        found.push(Finding::ClusterInfoNearlyFull { bytes });
    }
}

fn signature(subject: &Subject, facts: &Facts, info: &ClusterInfo, found: &mut Vec<Finding>) {
    if matches!(subject, Subject::Cluster) {
        let ids = facts.unsigned();
        let why = why(facts);
        let (stale, ids): (Vec<_>, Vec<_>) = ids
            .into_iter()
            .partition(|id| info.signature(*id).is_some());
        if !stale.is_empty() {
            found.push(if others(facts, info) == Some(true) {
                Finding::SignatureOfAnother
            } else {
                // Of one alone it is not known whether the kubeconfig was changed or the signature.
                let others_too = stale.len() > 1;
                Finding::SignatureStale { why, others_too }
            });
        }
        let is_off = matches!(
            why,
            Unsigned::NoControllerManager { .. } | Unsigned::MayNotWrite
        );
        if !ids.is_empty() || stale.is_empty() && is_off {
            found.push(Finding::NotSigned { ids, why });
        }
        return;
    }
    let (Some(stored), Some(token)) = (&facts.stored, facts.token()) else {
        return;
    };
    if facts.defects().iter().any(Defect::disables_signing) {
        return;
    }
    found.extend(match info.verify(token.token()) {
        Ok(_) => None,
        Err(Distrust::Signature(error)) if error != VerifyError::Signature => {
            Some(Finding::SignatureMalformed)
        }
        Err(Distrust::Signature(_)) => {
            let others = others(facts, info);
            if others == Some(true) {
                Some(Finding::SignatureOfAnother)
            } else {
                Some(Finding::SignatureStale {
                    why: why(facts),
                    others_too: others.is_some(),
                })
            }
        }
        Err(_) if !facts.is_settled(stored) => Some(Finding::NotSignedYet),
        Err(_) => Some(Finding::NotSigned {
            ids: vec![token.id()],
            why: why(facts),
        }),
    });
}

/// Whether some signature by another token verifies; nothing when there is none to try.
fn others(facts: &Facts, info: &ClusterInfo) -> Option<bool> {
    let signed = facts
        .others
        .iter()
        .filter_map(|stored| stored.token().ok())
        .filter(|token| info.signature(token.id()).is_some());
    let mut verified = signed
        .map(|token| info.verify(token.token()).is_ok())
        .peekable();
    verified.peek()?;
    Some(verified.any(|good| good))
}

fn why(facts: &Facts) -> Unsigned {
    match (&facts.manager, facts.signer_may_write) {
        (_, Some(false)) => Unsigned::MayNotWrite,
        (Some(Manager::Seen(seen)), _) => Unsigned::NoControllerManager { seen: *seen },
        (manager, _) => Unsigned::SignerOff {
            manager_runs: matches!(manager, Some(Manager::Runs)),
        },
    }
}
