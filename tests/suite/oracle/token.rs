//! The format: what is a token, a token ID, a Secret's name.

use bootstrap_token::{Token, TokenId};
use bootstrap_token_secret::keys;
use conformance::property::{Agreed, Spread, holds};
use conformance::suite::Test;
use conformance::tests;
use proptest::prelude::*;
use serde_json::json;

use crate::generate::{ID, NAME, TOKEN, mixed, regex};

pub(crate) const TESTS: &[Test] = tests!["token":
    a_token_is_what_upstream_takes_for_one,
    an_id_is_what_upstream_takes_for_one,
    names_lead_to_the_same_ids_and_back,
    what_one_generates_the_other_takes,
];

fn a_token_is_what_upstream_takes_for_one() {
    holds(
        Spread::Both,
        mixed(regex(TOKEN)),
        |text| {
            [
                json!({"op": "token_is_valid", "input": text}),
                json!({"op": "token_parse", "input": text}),
            ]
        },
        |text, [valid, parsed]| {
            let ours = text.parse::<Token>().ok();
            assert_eq!(Token::is_valid(text), ours.is_some());
            let theirs = parsed.ok().map(|p| (p["id"].clone(), p["secret"].clone()));
            let parts = ours.map(|t| (json!(t.id().as_str()), json!(t.secret().expose())));
            if parts != theirs {
                return Err(format!("ours: {parts:?}"));
            }
            Agreed::on(valid.ok() == Some(&json!(true)), parts.is_some())
        },
    );
}

fn an_id_is_what_upstream_takes_for_one() {
    holds(
        Spread::Both,
        mixed(regex(ID)),
        |text| [json!({"op": "token_id_is_valid", "input": text})],
        |text, [valid]| {
            Agreed::on(
                valid.ok() == Some(&json!(true)),
                text.parse::<TokenId>().is_ok(),
            )
        },
    );
}

fn names_lead_to_the_same_ids_and_back() {
    holds(
        Spread::Both,
        mixed(regex(NAME)),
        |name| {
            let id =
                keys::id_in_name(name).map_or_else(|| "abcdef".to_owned(), |id| id.to_string());
            [
                json!({"op": "secret_parse_name", "name": name}),
                json!({"op": "secret_name", "id": id}),
            ]
        },
        |name, [parsed, named]| {
            let parsed = parsed.ok().ok_or("no answer")?;
            let ours = keys::id_in_name(name);
            if let Some(id) = ours
                && (parsed["id"] != id.as_str()
                    || named.ok() != Some(&json!(keys::secret_name(id))))
            {
                return Err(format!("ours: {ours:?}"));
            }
            Agreed::on(parsed["matched"] == true, ours.is_some())
        },
    );
}

fn what_one_generates_the_other_takes() {
    holds(
        Spread::AllAccepted,
        Just(()).prop_perturb(|(), _| Token::generate().unwrap().expose().to_string()),
        |ours| {
            [
                json!({"op": "token_is_valid", "input": ours}),
                json!({"op": "token_generate"}),
            ]
        },
        |_, [valid, theirs]| {
            let theirs = theirs.ok().and_then(|t| t.as_str()).ok_or("no token")?;
            assert!(Token::is_valid(theirs));
            Agreed::on(valid.ok() == Some(&json!(true)), true)
        },
    );
}
