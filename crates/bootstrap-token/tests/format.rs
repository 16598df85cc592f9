//! The format as a user meets it: what parses, what does not, and in which words.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use bootstrap_token::{ParseTokenError, Part, Problem, Token, TokenId, TokenSecret};
use proptest::prelude::*;
use subtle::ConstantTimeEq as _;

const TOKEN: &str = r" (expected [a-z0-9]{6}\.[a-z0-9]{16})";

#[track_caller]
fn refused(text: &str, part: Part, says: &str) -> ParseTokenError {
    let error = text.parse::<Token>().unwrap_err();
    assert_eq!(error.to_string(), format!("{says}{TOKEN}"));
    assert_eq!(error.part(), part);
    assert!(!Token::is_valid(text));
    error
}

#[test]
fn each_fault_is_named_and_placed() {
    refused("", Part::Token, "the token is empty");
    refused(
        "abcdef",
        Part::Token,
        "the token has no dot between its ID and its secret",
    );
    refused(".f395accd246ae52d", Part::Id, "the token ID is empty");
    refused("07401b.", Part::Secret, "the token secret is empty");
    refused(
        "07401.f395accd246ae52d",
        Part::Id,
        "the token ID has 5 characters instead of 6",
    );
    refused(
        "07401b.f395accd246ae52dd",
        Part::Secret,
        "the token secret has 17 characters instead of 16",
    );
    refused(
        "07401b.f395accd246ae52d\n",
        Part::Secret,
        "character 17 of the token secret is white space or a line break",
    );
    refused(
        " 07401b.f395accd246ae52d",
        Part::Id,
        "character 1 of the token ID is white space or a line break",
    );
    refused(
        "07401B.f395accd246ae52d",
        Part::Id,
        "character 6 of the token ID is an upper-case letter",
    );
    refused(
        "07401b.f395accd.46ae52d",
        Part::Secret,
        "character 9 of the token secret is neither a-z nor 0-9",
    );
}

#[test]
fn positions_count_characters_and_not_bytes() {
    let error = refused(
        "07401b.é395accd246ae52d",
        Part::Secret,
        "character 1 of the token secret is neither a-z nor 0-9",
    );
    assert_eq!(
        error.problem(),
        Problem::Character {
            part: Part::Secret,
            position: 1
        }
    );
    let error = TokenSecret::from_bytes(b"ab\xFF\xFEcd").unwrap_err();
    assert_eq!(
        error.problem(),
        Problem::Character {
            part: Part::Secret,
            position: 3
        }
    );
}

#[test]
fn debug_shows_no_secret() {
    let token: Token = "07401b.zzyyxxwwvvuuttss".parse().unwrap();
    let shown = format!(
        "{token:?} {:?} {:?} {:#?}",
        token.secret(),
        token.expose(),
        [&token]
    );
    assert!(!shown.contains("zzyy"), "{shown}");
    assert!(shown.contains("07401b"), "{shown}");
}

/// Everything that holds a secret has a way to wipe it, and says so.
#[test]
fn secrets_are_wiped_on_drop() {
    fn wiped<T: zeroize::ZeroizeOnDrop>(_: &T) {
        assert!(core::mem::needs_drop::<T>());
    }
    let token = Token::generate().unwrap();
    wiped(token.secret());
    wiped(&token.expose());
}

#[test]
fn equality_is_of_both_halves() {
    let token: Token = "07401b.f395accd246ae52d".parse().unwrap();
    assert_eq!(token, token.clone());
    assert!(bool::from(token.ct_eq(&token.clone())));
    for other in ["07401b.f395accd246ae52e", "07401c.f395accd246ae52d"] {
        assert!(!bool::from(token.ct_eq(&other.parse().unwrap())), "{other}");
    }
    assert_ne!(token, "07401b.f395accd246ae52e".parse().unwrap());
    assert_ne!(token, "07401c.f395accd246ae52d".parse().unwrap());
    assert_eq!(token, Token::new(token.id(), token.secret().clone()));
}

#[test]
fn ids_sort_and_pad_like_text() {
    let mut ids: Vec<TokenId> = ["b00000", "a00001", "a00000"]
        .iter()
        .map(|id| id.parse().unwrap())
        .collect();
    ids.sort();
    assert_eq!(
        format!("{:>8}|{:<8}|{}", ids[0], ids[1], ids[2]),
        "  a00000|a00001  |b00000"
    );
}

proptest! {
    #[test]
    fn what_matches_the_pattern_round_trips(text in r"[a-z0-9]{6}\.[a-z0-9]{16}") {
        let token: Token = text.parse().unwrap();
        prop_assert_eq!(&*token.expose(), text.as_str());
        prop_assert_eq!(token.id().to_string(), &text[..6]);
        prop_assert_eq!(token.secret().expose(), &text[7..]);
    }

    #[test]
    fn nothing_else_parses_and_no_error_repeats_it(text in r"[a-zA-Z0-9. \n\u{e9}-]{0,26}") {
        let well_formed = text.len() == 23
            && text.bytes().enumerate().all(|(at, b)| match at {
                6 => b == b'.',
                _ => b.is_ascii_lowercase() || b.is_ascii_digit(),
            });
        match text.parse::<Token>() {
            Ok(_) => prop_assert!(well_formed),
            Err(error) => {
                prop_assert!(!well_formed);
                let said = format!("{error} {error:?}");
                // Words of ours are shorter than this, so a match is a leak.
                for part in text.as_bytes().windows(10).filter_map(|w| std::str::from_utf8(w).ok()) {
                    prop_assert!(!said.contains(part), "{}", said);
                }
            }
        }
    }

    #[test]
    fn bytes_of_any_kind_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        let _ = (Token::from_bytes(&bytes), TokenId::from_bytes(&bytes), TokenSecret::from_bytes(&bytes));
    }
}
