//! What an administrator sees, and what a machine meets because of it.

use super::words::Line;

/// What is left of them beside what an administrator has found.
pub(super) fn beside(found: &[Line], mut lines: Vec<Line>) -> Vec<Line> {
    lines.retain(|line| !found.iter().any(|cause| follows(line.code, cause.code)));
    lines
}

/// Whether what a machine meets is what comes of a cause that an administrator sees.
fn follows(met: &str, cause: &str) -> bool {
    let is_of_token = cause.starts_with("token-") || cause.starts_with("secret-");
    met == cause
        || match met {
            "not-signed" => {
                is_of_token
                    || matches!(
                        cause,
                        "expiration-unreadable"
                            | "not-signed-yet"
                            | "controller-manager-not-running"
                            | "signer-not-running"
                            | "signer-without-rights"
                    )
            }
            "signature-does-not-verify" => matches!(
                cause,
                "token-wrong-secret" | "signature-stale" | "signature-of-another-secret"
            ),
            "token-refused" => {
                is_of_token || matches!(cause, "expiration-unreadable" | "group-invalid")
            }
            "pin-does-not-match" | "server-other-ca" => cause == "cluster-info-other-ca",
            _ => false,
        }
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
            let left = beside(&[line(inside)], met.map(line).into());
            left.iter().map(|line| line.code).collect()
        };
        for (inside, hidden) in [
            ("signer-not-running", &["not-signed"][..]),
            ("token-expired", &["not-signed", "token-refused"]),
            ("signature-stale", &["signature-does-not-verify"]),
            (
                "token-wrong-secret",
                &["not-signed", "signature-does-not-verify", "token-refused"],
            ),
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
}
