//! Signatures that somebody has tampered with: there is one text that passes.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::general_purpose::{NO_PAD, URL_SAFE_NO_PAD};
use base64::engine::{DecodePaddingMode, GeneralPurpose};
use bootstrap_token_discovery::DetachedJws;

use super::support::{Authority, TOKEN, info, kubeconfig, refuses_replies, signed};

const SOMEBODY: &str = "that is no signature of a controller manager's: find out who wrote it, or what answers in the cluster's place; if it stands so in cluster-info, and the server and CA there are this cluster's, `kubeadm-token sign --write`, as root on a control-plane node or with an administrator's kubeconfig, mends it";
const NOT_DETACHED: &str = "something else was written in the place of the signature in cluster-info: find out who wrote it, and see that the server and CA there are this cluster's; `kubeadm-token sign --write`, as root on a control-plane node or with an administrator's kubeconfig, then mends it";
const ANOTHER: &str = "the token's secret is another one, or cluster-info has been changed since it was signed: copy the token anew; if it is right, `kubeadm-token diagnose -`, as root on a control-plane node or with an administrator's kubeconfig, tells which, and do not join before";

/// A kubeconfig and the token's signature over it, of which the last part has both characters that the two alphabets
/// of base64 write differently.
fn good() -> (String, String) {
    let text = kubeconfig(&Authority::new("kubernetes").pem);
    let token = TOKEN.parse().unwrap();
    (0..1_000)
        .map(|n| format!("{text}# {n}\n"))
        .map(|text| {
            let jws = DetachedJws::sign(text.as_bytes(), &token).to_string();
            (text, jws)
        })
        .find(|(_, jws)| jws.contains('-') && jws.contains('_'))
        .unwrap()
}

#[track_caller]
fn refused(kubeconfig: &str, jws: &str, error: &str, help: &str) {
    refuses_replies(
        [info(kubeconfig, &[("abcdef", jws)])],
        &format!("the signature in cluster-info does not verify: {error}"),
        help,
    );
}

/// None is obeyed, whatever it says, and none but upstream's to the letter is taken, though the signature that stands
/// behind it is the right one.
#[test]
fn headers() {
    let (text, jws) = good();
    let (header, signature) = jws.split_once("..").unwrap();
    let header = |json: &str| {
        let made = URL_SAFE_NO_PAD.encode(json);
        assert_ne!(made, header);
        made
    };
    let none = header(r#"{"alg":"none","kid":"abcdef"}"#);
    let mut tampered = vec![format!("{none}.."), format!("{none}..{signature}")];
    for json in [
        r#"{"alg":"None","kid":"abcdef"}"#,
        r#"{"alg":"","kid":"abcdef"}"#,
        r#"{"kid":"abcdef"}"#,
        r#"{"alg":"HS384","kid":"abcdef"}"#,
        r#"{"alg":"HS512","kid":"abcdef"}"#,
        r#"{"alg":"RS256","kid":"abcdef"}"#,
        r#"{"alg":"ES256","kid":"abcdef","jwk":{"kty":"oct","k":""}}"#,
        r#"{"alg":"hs256","kid":"abcdef"}"#,
        r#"{"alg":["HS256"],"kid":"abcdef"}"#,
        r#"{"kid":"abcdef","alg":"HS256"}"#,
        r#"{"alg":"HS256","kid":"abcdef","typ":"JWT"}"#,
        r#"{"alg":"HS256","kid":"abcdef","b64":false,"crit":["b64"]}"#,
        r#"{"alg":"HS256","kid":"abcdef","jku":"https://evil.example/"}"#,
        r#"{"alg":"HS256","kid":"abcdef","alg":"none"}"#,
        r#"{"alg":"none","alg":"HS256","kid":"abcdef"}"#,
        r#"{"alg": "HS256","kid":"abcdef"}"#,
        "{\"alg\":\"HS256\",\"kid\":\"abcdef\"}\n",
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS256","kid":""}"#,
        r#"{"alg":"HS256","kid":"ABCDEF"}"#,
        r#"{"alg":"HS256","kid":"abcde\u0066"}"#,
        r#"{"alg":"HS256","kid":"bootstrap-token-abcdef"}"#,
        "{}",
        "null",
    ] {
        tampered.push(format!("{}..{signature}", header(json)));
    }
    for jws in tampered {
        refused(
            &text,
            &jws,
            "its header is not the one that a signature has",
            SOMEBODY,
        );
    }
}

/// The same header in another writing.
#[test]
fn headers_that_decode_to_the_right_one() {
    let (text, jws) = good();
    let (header, signature) = jws.split_once("..").unwrap();
    for other in [
        format!("{header}="),
        format!("{header}=="),
        format!(" {header}"),
        format!("{header}\n"),
        header.replacen('J', "\nJ", 1),
    ] {
        assert_eq!(lenient(&other), lenient(header));
        refused(
            &text,
            &format!("{other}..{signature}"),
            "its header is not the one that a signature has",
            SOMEBODY,
        );
    }
}

/// What a reader who is not strict would make of it.
fn lenient(text: &str) -> Vec<u8> {
    let alphabet = if text.contains(['+', '/']) {
        &STANDARD
    } else {
        &URL_SAFE
    };
    let options = NO_PAD
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '=')
        .collect();
    GeneralPurpose::new(alphabet, options).decode(text).unwrap()
}

