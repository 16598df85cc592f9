//! `-o go-template=…` and its three variants: a Go template, executed for each token.

mod check;
mod functions;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use gotmpl::{MissingKey, Template, TemplateError, Value};

use super::list_format::unusable;
use super::redaction::ShownToken;
use super::{API_VERSION, KIND};
use crate::failure::Failure;
use crate::output::Output;
use crate::quote;

/// Upstream's name for each template. Its errors show it.
const NAME: &str = "output";

/// Limit for one token: enough for 1 MiB, with up to a million groups, and less than a machine has.
const MAX_ITERATIONS: u64 = 1 << 22;
const MAX_OUTPUT: usize = 1 << 24;

pub(crate) struct GoTemplate {
    text: String,
    template: Template,
    /// Reused for each token, for its memory.
    output: Limited,
}

impl GoTemplate {
    pub(super) fn parse(text: String, allow_missing_keys: bool) -> Result<Self, Failure> {
        let missing_key = if allow_missing_keys {
            MissingKey::Invalid
        } else {
            MissingKey::Error
        };
        let template = functions::with(Template::new(NAME))
            .missing_key(missing_key)
            .max_range_iters(MAX_ITERATIONS);
        match check::template(&text).and_then(|()| template.parse(&text)) {
            Ok(template) => Ok(Self {
                text,
                template,
                output: Limited::default(),
            }),
            Err(error) => Err(unusable(format!(
                "error parsing template {}, {}",
                quote::shown_bare(&text),
                quote::shown_bare(&what(&error))
            ))
            .help("see https://pkg.go.dev/text/template")),
        }
    }

    /// Prints a token. Prints nothing of it if the template fails.
    pub(super) fn print(
        &mut self,
        token: &ShownToken<'_>,
        out: &mut Output<'_>,
    ) -> Result<(), Failure> {
        self.output.text.clear();
        match self.template.execute_fmt(&mut self.output, &data(token)) {
            Ok(()) => Ok(out.print_rendered(self.output.text.as_bytes())?),
            Err(error) => Err(Failure::new(format!(
                "unable to print token {}: error executing template {}",
                quote::go(token.id().as_str()),
                quote::shown(&self.text)
            ))
            .because(quote::shown_bare(without_data(&what(&error))))
            .help("see what a token has with `kubeadm-token list -o json`")),
        }
    }
}

/// Returns kubeadm's output object as template data.
fn data(token: &ShownToken<'_>) -> Value {
    let text = |text: &str| Value::String(text.into());
    let mut data = BTreeMap::new();
    let mut set = |key: &str, value| data.insert(key.into(), value);
    set("kind", text(KIND));
    set("apiVersion", text(API_VERSION));
    set("token", text(token.token()));
    if !token.description().is_empty() {
        set("description", text(token.description()));
    }
    if let Some(expires) = token.expires() {
        set("expires", text(&expires));
    }
    for (key, values) in [("usages", token.usages()), ("groups", token.groups())] {
        if !values.is_empty() {
            let values = values.iter().map(|value| text(value)).collect();
            set(key, Value::List(values));
        }
    }
    Value::Map(Arc::new(data))
}

/// Describes an error: in upstream's form if it is in the template, with the library's message if it is in the data.
fn what(error: &TemplateError) -> String {
    match error {
        TemplateError::Parse { line, message, .. } | TemplateError::Lex { line, message, .. } => {
            format!("template: {NAME}:{line}: {message}")
        }
        TemplateError::Write => "template makes too much output".to_owned(),
        TemplateError::Exec(what) => what.clone(),
        other => other.to_string(),
    }
}

/// Removes the value that two of the library's errors end with.
fn without_data(what: &str) -> &str {
    [
        "printf: first arg must be string",
        "len: cannot take length",
    ]
    .into_iter()
    .find(|beginning| what.starts_with(beginning))
    .unwrap_or(what)
}

/// Text up to [`MAX_OUTPUT`].
#[derive(Default)]
struct Limited {
    text: String,
}

impl fmt::Write for Limited {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        if text.len() > MAX_OUTPUT - self.text.len() {
            return Err(fmt::Error);
        }
        self.text.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use bootstrap_token_secret::{BootstrapToken, StoredToken};

    use crate::failure::Chain;
    use crate::output::Output;
    use crate::printer::{Options, Printer};
    use crate::quote;

    fn refused(template: &str) -> String {
        let token = BootstrapToken::new("07401b.f395accd246ae52d".parse().unwrap());
        let secret = token.expose_secret();
        let token = StoredToken::from_secret(&secret).unwrap();
        let options = Options {
            allow_missing_template_keys: false,
            headers: true,
            redact: false,
            colour: false,
        };
        let mut printer = Printer::new(&format!("go-template={template}"), &options)
            .unwrap_or_else(|failure| panic!("{}", Chain(&failure)));
        let mut out = Vec::new();
        let mut output = Output::new(&mut out, false);
        let outcome = printer.print(&token, &Vec::new, SystemTime::UNIX_EPOCH, &mut output);
        Chain(&outcome.unwrap_err()).to_string()
    }

    /// The library has no type for some of its errors. These are their texts: a new one may show the token in a new
    /// place.
    #[test]
    fn the_library_s_errors_show_nothing_of_the_token() {
        for (template, expected) in [
            ("{{printf .}}", "printf: first arg must be string"),
            ("{{len 5}}", "len: cannot take length"),
            ("{{.token.x}}", "can't evaluate field x in type string"),
            ("{{.x}}", "map has no entry for key: x"),
            ("{{index .token 99}}", "index out of range: 99"),
            (
                "{{slice .token 5 99}}",
                "slice: string index out of range [5:99] with length 23",
            ),
            ("{{call .token}}", "call: non-function value of type string"),
            ("{{range .token}}{{end}}", "cannot range over string"),
            (
                "{{eq .token .}}",
                "incompatible types for comparison: string and map",
            ),
            (
                "{{lt .token 1}}",
                "incompatible types for comparison: string and int",
            ),
            ("{{template \"x\" .token}}", "undefined template: x"),
            (
                "{{base64decode .token}}",
                "base64 decode failed: illegal base64 data",
            ),
            (
                "{{.token | .kind}}",
                "can't give argument to non-function <field>",
            ),
        ] {
            let shown = quote::shown(template);
            assert_eq!(
                refused(template),
                format!(
                    "unable to print token \"07401b\": error executing template {shown}: {expected}"
                )
            );
        }
    }
}
