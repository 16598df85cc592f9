//! Generated templates and data, put to upstream's own engine and to ours.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::print_stdout,
    reason = "tests, helpers included"
)]

mod choices;
mod data;
mod property;
#[path = "../../../crates/kubectl-jsonpath/tests/dialect/question.rs"]
mod question;
#[path = "../../../crates/kubectl-jsonpath/tests/dialect/readme.rs"]
mod readme;
mod template;
mod upstream;

use choices::{Choices, made};
use data::{list, number, scalar, value};
use property::{Oracle, holds};
use question::{Answers, Question};
use serde_json::{Value, json};

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
            ..Question::default()
        }
    });
    holds(
        answered,
        refused,
        question,
        upstream::ask,
        upstream::compare,
    );
}

#[test]
fn whole_templates() {
    agree(30, 10, list, |c, data| template::template(c, Some(data)));
}

#[test]
fn paths() {
    let data = |c: &mut Choices| if c.chance(50) { value(c) } else { list(c) };
    agree(30, 10, data, |c, data| {
        format!("{{{}}}", template::path(c, Some(data)).0)
    });
}

#[test]
fn ranges_that_are_ended_or_not() {
    agree(20, 10, list, |c, _| template::ranges(c));
}

#[test]
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
fn printed_values() {
    // The last two print a value in an error.
    const WAYS: &[&str] = &["{@}", "{.*}", "{[*]}", "{.a}", "{[?(@)]}", "{@[?(@==1)]}"];
    let data = |c: &mut Choices| match c.below(4) {
        0 => c.several(3, number).into(),
        1 => scalar(c),
        _ => value(c),
    };
    agree(30, 10, data, |c, _| c.pick(WAYS).to_owned());
}

#[test]
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
fn templates_with_a_slip() {
    agree(10, 30, list, |c, data| {
        let template = template::template(c, Some(data));
        template::with_a_slip(c, &template)
    });
}

#[test]
fn wild_templates() {
    agree(10, 30, list, |c, _| template::wild(c));
}

#[test]
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
    holds(20, 20, question, upstream::ask, upstream::compare);
}

/// What a character is decides which error a template gets, and whether a key may follow `..`. Every character
/// where `INPUTS` is set, and where not, those at which our table changes its mind and one in a hundred.
#[test]
fn letters_digits_and_printable_characters() {
    let everywhere = std::env::var("INPUTS").is_ok();
    let mut oracle = Oracle::start();
    let mut class_before = None;
    let mut questions = Vec::new();
    let mut asked = 0;
    for c in '\0'..=char::MAX {
        let question = Question {
            template: format!("{{{c}}}"),
            ..Question::default()
        };
        let error = question.ours()["error"]
            .as_str()
            .unwrap_or_default()
            .replace(c, "");
        let class = (
            error.split("U+").next().unwrap_or_default().to_owned(),
            error.contains('\''),
        );
        if everywhere || u32::from(c) % 100 == 0 || class_before.as_ref() != Some(&class) {
            let before = u32::from(c).checked_sub(1).and_then(char::from_u32);
            questions.extend(before.map(|before| Question {
                template: format!("{{{before}}}"),
                ..Question::default()
            }));
            questions.push(question);
        }
        class_before = Some(class);
        if questions.len() > 10_000 || c == char::MAX {
            asked += questions.len();
            all_answered(&mut oracle, &std::mem::take(&mut questions));
        }
    }
    assert!(asked > 10_000, "{asked}");
}

#[track_caller]
fn all_answered(oracle: &mut Oracle, questions: &[Question]) {
    let requests: Vec<_> = questions.iter().map(upstream::ask).collect();
    for (question, answer) in questions.iter().zip(oracle.ask_all(&requests)) {
        if let Err(ours) = upstream::compare(question, &answer) {
            panic!("{question:?}: {ours}, upstream: {answer}");
        }
    }
}

#[test]
fn the_vectors_are_upstreams_answers() {
    let cases = question::vectors();
    let ask =
        |(question, answers): &(Question, Answers)| upstream::request(question, &answers.upstream);
    let requests: Vec<_> = cases.iter().map(ask).collect();
    for ((question, answers), answer) in cases.iter().zip(Oracle::start().ask_all(&requests)) {
        let agreed = upstream::gave(&answer, &answers.upstream);
        assert!(agreed, "{question:?}: {answers:?}, upstream: {answer}");
        let differs = answers.ours != answers.upstream;
        assert!(
            !differs || !upstream::gave(&answer, &answers.ours),
            "{question:?}: no difference"
        );
    }
}

#[test]
fn the_readme_tells_upstreams_answers() {
    let rows = readme::rows();
    let requests: Vec<_> = rows
        .iter()
        .map(|(question, answer)| upstream::request(question, answer))
        .collect();
    for ((question, promised), answer) in rows.iter().zip(Oracle::start().ask_all(&requests)) {
        assert!(
            upstream::gave(&answer, promised),
            "{question:?}: {promised}, upstream: {answer}"
        );
    }
}

/// Go reads an integer, `serde_json` a float.
#[test]
fn minus_zero_is_a_known_difference() {
    let question = Question {
        template: "{@}".to_owned(),
        data: serde_json::from_str("-0").unwrap(),
        ..Question::default()
    };
    assert_eq!(question.ours(), json!({"ok": "-0"}));
    let request = json!({"op": "jsonpath", "template": "{@}", "data": "-0"});
    assert_eq!(Oracle::start().ask(&request), json!({"ok": "0"}));
}