/// The same bytes in another writing than a controller manager's.
#[test]
fn signatures_that_decode_to_the_right_one() {
    let (text, jws) = good();
    let (header, signature) = jws.split_once("..").unwrap();
    let (rest, last) = signature.split_at(signature.len() - 1);
    // The last character holds four bits of the signature, and two of nobody's.
    let letters = URL_SAFE.as_str();
    let at = letters.find(last).unwrap();
    let mut others: Vec<_> = (1..4)
        .map(|bits| format!("{rest}{}", &letters[at + bits..=at + bits]))
        .collect();
    others.extend([
        format!("{signature}="),
        format!("{signature}=="),
        signature.replace('-', "+").replace('_', "/"),
        signature.replace('-', "+").replace('_', "/") + "=",
        format!(" {signature}"),
        format!("{signature} "),
        format!("{signature}\n"),
        format!("{signature}\r\n"),
        format!("{}\n{}", &signature[..20], &signature[20..]),
        format!("{}\t{}", &signature[..20], &signature[20..]),
        format!("{signature}\u{a0}"),
    ]);
    for other in others {
        assert_ne!(other, signature);
        assert_eq!(lenient(&other), lenient(signature));
        refused(
            &text,
            &format!("{header}..{other}"),
            "another content or another token secret was signed",
            ANOTHER,
        );
    }
}

#[test]
fn signatures_that_are_cut_or_doubled() {
    let (text, jws) = good();
    let (header, signature) = jws.split_once("..").unwrap();
    for other in [
        "",
        &signature[..42],
        &signature[..22],
        &signature[1..],
        &signature.repeat(2),
        &signature.to_lowercase(),
        &"A".repeat(43),
    ] {
        refused(
            &text,
            &format!("{header}..{other}"),
            "another content or another token secret was signed",
            ANOTHER,
        );
    }
}

/// A content that is attached would be one more that could be verified in the place of what is read.
#[test]
fn what_is_no_detached_signature() {
    let (text, jws) = good();
    let (header, signature) = jws.split_once("..").unwrap();
    let content = URL_SAFE_NO_PAD.encode(&text);
    for other in [
        format!("{header}.e30.{signature}"),
        format!("{header}.{content}.{signature}"),
        format!("{header}.{signature}"),
        format!("{header}...{signature}"),
        format!("..{signature}"),
        format!("{jws}.{signature}"),
        format!("{{\"protected\":\"{header}\",\"signature\":\"{signature}\"}}"),
        signature.to_owned(),
    ] {
        refused(&text, &other, "it is no detached JWS", NOT_DETACHED);
    }
}

#[test]
fn a_signature_by_another_token() {
    let (text, _) = good();
    let by_other = DetachedJws::sign(text.as_bytes(), &"bbbbbb.aaaaaaaaaaaaaaa1".parse().unwrap());
    refused(
        &text,
        by_other.as_str(),
        "it is a signature by token \"bbbbbb\"",
        "somebody has copied a signature to the place of another in cluster-info: find out who wrote it, and see that the server and CA there are this cluster's; `kubeadm-token sign --write`, as root on a control-plane node or with an administrator's kubeconfig, then mends it",
    );
    refuses_replies(
        [signed(&text, "abcdef.aaaaaaaaaaaaaaa1")],
        "the signature in cluster-info does not verify: another content or another token secret was signed",
        ANOTHER,
    );
}
