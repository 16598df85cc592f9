//! Signatures as a user meets them: what passes, and what is said of everything else.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use bootstrap_token::Token;
use bootstrap_token_discovery::{DetachedJws, VerifyError};

const CONTENT: &[u8] = b"apiVersion: v1\nkind: Config\n";

fn token() -> Token {
    "07401b.f395accd246ae52d".parse().unwrap()
}

fn signature() -> String {
    DetachedJws::sign(CONTENT, &token()).to_string()
}

fn with_header(json: &str) -> String {
    let (_, signature) = signature()
        .split_once("..")
        .map(|(h, s)| (h.to_owned(), s.to_owned()))
        .unwrap();
    format!("{}..{signature}", URL_SAFE_NO_PAD.encode(json))
}

#[track_caller]
fn refused(jws: &str, why: VerifyError) {
    let answer = DetachedJws::verify(jws, CONTENT, &token());
    assert_eq!(answer, Err(why), "{jws}");
}

/// Made by `ComputeDetachedSignature` of `k8s.io/cluster-bootstrap` v0.37.2.
#[test]
fn signs_as_upstream() {
    assert_eq!(
        signature(),
        "eyJhbGciOiJIUzI1NiIsImtpZCI6IjA3NDAxYiJ9..V7vfbveur77TnlLQz-hsORPxM3IuWz8GI4hOaPAzkdk"
    );
}

#[test]
fn only_what_is_signed_passes() {
    assert_eq!(DetachedJws::verify(&signature(), CONTENT, &token()), Ok(()));
    for content in [
        &b""[..],
        b"apiVersion: v1\nkind: Config",
        b"apiVersion: v1\nkind: Config\n\n",
    ] {
        let answer = DetachedJws::verify(&signature(), content, &token());
        assert_eq!(answer, Err(VerifyError::Signature));
    }
    let of_other_secret: Token = "07401b.f395accd246ae52e".parse().unwrap();
    let answer = DetachedJws::verify(&signature(), CONTENT, &of_other_secret);
    assert_eq!(answer, Err(VerifyError::Signature));
    let of_other_id: Token = "07401c.f395accd246ae52d".parse().unwrap();
    let answer = DetachedJws::verify(&signature(), CONTENT, &of_other_id);
    assert_eq!(answer, Err(VerifyError::OtherToken(token().id())));
}

#[test]
fn no_header_is_obeyed() {
    for json in [
        r#"{"alg":"none","kid":"07401b"}"#,
        r#"{"alg":"HS384","kid":"07401b"}"#,
        r#"{"alg":"RS256","kid":"07401b"}"#,
        r#"{"kid":"07401b","alg":"HS256"}"#,
        r#"{"alg":"HS256","kid":"07401b","crit":["b64"],"b64":false}"#,
        r#"{"alg":"HS256","kid":"07401b","alg":"none"}"#,
        r#"{"alg": "HS256","kid":"07401b"}"#,
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS256","kid":"07401B"}"#,
        r#"{"alg":"HS256","kid":""}"#,
        r#"{"alg":"HS256","kid":"07401\u0062"}"#,
        "{}",
        "null",
    ] {
        refused(&with_header(json), VerifyError::Header);
    }
}

#[test]
fn no_other_encoding_passes() {
    let signed = signature();
    let (header, signature) = signed.split_once("..").unwrap();
    let json = URL_SAFE_NO_PAD.decode(header).unwrap();
    refused(
        &format!("{}=..{signature}", URL_SAFE.encode(json)),
        VerifyError::Header,
    );
    refused(&format!("{signed}="), VerifyError::Signature);
    refused(&format!("{signed}\n"), VerifyError::Signature);
    refused(&format!("{header}.."), VerifyError::Signature);
    // The last character holds four bits of the signature; what the others are is up to the writer.
    let (rest, last) = signature.split_at(signature.len() - 1);
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let at = alphabet.find(last).unwrap();
    let sibling = &alphabet[at + 1..=at + 1];
    let decode = |text: String| {
        base64::engine::GeneralPurpose::new(
            &base64::alphabet::URL_SAFE,
            base64::engine::general_purpose::NO_PAD.with_decode_allow_trailing_bits(true),
        )
        .decode(text)
    };
    assert_eq!(
        decode(format!("{rest}{sibling}")),
        decode(signature.to_owned())
    );
    refused(
        &format!("{header}..{rest}{sibling}"),
        VerifyError::Signature,
    );
}

#[test]
fn a_text_that_is_no_detached_jws_is_told_from_a_wrong_one() {
    let signed = signature();
    let (header, signature) = signed.split_once("..").unwrap();
    let content = URL_SAFE_NO_PAD.encode(CONTENT);
    for text in [
        "",
        "..",
        ".",
        "...",
        header,
        &format!("..{signature}"),
        &format!("{header}.{signature}"),
        &format!("{header}.{content}.{signature}"),
        &format!("{header}...{signature}"),
        &format!("{header}..{signature}.x"),
        &format!("x.{header}..{signature}"),
    ] {
        refused(text, VerifyError::NotDetached);
    }
}

#[test]
fn nothing_shows_the_secret() {
    let shown = format!(
        "{:?} {} {:?}",
        DetachedJws::sign(CONTENT, &token()),
        VerifyError::Signature,
        VerifyError::OtherToken(token().id()),
    );
    assert!(!shown.contains(token().secret().expose()));
}

/// What `k8s.io/cluster-bootstrap/token/jws` makes of a secret that is none.
#[test]
fn signs_with_any_key_but_none() {
    const CONTENT: &[u8] = b"Hello from the other side. I must have called a thousand times.";
    let id = "joshua".parse().unwrap();
    let signed = DetachedJws::sign_with_key(CONTENT, id, b"my voice is my passcode").unwrap();
    let text =
        "eyJhbGciOiJIUzI1NiIsImtpZCI6Impvc2h1YSJ9..VShe2taLd-YTrmWuRkcL_8QTNDHYxQIEBsAYYiIj1_8";
    assert_eq!(signed.as_str(), text);
    assert!(signed.is(text));
    assert!(!signed.is(&format!("{text}foo")));
    assert_eq!(DetachedJws::sign_with_key(CONTENT, id, b""), None);
    let key = token().secret().expose().as_bytes().to_vec();
    assert_eq!(
        DetachedJws::sign_with_key(CONTENT, token().id(), &key),
        Some(DetachedJws::sign(CONTENT, &token()))
    );
}
