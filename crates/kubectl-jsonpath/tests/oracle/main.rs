//! Generated templates and data, put to upstream's own engine and to ours.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests, helpers included"
)]

mod choices;
mod data;
mod property;
mod question;
mod template;

use choices::{Choices, made};
use data::{list, number, scalar, value};
use property::{Oracle, holds};
use question::Question;
use serde_json::Value;

/// Puts questions in any mode. Of a hundred so many must be answered, and so many refused.
#[track_caller]
fn agree(
    answered: usize,
    refused: usize,
    data: impl Fn(&mut Choices) -> Value,
    template: impl Fn(&mut Choices, &Value) -> String,
) {
    let question = made(|c| {
        let (allow_missing, as_json, typed) = (!c.chance(25), c.chance(20), c.chance(20));
        let data = data(c);
        Question {
            template: template(c, &data),
            data,
            allow_missing,
            as_json,
            typed,
            relaxed: false,
        }
    });
    holds(
        answered,
        refused,
        question,
        Question::request,
        Question::compare,
    );
}

#[test]
#[ignore = "needs `make control-plane`"]
fn whole_templates() {
    agree(30, 10, list, |c, data| template::template(c, Some(data)));
}

#[test]
#[ignore = "needs `make control-plane`"]
fn paths() {
    let data = |c: &mut Choices| if c.chance(50) { value(c) } else { list(c) };
    agree(30, 10, data, |c, data| {
        format!("{{{}}}", template::path(c, Some(data)).0)
    });
}

#[test]
#[ignore = "needs `make control-plane`"]
fn ranges_that_are_ended_or_not() {
    agree(20, 10, list, |c, _| template::ranges(c));
}

#[test]
#[ignore = "needs `make control-plane`"]
fn filters_with_every_operator_and_operand() {
    let lists = |c: &mut Choices| match c.below(8) {
        0 => value(c),
        1..4 => c.several(4, scalar).into(),
        _ => list(c)["items"].take(),
    };
    agree(30, 10, lists, |c, data| {
        let element = data.get(0);
        let filter = template::filter(c, element);
        let rest = if c.chance(20) {
            template::path(c, element).0
        } else {
            String::new()
        };
        format!("{{{filter}{rest}}}")
    });
}

#[test]
#[ignore = "needs `make control-plane`"]
fn slices_of_lists() {
    let lists = |c: &mut Choices| {
        if c.chance(50) {
            c.several(6, |c| c.below(9)).into()
        } else {
            c.several(3, |c| c.several(4, |c| c.below(9))).into()
        }
    };
    agree(20, 10, lists, |c, _| {
        let slices: String = (0..=c.below(2)).map(|_| template::slice(c)).collect();
        format!("{{{slices}}}")
    });
}

#[test]
#[ignore = "needs `make control-plane`"]
fn printed_values() {
    let data = |c: &mut Choices| match c.below(4) {
        0 => c.several(3, number).into(),
        1 => scalar(c),
        _ => value(c),
    };
    // The last two print a value in an error.
    const WAYS: &[&str] = &["{@}", "{.*}", "{[*]}", "{.a}", "{[?(@)]}", "{@[?(@==1)]}"];
    agree(30, 10, data, |c, _| c.pick(WAYS).to_owned());
}

#[test]
#[ignore = "needs `make control-plane`"]
fn quoted_text_and_literals() {
    agree(30, 10, value, |c, data| {
        let literal = if c.chance(70) {
            template::quoted(c)
        } else {
            template::literal(c)
        };
        let rest = if c.chance(25) {
            template::path(c, Some(data)).0
        } else {
            String::new()
        };
        format!("{{{literal}{rest}}}")
    });
}

#[test]
#[ignore = "needs `make control-plane`"]
fn templates_with_a_slip() {
    agree(10, 30, list, |c, data| {
        let template = template::template(c, Some(data));
        template::with_a_slip(c, &template)
    });
}

#[test]
#[ignore = "needs `make control-plane`"]
fn wild_templates() {
    agree(10, 30, list, |c, _| template::wild(c));
}

#[test]
#[ignore = "needs `make control-plane`"]
fn relaxed_forms() {
    let question = made(|c| {
        let (data, allow_missing) = (list(c), !c.chance(25));
        let path = match c.below(8) {
            0 => template::wild(c),
            1 => template::template(c, Some(&data)),
            _ => template::path(c, Some(&data))
                .0
                .trim_start_matches(['@', '$'])
                .to_owned(),
        };
        let (before, after) = match c.below(4) {
            0 => ("", ""),
            1 | 2 => ("{", "}"),
            _ => (
                c.pick(&["", "{", ".", "{.", "{{", ".."]),
                c.pick(&["", "}", "}}", "} "]),
            ),
        };
        let mut template = format!("{before}{path}{after}");
        if c.chance(40) {
            template = template.replacen('.', "", 1);
        }
        Question {
            template,
            data,
            allow_missing,
            relaxed: true,
            ..Question::default()
        }
    });
    holds(20, 20, question, Question::request, Question::compare);
}

/// What a character is decides which error a template gets, and whether a key may follow `..`.
#[test]
#[ignore = "needs `make control-plane`"]
fn letters_digits_and_printable_characters() {
    let everywhere = std::env::var("INPUTS").is_ok();
    let mut oracle = Oracle::start();
    let mut last = String::new();
    let mut questions = Vec::new();
    for c in '\0'..=char::MAX {
        let question = Question {
            template: format!("{{{c}}}"),
            ..Question::default()
        };
        // Where our table changes its mind, and the character before that.
        let class = question.ours()["error"]
            .as_str()
            .map(|error| error.replace(c, ""))
            .unwrap_or_default();
        let class = class.split("U+").next().unwrap_or_default().to_owned()
            + if class.ends_with("''") { "p" } else { "" };
        if class != last || everywhere || u32::from(c) % 97 == 0 {
            if let Some(before) = u32::from(c).checked_sub(1).and_then(char::from_u32) {
                questions.push(Question {
                    template: format!("{{{before}}}"),
                    ..Question::default()
                });
            }
            questions.push(question);
        }
        last = class;
    }
    assert!(questions.len() > 10_000);
    let requests: Vec<_> = questions.iter().map(Question::request).collect();
    for (question, answer) in questions.iter().zip(oracle.ask_all(&requests)) {
        question
            .compare(&answer)
            .unwrap_or_else(|ours| panic!("{question:?}: {ours}, upstream: {answer}"));
    }
}
