//! A template with a value, and our answer. The vectors are questions with their answers.

use std::collections::BTreeMap;
use std::fmt::Write;

use kubectl_jsonpath::Template;
use serde_json::{Value, json};

#[derive(Debug, Clone, Default)]
#[allow(clippy::struct_excessive_bools, reason = "the switches of a rendering")]
pub(crate) struct Question {
    pub(crate) template: String,
    pub(crate) data: Value,
    pub(crate) allow_missing: bool,
    pub(crate) as_json: bool,
    pub(crate) relaxed: bool,
    pub(crate) typed: bool,
    /// How often the template is rendered. The last result counts.
    pub(crate) times: u64,
}

impl Question {
    /// Returns our answer in the oracle's form: `{"ok": text}`, `{"ok": {"hex": bytes}}` or `{"error": text}`.
    pub(crate) fn ours(&self) -> Value {
        let template = if self.relaxed {
            Template::relaxed(&self.template)
        } else {
            Template::parse(&self.template)
        };
        let template = match template {
            Ok(template) => template
                .allow_missing_keys(self.allow_missing)
                .json_output(self.as_json)
                .integers_as_floats(self.typed),
            Err(error) => return json!({"error": error.to_string()}),
        };
        for _ in 1..self.times {
            drop(template.render(&self.data));
        }
        match template.render(&self.data).map(String::from_utf8) {
            Ok(Ok(text)) => json!({"ok": text}),
            Ok(Err(bytes)) => json!({"ok": {"hex": hex(bytes.as_bytes())}}),
            Err(error) => json!({"error": error.to_string()}),
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// The answers to a case of the vectors.
#[derive(Debug)]
pub(crate) struct Answers {
    pub(crate) ours: Value,
    /// Equal to ours, unless upstream is known to differ.
    pub(crate) upstream: Value,
}

/// Returns the written cases.
pub(crate) fn vectors() -> Vec<(Question, Answers)> {
    let vectors: Value = serde_json::from_str(include_str!("../vectors/dialect.json")).unwrap();
    let documents: BTreeMap<_, _> = vectors["documents"].as_object().unwrap().iter().collect();
    let cases = vectors["cases"].as_array().unwrap();
    cases
        .iter()
        .map(|case| {
            let text = |key: &str| case[key].as_str().unwrap().to_owned();
            let is_set = |key: &str| case[key] == true;
            let question = Question {
                template: text("template"),
                data: documents[&text("data")].clone(),
                allow_missing: is_set("allow_missing"),
                as_json: is_set("as_json"),
                relaxed: is_set("relaxed"),
                typed: is_set("typed"),
                times: case["times"].as_u64().unwrap_or(1),
            };
            let ours = match case.get("error") {
                Some(error) => json!({"error": error}),
                None => json!({"ok": case["ok"]}),
            };
            let upstream = case.get("upstream").unwrap_or(&ours).clone();
            (question, Answers { ours, upstream })
        })
        .collect()
}
