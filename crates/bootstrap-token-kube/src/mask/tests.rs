//! Useful messages are shown. No encoding of a secret is.

mod encodings;

use proptest::prelude::*;

use super::*;
use encodings::ENCODINGS;

const PATH: &str = "/api/v1/namespaces/kube-system/secrets/bootstrap-token-07401b";

#[track_caller]
fn is_unchanged(text: &str) {
    assert_eq!(redact(text, PATH), text);
}

#[track_caller]
fn becomes(text: &str, expected: &str) {
    assert_eq!(redact(text, PATH), format!("{expected}{REMARK}"));
}

#[test]
fn messages_of_the_api_server_are_unchanged() {
    for text in [
        "",
        "Unauthorized",
        r#"secrets "bootstrap-token-07401b" already exists"#,
        r#"secrets "bootstrap-token-07401b" not found"#,
        r#"secrets is forbidden: User "0123456789abcdef" cannot list resource "secrets" in API group "" in the namespace "kube-system""#,
        r#"secrets "bootstrap-token-abcdef" is forbidden: User "system:serviceaccount:ci:bot-7" cannot delete resource "secrets" in API group "" in the namespace "kube-system": RBAC: clusterrole.rbac.authorization.k8s.io "ci" not found"#,
        r#"secrets "bootstrap-token-07401b" is forbidden: exceeded quota: q-2026, requested: count/secrets=1, used: count/secrets=1000, limited: count/secrets=1000"#,
        r#"selfsubjectaccessreviews.authorization.k8s.io is forbidden: User "jane" cannot create resource "x" in API group "y" at the cluster scope"#,
        "etcdserver: request timed out",
        "The server is busy, please try again later.",
        "the server has received too many requests and has asked us to try again later",
        "Timeout: request did not complete within the allotted timeout",
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.",
        r#"Secret "bootstrap-token-07401b" is invalid: data[token-secret]: too weak"#,
        r#"Operation cannot be fulfilled on configmaps "cluster-info": the object has been modified; please apply your changes to the latest version and try again"#,
    ] {
        is_unchanged(text);
    }
}

#[test]
fn messages_of_a_policy_are_unchanged() {
    for text in [
        r#"admission webhook "validate.kyverno.svc-fail" denied the request: no tokens on a Friday"#,
        "ValidatingAdmissionPolicy 'tokens' with binding 'tokens' denied request: the description is required",
        "it isn't allowed: a token must expire within 24 hours, contact the platform team",
        "[token-policy] label \"owner\" is missing",
    ] {
        is_unchanged(text);
    }
}

#[test]
fn only_the_unknown_part_is_redacted() {
    becomes(
        r#"admission webhook "acme.example.com" denied the request: token of rack9 is not allowed"#,
        r#"admission webhook "….example.com" denied the request: token of … is not allowed"#,
    );
    becomes(
        r#"failed calling webhook "x.example.com": failed to call webhook: Post "https://127.0.0.1:1/none?timeout=10s": dial tcp 127.0.0.1:1: connect: connection refused"#,
        r#"failed calling webhook "….example.com": failed to call webhook: Post "https://…/none?timeout=…": dial tcp …: connect: connection refused"#,
    );
    becomes("nein, so nicht", "…");
    becomes("日本語 denied", "… denied");
    becomes(
        "denied\n        * token-secret: f395accd246ae52d",
        "denied\n        * token-secret: …",
    );
    // A webhook that words its refusal as the API server does.
    becomes(
        r#"admission webhook "w" denied the request: secrets is forbidden: User "f395accd246ae52d" cannot get resource "secrets""#,
        r#"admission webhook "…" denied the request: secrets is forbidden: User "…" cannot get resource "secrets""#,
    );
}

#[test]
fn few_numbers_are_shown_and_only_among_words() {
    is_unchanged("at most 3 tokens, found 12 tokens");
    becomes(
        "at most 300 tokens, found 301 tokens",
        "at most … tokens, found … tokens",
    );
    becomes("the 3 of them", "the … of them");
    becomes("bytes [107, 51]", "bytes […]");
    becomes("token 12 is weak", "token … is weak");
    // The requested ID is known.
    assert_eq!(
        redact("token 123456 123456", "bootstrap-token-123456"),
        "token 123456 123456"
    );
}

#[test]
fn groups_that_are_words_by_chance_are_redacted() {
    becomes("is-to-of-we", "…");
    becomes("['a', '5', 'a', '5']", "['…']");
    becomes("a 5 a", "…");
    becomes("... --- ... --- denied", "…denied");
}

