//! Written cases, including all of upstream's own tests. They expect upstream's answer, unless the case gives
//! upstream's separately. The suite next to this one checks them with upstream.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

mod question;
mod readme;

use question::{Question, vectors};
use serde_json::Value;

#[track_caller]
fn all_right(cases: &[(Question, Value)]) {
    let wrong: Vec<_> = cases
        .iter()
        .filter(|(question, expected)| question.ours() != *expected)
        .map(|(question, expected)| {
            format!(
                "{question:?}\nours: {}\nexpected: {expected}\n",
                question.ours()
            )
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

#[test]
fn every_case_of_the_vectors() {
    let cases: Vec<_> = vectors()
        .into_iter()
        .map(|(question, answers)| (question, answers.ours))
        .collect();
    assert!(cases.len() > 500, "{}", cases.len());
    all_right(&cases);
}

#[test]
fn every_row_of_the_readme() {
    let rows = readme::rows();
    assert!(rows.len() > 50, "{}", rows.len());
    all_right(&rows);
}

/// The README lists the differences from upstream.
#[test]
fn every_difference_is_in_the_readme() {
    let (_, differences) = readme::README
        .split_once("| template | upstream | here |")
        .unwrap();
    let mut told = 0;
    for (question, answers) in vectors() {
        if answers.upstream != answers.ours {
            assert!(
                differences.contains(&format!("| `{}`", question.template)),
                "{question:?}"
            );
            told += 1;
        }
    }
    assert_eq!(told, 5);
}
