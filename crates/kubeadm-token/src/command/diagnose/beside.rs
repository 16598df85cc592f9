//! What an administrator sees, and what a machine meets because of it.

use bootstrap_token_kube::{Finding, Subject};

use super::seen::Seen;
use super::words::Line;

/// What is left of it beside what an administrator has found.
pub(super) fn beside(found: &[Line], mut met: Seen, subject: &Subject) -> Seen {
    let is_stopped = !met.causes.is_empty();
    met.causes
        .retain(|line| !found.iter().any(|cause| follows(line.code, cause.code)));
    if is_stopped && met.causes.is_empty() {
        // Why the machine looked at no more is told.
        met.unlooked.clear();
    }
    for line in &mut met.causes {
        if line.code == "token-refused" {
            // With nothing wrong with it that an administrator would have seen.
            *line = Line::of(&Finding::NotAuthenticated, subject);
        }
    }
    met
}

/// What a machine meets, and the causes that it comes of, besides whatever is wrong with the token.
pub(super) const FOLLOWS: [(&str, &[&str]); 5] = [
    (
        "not-signed",
        &[
            "expiration-unreadable",
            "not-signed-yet",
            "controller-manager-not-running",
            "signer-not-running",
            "signer-without-rights",
        ],
    ),
    (
        "signature-does-not-verify",
        &[
            "token-wrong-secret",
            "signature-stale",
            "signature-of-another-secret",
        ],
    ),
    (
        "token-refused",
        &["expiration-unreadable", "group-invalid", "not-signed-yet"],
    ),
    ("pin-does-not-match", &["cluster-info-other-ca"]),
    ("server-other-ca", &["cluster-info-other-ca"]),
];

/// Whether what a machine meets is what comes of a cause that an administrator sees.
fn follows(met: &str, cause: &str) -> bool {
    let is_of_token = cause.starts_with("token-") || cause.starts_with("secret-");
    let by_token = match met {
        // By another secret it is signed as well, and does not verify.
        "not-signed" => is_of_token && cause != "token-wrong-secret",
        "token-refused" => is_of_token,
        _ => false,
    };
    let by_name = |(one, causes): &(&str, &[&str])| *one == met && causes.contains(&cause);
    met == cause || by_token || FOLLOWS.iter().any(by_name)
}

#[cfg(test)]
mod tests {
    use super::super::words::words;
    use super::*;

    fn line(code: &'static str) -> Line {
        Line {
            code,
            words: words(String::new(), "", String::new()),
        }
    }

    #[test]
    fn a_cause_from_inside_hides_what_follows_from_it_and_nothing_else() {
        let left = |inside: &'static str| -> Vec<_> {
            let met = [
                "not-signed",
                "signature-does-not-verify",
                "token-refused",
                "server-other-ca",
                "server-unreachable",
            ];
            let met = Seen::from(Vec::from(met.map(line)));
            let left = beside(&[line(inside)], met, &Subject::Cluster);
            left.causes.iter().map(|line| line.code).collect()
        };
        for (inside, hidden) in [
            ("signer-not-running", &["not-signed"][..]),
            ("token-expired", &["not-signed", "token-refused"]),
            ("signature-stale", &["signature-does-not-verify"]),
            (
                "token-wrong-secret",
                &["signature-does-not-verify", "token-refused"],
            ),
            ("not-signed-yet", &["not-signed", "token-refused"]),
            ("cluster-info-other-ca", &["server-other-ca"]),
            ("server-unreachable", &["server-unreachable"]),
            ("requests-not-approved", &[]),
            ("clock-ahead", &[]),
            ("cluster-info-nearly-full", &[]),
        ] {
            let left = left(inside);
            assert_eq!(left.len(), 5 - hidden.len(), "{inside}");
            assert!(hidden.iter().all(|code| !left.contains(code)), "{inside}");
        }
    }

    #[test]
    fn what_is_wrong_with_no_token_is_refused_by_who_takes_none() {
        let met = Seen::from(vec![line("token-refused")]);
        let left = beside(&[], met, &Subject::Cluster);
        assert_eq!(left.causes[0].code, "token-authentication-off");
    }

    #[test]
    fn why_a_machine_stopped_is_told_once() {
        for (inside, warnings) in [("token-expired", 0), ("cluster-info-nearly-full", 1)] {
            let mut met = Seen::from(vec![line("not-signed")]);
            met.unlooked.push("further".to_owned());
            let left = beside(&[line(inside)], met, &Subject::Cluster);
            assert_eq!(left.unlooked.len(), warnings, "{inside}");
        }
    }
}
