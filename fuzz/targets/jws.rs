//! A line of content, and below it the text that is said to be its signature.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bootstrap_token::Token;
use bootstrap_token_discovery::{DetachedJws, VerifyError};
use fuzz::{another_secret, tells_no_secret, token};
use hmac::{Hmac, KeyInit as _, Mac as _};
use libfuzzer_sys::fuzz_target;
use sha2::Sha256;

fuzz_target!(|data: &[u8]| {
    let (content, said) = match data.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &[][..]),
    };
    let token = token();
    let signed = DetachedJws::sign(content, &token);
    assert_eq!(signed.as_str(), by_the_book(content, &token));
    judged(signed.as_str(), content, &token);

    // The text as it is, and the genuine one with that text in its place from a position on.
    let said = String::from_utf8_lossy(said);
    judged(&said, content, &token);
    let at = data.len() % (signed.as_str().len() + 1);
    judged(
        &format!("{}{said}", &signed.as_str()[..at]),
        content,
        &token,
    );
    judged(
        &format!("{said}{}", &signed.as_str()[at..]),
        content,
        &token,
    );

    let other = DetachedJws::sign(content, &another_secret());
    assert_eq!(
        DetachedJws::verify(other.as_str(), content, &token),
        Err(VerifyError::Signature)
    );
});

/// One text passes, the one that we sign, and the error says what it is instead.
fn judged(jws: &str, content: &[u8], token: &Token) {
    let signed = DetachedJws::sign(content, token);
    let verdict = DetachedJws::verify(jws, content, token);
    assert_eq!(verdict.is_ok(), jws == signed.as_str(), "{jws}");
    let Err(error) = verdict else { return };
    tells_no_secret(&error);
    let header = |token: &Token| {
        by_the_book(content, token)
            .split('.')
            .next()
            .map(str::to_owned)
    };
    let parts: Vec<_> = jws.split('.').collect();
    let found = match parts[..] {
        [header, "", _] if !header.is_empty() => Some(header.to_owned()),
        _ => None,
    };
    match error {
        VerifyError::NotDetached => assert_eq!(found, None, "{jws}"),
        VerifyError::OtherToken(id) => {
            assert_ne!(id, token.id());
            let other: Token = format!("{id}.0000000000000000").parse().expect("a token");
            assert_eq!(found, header(&other), "{jws}");
        }
        VerifyError::Signature => assert_eq!(found, header(token), "{jws}"),
        _ => assert!(found.is_some() && found != header(token), "{jws}"),
    }
}

/// RFC 7515, without the pieces in which ours works.
fn by_the_book(content: &[u8], token: &Token) -> String {
    let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"HS256","kid":"{}"}}"#, token.id()));
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(content));
    let mut mac =
        Hmac::<Sha256>::new_from_slice(token.secret().expose().as_bytes()).expect("any length");
    mac.update(signed.as_bytes());
    format!(
        "{header}..{}",
        URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
    )
}
