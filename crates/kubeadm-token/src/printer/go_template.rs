//! `-o go-template=…` and its three relatives: a template of Go's, executed for each token.

mod check;
mod functions;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use gotmpl::{MissingKey, Template, TemplateError, Value};

use super::format::unusable;
use super::shown::Shown;
use super::{API_VERSION, KIND};
use crate::failure::Failure;
use crate::output::Output;
use crate::quote;

/// How upstream names each template, which its errors tell.
const NAME: &str = "output";

/// What one token may take: enough for one of 1 MiB, which may be in a million groups, and less than a machine has.
const MAX_ITERATIONS: u64 = 1 << 22;
const MAX_OUTPUT: usize = 1 << 24;

pub(crate) struct GoTemplate {
    text: String,
    template: Template,
    /// Kept from one token to the next for the memory in it.
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

    /// Nothing is printed of a token that the template does not fit.
    pub(super) fn print(&mut self, token: &Shown<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
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

/// kubeadm's output object, as a template sees it.
fn data(token: &Shown<'_>) -> Value {
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

/// Upstream's form of what is wrong with a template, and the library's words for what is wrong with the data.
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

/// Two of the library's errors end with the value that they are about.
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
