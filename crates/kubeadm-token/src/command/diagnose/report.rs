//! What is told of a diagnosis. No secret comes here.

use bootstrap_token::TokenId;
use bootstrap_token_kube::{Escaped, Subject};

use super::words::{Line, Words};
use crate::printer::json_yaml::Value;

const KIND: &str = "Diagnosis";

pub(super) struct Report<'a> {
    id: Option<TokenId>,
    /// Whether the token's secret was given too.
    is_compared: bool,
    causes: &'a [Line],
    is_whole: bool,
    is_pinned: bool,
}

impl<'a> Report<'a> {
    /// `is_whole` if there is nothing that could not be looked at, `is_pinned` unless a machine's side was looked at that
    /// has no pin.
    pub(super) fn new(
        subject: &Subject,
        causes: &'a [Line],
        is_whole: bool,
        is_pinned: bool,
    ) -> Self {
        Self {
            id: subject.id(),
            is_compared: matches!(subject, Subject::Token(_)),
            causes,
            is_whole,
            is_pinned,
        }
    }

    /// A line for each cause, or one that there is none.
    pub(super) fn lines(&self) -> String {
        let line = |Line { code, words }: &Line| {
            let Words { saw, why, mend } = words;
            let line = format!("{code}: {saw}; {why}; to mend it: {mend}");
            format!("{}\n", Escaped(line))
        };
        if self.causes.is_empty() {
            return match self.id {
                _ if !self.is_whole => {
                    "unknown: nothing was found, and not all could be looked at\n".to_owned()
                }
                Some(id) if self.is_compared && !self.is_pinned => {
                    format!(
                        "healthy: a machine can join by the token {id}, if its pin is right, which was not given\n"
                    )
                }
                Some(id) if self.is_compared => {
                    format!("healthy: a machine can join by the token {id}\n")
                }
                Some(id) => {
                    format!(
                        "healthy: a machine can join by the token {id}, if its secret is right, which was not given\n"
                    )
                }
                None => "healthy: machines can join by tokens\n".to_owned(),
            };
        }
        self.causes.iter().map(line).collect()
    }

    pub(super) fn object(&self) -> Value {
        let one = |Line { code, words }: &Line| {
            Value::object([
                ("code", Value::text(*code)),
                ("saw", Value::text(&*words.saw)),
                ("why", Value::text(words.why)),
                ("mend", Value::text(&*words.mend)),
            ])
        };
        let id = self.id;
        let verdict = match self.causes {
            [] if self.is_whole => "healthy",
            [] => "unknown",
            _ => "unhealthy",
        };
        Value::of_kind(
            KIND,
            [
                ("id", id.map_or(Value::Null, |id| Value::text(id.as_str()))),
                ("verdict", Value::text(verdict)),
                (
                    "findings",
                    Value::Array(self.causes.iter().map(one).collect()),
                ),
            ],
        )
    }
}
