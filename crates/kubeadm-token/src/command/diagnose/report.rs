//! What is told of a diagnosis. No secret comes here.

use bootstrap_token_kube::{Diagnosis, Finding, Subject};

use super::words::Words;
use crate::object::Value;

const API_VERSION: &str = "kubeadm-token/v1";
const KIND: &str = "Diagnosis";

pub(super) struct Report<'a> {
    subject: &'a Subject,
    diagnosis: &'a Diagnosis,
}

impl<'a> Report<'a> {
    pub(super) fn new(subject: &'a Subject, diagnosis: &'a Diagnosis) -> Self {
        Self { subject, diagnosis }
    }

    /// A line for each finding, or one that there is none.
    pub(super) fn lines(&self) -> String {
        let line = |finding: &Finding| {
            let Words { saw, why, mend } = Words::of(finding, self.subject);
            format!("{}: {saw}; {why}; to mend it: {mend}\n", finding.code())
        };
        if self.diagnosis.findings.is_empty() {
            return match self.subject.id() {
                Some(id) => format!("healthy: a machine can join by the token {id}\n"),
                None => "healthy: machines can join by tokens\n".to_owned(),
            };
        }
        self.diagnosis.findings.iter().map(line).collect()
    }

    pub(super) fn object(&self) -> Value {
        let one = |finding: &Finding| {
            let Words { saw, why, mend } = Words::of(finding, self.subject);
            Value::object([
                ("code", Value::text(finding.code())),
                ("saw", Value::text(saw)),
                ("why", Value::text(why)),
                ("mend", Value::text(mend)),
            ])
        };
        let id = self.subject.id();
        Value::object([
            ("apiVersion", Value::text(API_VERSION)),
            ("kind", Value::text(KIND)),
            ("id", id.map_or(Value::Null, |id| Value::text(id.as_str()))),
            (
                "verdict",
                Value::text(if self.diagnosis.findings.is_empty() {
                    "healthy"
                } else {
                    "unhealthy"
                }),
            ),
            (
                "findings",
                Value::Array(self.diagnosis.findings.iter().map(one).collect()),
            ),
        ])
    }
}
