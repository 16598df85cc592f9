//! One template and one value, and what both engines make of them.

use std::fmt::Write;

use kubectl_jsonpath::Template;
use serde_json::{Value, json};

use crate::property::Agreed;

#[derive(Debug, Clone, Default)]
pub(crate) struct Question {
    pub(crate) template: String,
    pub(crate) data: Value,
    pub(crate) allow_missing: bool,
    pub(crate) as_json: bool,
    pub(crate) relaxed: bool,
    pub(crate) typed: bool,
}

impl Question {
    /// Ours, in the form of the oracle's answers.
    pub(crate) fn ours(&self) -> Value {
        let template = if self.relaxed {
            Template::relaxed(&self.template)
        } else {
            Template::parse(&self.template)
        };
        let template = match template {
            Ok(template) => template,
            Err(error) => return json!({"error": error.to_string()}),
        };
        let rendered = template
            .allow_missing_keys(self.allow_missing)
            .json_output(self.as_json)
            .integers_as_floats(self.typed)
            .render(&self.data);
        match rendered.map(String::from_utf8) {
            Ok(Ok(text)) => json!({"ok": text}),
            Ok(Err(bytes)) => json!({"ok": {"hex": hex(bytes.as_bytes())}}),
            Err(error) => json!({"error": error.to_string()}),
        }
    }

    /// To the oracle, which runs the template until the order in which Go walks its maps is ours.
    pub(crate) fn request(&self) -> Value {
        json!({
            "op": "jsonpath_outcomes",
            "template": self.template,
            "data": self.data.to_string(),
            "allow_missing": self.allow_missing,
            "as_json": self.as_json,
            "relaxed": self.relaxed,
            "typed": self.typed,
            "runs": if self.walks_maps() { 10_000 } else { 1 },
            "until": self.ours(),
        })
    }

    fn walks_maps(&self) -> bool {
        self.relaxed || self.template.contains('*') || self.template.contains("..")
    }

    pub(crate) fn compare(&self, answer: &Value) -> Result<Agreed, String> {
        let ours = self.ours();
        let outcomes = answer["ok"].as_array().unwrap();
        if outcomes.contains(&ours) {
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
        if outcomes.iter().any(panics) {
            return Ok(Agreed::Excluded);
        }
        Err(format!("ours: {ours}"))
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}
