//! `-o jsonpath=…` and its two variants: a kubectl template, rendered for each token.

use kubectl_jsonpath::{ExecuteError, Template};

use super::list_format::unusable;
use super::redaction::ShownToken;
use crate::failure::Failure;
use crate::output::Output;
use crate::quote;

/// Limit for one token: enough for 1 MiB, with up to a million groups, and less than a machine has.
const MAX_STEPS: usize = 1 << 24;
const MAX_RESULTS: usize = 1 << 22;
const MAX_OUTPUT: usize = 1 << 24;

pub(crate) struct JsonPath {
    text: String,
    template: Template,
    as_json: bool,
}

impl JsonPath {
    pub(super) fn parse(
        text: String,
        as_json: bool,
        allow_missing_keys: bool,
    ) -> Result<Self, Failure> {
        match Template::parse(&text) {
            Ok(template) => Ok(Self {
                text,
                as_json,
                template: template
                    .json_output(as_json)
                    .allow_missing_keys(allow_missing_keys)
                    .integers_as_floats(true)
                    .max_steps(MAX_STEPS)
                    .max_results(MAX_RESULTS)
                    .max_output(MAX_OUTPUT),
            }),
            Err(error) => Err(unusable(format!(
                "error parsing jsonpath {}, {}",
                quote::shown_bare(&text),
                quote::shown_bare(&error.to_string())
            ))
            .help("see https://kubernetes.io/docs/reference/kubectl/jsonpath/")),
        }
    }

    /// Returns whether the output is JSON, which escapes strings by itself.
    pub(super) fn is_json(&self) -> bool {
        self.as_json
    }

    /// Prints a token. Prints nothing of it if the template fails.
    pub(super) fn print(
        &self,
        token: &ShownToken<'_>,
        out: &mut Output<'_>,
    ) -> Result<(), Failure> {
        match self.template.render(&token.object()) {
            Ok(json) if self.as_json => Ok(out.print(&String::from_utf8_lossy(&json))?),
            Ok(bytes) => Ok(out.print_rendered(&bytes)?),
            Err(error) => Err(Failure::new(format!(
                "unable to print token {}: error executing jsonpath {}",
                quote::go(token.id().as_str()),
                quote::shown(&self.text)
            ))
            .because(why(&error))
            .help(
                "see what a token has with `kubeadm-token list -o json`; with --allow-missing-template-keys a key that is missing is no error",
            )),
        }
    }
}

/// Returns upstream's message without the data that it may show.
fn why(error: &ExecuteError) -> String {
    if error.shows_data() {
        "what is not array or slice cannot be filtered".to_owned()
    } else {
        quote::shown_bare(&error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use serde_json::{Value, json};

    use super::super::samples::stored;
    use super::super::{Options, Printer};
    use crate::output::Output;

    /// Returns what `-o FORMAT` shows of a description on a terminal.
    fn shown(format: &str, description: &str) -> String {
        let options = Options {
            allow_missing_template_keys: true,
            headers: true,
            redact: false,
            colour: false,
        };
        let mut bytes = Vec::new();
        let mut printer = Printer::new(format, &options).unwrap();
        let token = stored(&[("description", description)]);
        let mut out = Output::new(&mut bytes, true);
        printer
            .print(&token, &Vec::new, SystemTime::UNIX_EPOCH, &mut out)
            .unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn json_on_a_terminal_is_read_as_the_text_itself() {
        let description = "tab\t csi\u{9b} turn\u{202e} \u{1f511}";
        let json = shown("jsonpath-as-json={.description}", description);
        assert!(json.contains(r"tab\t csi\u009b turn\u202e"), "{json}");
        let read: Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read, json!([description]));
        let text = shown("jsonpath={.description}", description);
        assert!(text.contains(r"tab\t csi\u009b turn\u202e"), "{text}");
    }
}