#[test]
fn a_long_message_is_cut() {
    let text = redact(&"no tokens today. ".repeat(20_000), PATH);
    assert!(text.len() < LONGEST + 100 && text.starts_with("no tokens today. no"));
    assert!(text.ends_with(&format!("{HIDDEN}{REMARK}")));
    let own = format!(
        "secrets is forbidden: User \"{}\" cannot",
        "x".repeat(LONGEST)
    );
    assert!(redact(&own, PATH).starts_with("secrets is forbidden: User \"…\" cannot"));
}

#[test]
fn only_kubernetes_reasons_are_shown() {
    for known in [
        "AlreadyExists",
        "TooManyRequests",
        "NotFound",
        "Gone",
        "InternalError",
    ] {
        assert_eq!(reason(known), known);
    }
    for other in [
        "",
        "f395accd246ae52d",
        "No07401b",
        "MjQ2YWU1MmQ",
        "token-secret",
    ] {
        assert_eq!(reason(other), "");
    }
}

#[test]
fn the_list_is_sorted_and_holds_words() {
    assert!(WORDS.is_sorted() && WORDS.len() > 1000);
    for &word in WORDS.iter() {
        assert!(
            word.len() > 1
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        );
        // Six characters of a secret take at least eight in base64 and ten in base32.
        for text in [word.to_owned(), word.to_ascii_uppercase(), capital(word)] {
            for start in 0..4 {
                let decoded = encodings::from_base64(text.get(start..).unwrap_or_default());
                assert!(longest_of_a_secret(&decoded) < 6, "{text}");
            }
        }
        let decoded = encodings::from_base32(word);
        assert!(longest_of_a_secret(&decoded) < 6, "{word}");
    }
}

fn capital(word: &str) -> String {
    word[..1].to_ascii_uppercase() + &word[1..]
}

fn longest_of_a_secret(bytes: &[u8]) -> usize {
    bytes
        .split(|b| !b.is_ascii_lowercase() && !b.is_ascii_digit())
        .map(<[u8]>::len)
        .max()
        .unwrap_or_default()
}

/// Returns what remains of a message that holds the encoded secret: letters, digits and marks.
fn left_of(encoded: &str) -> String {
    let text = redact(&format!("value <{encoded}> was denied"), PATH);
    let left = text.strip_suffix(REMARK).unwrap_or(&text);
    let left = left
        .strip_prefix("value")
        .and_then(|left| left.strip_suffix("denied"));
    let left = left.unwrap_or_else(|| panic!("{text}")).trim_end();
    left.strip_suffix("was").unwrap_or(left).to_owned()
}

#[track_caller]
fn tells_less_than_six(encoded: &str, how: &str) {
    let mut left = left_of(encoded).to_lowercase();
    for label in ["buffer", "bytestring", "byte"] {
        left = left.replace(label, "");
    }
    for piece in left.split(HIDDEN) {
        let told = piece.chars().filter(|c| c.is_alphanumeric()).count();
        assert!(told < 6, "{how}: {left:?} of {encoded:?}");
    }
    let marks = left.chars().filter(char::is_ascii_punctuation).count();
    assert!(marks < 18, "{how}: {left:?} of {encoded:?}");
}

#[test]
fn there_are_many_encodings_and_each_encodes() {
    assert!(ENCODINGS.len() >= 40, "{}", ENCODINGS.len());
    for (name, encode) in ENCODINGS {
        let (one, other) = (encode(b"f395accd246ae52d"), encode(b"abcdef0123456789"));
        assert!(one != other && one.len() >= 16, "{name}");
    }
}

proptest! {
    #[test]
    fn no_encoding_of_a_secret_is_shown(secret in "[a-z0-9]{16}") {
        for (name, encode) in ENCODINGS {
            tells_less_than_six(&encode(secret.as_bytes()), name);
            // A part, as in a truncated message.
            tells_less_than_six(&encode(&secret.as_bytes()[3..11]), name);
        }
    }

    #[test]
    fn no_encoding_of_an_encoding_is_shown(
        secret in "[a-z0-9]{16}",
        inner in 0..ENCODINGS.len(),
        outer in 0..ENCODINGS.len(),
    ) {
        let ((first, inner), (second, outer)) = (ENCODINGS[inner], ENCODINGS[outer]);
        let object = format!("{{\"token-id\":\"07401b\",\"token-secret\":\"{}\"}}", inner(secret.as_bytes()));
        tells_less_than_six(&outer(inner(secret.as_bytes()).as_bytes()), &format!("{second} of {first}"));
        let text = redact(&outer(object.as_bytes()), PATH);
        let told = text.strip_suffix(REMARK).unwrap_or(&text).chars().filter(char::is_ascii_digit).count();
        prop_assert!(told < 12, "{} of {}: {}", second, first, text);
    }
}
