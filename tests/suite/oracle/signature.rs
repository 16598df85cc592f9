//! The signature over cluster-info: byte for byte upstream's, and taken by one when by the other.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token::{Token, TokenId};
use bootstrap_token_discovery::DetachedJws;
use conformance::property::{Agreed, Spread, holds_for};
use conformance::suite::Test;
use conformance::tests;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use crate::generate::{TOKEN, nearly, regex};

pub(crate) const TESTS: &[Test] = tests!["signature":
    it_is_the_one_that_upstream_makes,
    it_is_so_with_any_key,
    it_is_taken_by_one_when_by_the_other,
];

fn content() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        2 => vec(any::<u8>(), 0..64),
        1 => vec(any::<u8>(), 700..900),
        2 => any::<String>().prop_map(String::into_bytes),
        1 => regex("apiVersion: v1\nclusters:\n- cluster:\n    server: https://[a-z]{1,9}:6443\n")
            .prop_map(String::into_bytes),
    ]
}

fn token() -> impl Strategy<Value = Token> {
    regex(TOKEN).prop_map(|text| text.parse().unwrap())
}

fn it_is_the_one_that_upstream_makes() {
    holds_for(
        10_000,
        Spread::AllAccepted,
        (content(), token()),
        |(content, token)| {
            [json!({
                "op": "jws_sign",
                "content": STANDARD.encode(content),
                "id": token.id().as_str(),
                "secret": token.secret().expose(),
            })]
        },
        |(content, token), [theirs]| {
            let ours = DetachedJws::sign(content, token);
            if theirs.ok() != Some(&json!(ours.as_str())) {
                return Err(format!("ours: {ours}"));
            }
            Ok(Agreed::Accepted)
        },
    );
}

/// The signer does not look at the form of a token secret.
fn it_is_so_with_any_key() {
    holds_for(
        2_000,
        Spread::AllAccepted,
        (
            content(),
            token(),
            regex("[ -~]{1,40}|[a-z]{60,140}|é{1,70}"),
        ),
        |(content, token, key)| {
            [json!({
                "op": "jws_sign",
                "content": STANDARD.encode(content),
                "id": token.id().as_str(),
                "secret": key,
            })]
        },
        |(content, token, key), [theirs]| {
            let ours = DetachedJws::sign_with_key(content, token.id(), key.as_bytes()).unwrap();
            if theirs.ok() != Some(&json!(ours.as_str())) {
                return Err(format!("ours: {ours}"));
            }
            Ok(Agreed::Accepted)
        },
    );
}

/// What someone makes of a good signature who would like another to be taken.
#[derive(Debug, Clone)]
enum Forged {
    No,
    OtherSecret(Token),
    OtherId(TokenId),
    OtherContent(Vec<u8>),
    OtherText(String),
}

fn it_is_taken_by_one_when_by_the_other() {
    let asked = (content(), token()).prop_flat_map(|(content, token)| {
        let signature = DetachedJws::sign(&content, &token).to_string();
        let (header, mac) = signature.split_once("..").unwrap();
        let texts = vec![
            String::new(),
            "..".to_owned(),
            format!("{header}..{mac}="),
            format!("{header}.{mac}"),
            format!("{header}.{}.{mac}", STANDARD.encode(&content)),
            format!("eyJhbGciOiJub25lIn0..{mac}"),
            format!("{header}.."),
        ];
        let forged = prop_oneof![
            4 => Just(Forged::No),
            1 => self::token().prop_map(Forged::OtherSecret),
            1 => self::token().prop_map(|token| Forged::OtherId(token.id())),
            1 => self::content().prop_map(Forged::OtherContent),
            1 => select(texts).prop_map(Forged::OtherText),
            3 => nearly(Just(signature)).prop_map(Forged::OtherText),
        ];
        (Just(content), Just(token), forged)
    });
    let put = |(content, token, forged): &(Vec<u8>, Token, Forged)| {
        let mut jws = DetachedJws::sign(content, token).to_string();
        let (mut content, mut token) = (content.clone(), token.clone());
        match forged.clone() {
            Forged::No => {}
            Forged::OtherSecret(other) => token = Token::new(token.id(), other.secret().clone()),
            Forged::OtherId(id) => token = Token::new(id, token.secret().clone()),
            Forged::OtherContent(other) => content = other,
            Forged::OtherText(text) => jws = text,
        }
        (jws, content, token)
    };
    holds_for(
        10_000,
        Spread::Both,
        asked,
        |asked| {
            let (jws, content, token) = put(asked);
            [json!({
                "op": "jws_verify",
                "jws": jws,
                "content": STANDARD.encode(content),
                "id": token.id().as_str(),
                "secret": token.secret().expose(),
            })]
        },
        |asked, [theirs]| {
            let (jws, content, token) = put(asked);
            let ours = DetachedJws::verify(&jws, &content, &token);
            Agreed::on(theirs.ok() == Some(&json!(true)), ours.is_ok())
        },
    );
}
