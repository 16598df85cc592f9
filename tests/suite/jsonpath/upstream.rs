//! Questions put to upstream's engine.

use serde_json::{Value, json};

use crate::property::Agreed;
use crate::question::Question;

/// To the oracle, which renders until the order in which Go walks the maps is that of the expected answer.
pub(crate) fn request(question: &Question, expected: &Value) -> Value {
    let template = &question.template;
    let walks_maps = question.relaxed || template.contains('*') || template.contains("..");
    json!({
        "op": "jsonpath_outcomes",
        "template": template,
        "data": question.data.to_string(),
        "allow_missing": question.allow_missing,
        "as_json": question.as_json,
        "relaxed": question.relaxed,
        "typed": question.typed,
        "times": question.times,
        "runs": if walks_maps { 10_000 } else { 1 },
        "until": expected,
    })
}

/// Whether upstream gave the expected answer in one of its runs.
pub(crate) fn gave(answer: &Value, expected: &Value) -> bool {
    answer["ok"].as_array().unwrap().contains(expected)
}

pub(crate) fn ask(question: &Question) -> Value {
    request(question, &question.ours())
}

pub(crate) fn compare(question: &Question, answer: &Value) -> Result<Agreed, String> {
    let ours = question.ours();
    if gave(answer, &ours) {
        return Ok(if ours.get("ok").is_some() {
            Agreed::Accepted
        } else {
            Agreed::Refused
        });
    }
    // Nothing at all, which only ranges over nulls and over empty lists lead to.
    let panics = |outcome: &Value| {
        let reason = outcome["panic"].as_str();
        reason.is_some_and(|reason| reason.ends_with("on zero Value"))
    };
    if answer["ok"].as_array().unwrap().iter().any(panics) {
        return Ok(Agreed::Excluded);
    }
    Err(format!("ours: {ours}"))
}
