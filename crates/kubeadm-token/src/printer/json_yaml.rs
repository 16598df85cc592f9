//! Prints one of our own objects: as JSON with Go's indentation, or as YAML as `sigs.k8s.io/yaml` writes it.

use std::borrow::Cow;
use std::fmt::{self, Write as _};

use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::quote;

use super::json::string as json_string;
use super::yaml::scalar as yaml_scalar;

/// API version of the objects that kubeadm does not have.
const API_VERSION: &str = "kubeadm-token/v1";

/// The format of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Yaml,
}

impl Format {
    /// Parses the argument of `-o`.
    pub(crate) fn by_name(name: &str, others: &[&str]) -> Result<Self, Failure> {
        // Ignores case, as kubeadm does for `list`.
        match &*name.to_ascii_lowercase() {
            "json" => Ok(Self::Json),
            "yaml" => Ok(Self::Yaml),
            _ => {
                let mut allowed = vec!["json"];
                allowed.extend_from_slice(others);
                allowed.push("yaml");
                Err(Failure::new(format!(
                    "could not construct output printer: unable to match a printer suitable for the output format {}, allowed formats are: {}",
                    quote::shown(name),
                    allowed.join(",")
                ))
                .help("use `-o json` or `-o yaml`"))
            }
        }
    }
}

/// A value of an object. Texts may be secrets and are wiped on drop.
pub(crate) enum Value {
    Null,
    Text(Zeroizing<String>),
    List(Vec<String>),
    /// Objects with at least one field each.
    Array(Vec<Value>),
    Object(Vec<(Cow<'static, str>, Value)>),
}

impl Value {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self::Text(Zeroizing::new(text.into()))
    }

    pub(crate) fn list(items: impl IntoIterator<Item: fmt::Display>) -> Self {
        Self::List(items.into_iter().map(|item| item.to_string()).collect())
    }

    /// Makes an object with `apiVersion` and `kind`.
    pub(crate) fn of_kind<const N: usize>(kind: &str, fields: [(&'static str, Value); N]) -> Self {
        let names = [
            ("apiVersion", Self::text(API_VERSION)),
            ("kind", Self::text(kind)),
        ];
        Self::object(names.into_iter().chain(fields))
    }

    /// Makes an object. Its fields are printed in this order.
    pub(crate) fn object<K: Into<Cow<'static, str>>>(
        fields: impl IntoIterator<Item = (K, Value)>,
    ) -> Self {
        Self::Object(
            fields
                .into_iter()
                .map(|(key, value)| (key.into(), value))
                .collect(),
        )
    }

    pub(crate) fn print(&self, format: Format) -> Zeroizing<String> {
        // Large enough for most objects: growing would leave copies behind.
        let mut text = Zeroizing::new(String::with_capacity(4096));
        match format {
            Format::Json => {
                self.json(&mut text, 0);
                text.push('\n');
            }
            Format::Yaml => self.yaml(&mut text, 0),
        }
        text
    }

    fn json(&self, text: &mut String, depth: usize) {
        match self {
            Self::Null => text.push_str("null"),
            Self::Text(value) => json_string(text, value),
            Self::List(items) => {
                brackets(text, ['[', ']'], depth, items, |text, item| {
                    json_string(text, item);
                });
            }
            Self::Array(items) => {
                brackets(text, ['[', ']'], depth, items, |text, item| {
                    item.json(text, depth + 1);
                });
            }
            Self::Object(fields) => {
                brackets(text, ['{', '}'], depth, fields, |text, (key, value)| {
                    json_string(text, key);
                    text.push_str(": ");
                    value.json(text, depth + 1);
                });
            }
        }
    }

    /// Appends the value after a key, or at the start of the document.
    fn yaml(&self, text: &mut String, indent: usize) {
        match self {
            Self::Null => text.push_str(" null\n"),
            Self::Text(value) => {
                let column = text.len() - text.rfind('\n').map_or(0, |at| at + 1) + 1;
                let scalar = Zeroizing::new(yaml_scalar(value, indent, column));
                text.push(' ');
                text.push_str(&scalar);
                // A literal block may have ended its line already.
                if !scalar.ends_with('\n') {
                    text.push('\n');
                }
            }
            Self::List(items) if items.is_empty() => text.push_str(" []\n"),
            Self::List(items) => {
                text.push('\n');
                for item in items {
                    let scalar = yaml_scalar(item, indent, indent + 2);
                    // Writing to a String does not fail.
                    let _ = writeln!(text, "{:indent$}- {scalar}", "");
                }
            }
            Self::Array(items) if items.is_empty() => text.push_str(" []\n"),
            Self::Array(items) => {
                text.push('\n');
                for item in items {
                    let _ = write!(text, "{:indent$}- ", "");
                    let at = text.len();
                    item.yaml_fields(text, indent + 2);
                    // The first field stands on the line of the dash.
                    text.replace_range(at..at + indent + 2, "");
                }
            }
            Self::Object(_) => {
                let indent = if text.is_empty() {
                    0
                } else {
                    text.push('\n');
                    indent + 2
                };
                self.yaml_fields(text, indent);
            }
        }
    }

    fn yaml_fields(&self, text: &mut String, indent: usize) {
        if let Self::Object(fields) = self {
            for (key, value) in fields {
                let _ = write!(text, "{:indent$}{key}:", "");
                value.yaml(text, indent);
            }
        }
    }
}

/// Puts each item on its own line, four spaces deeper.
fn brackets<T>(
    text: &mut String,
    [open, close]: [char; 2],
    depth: usize,
    items: &[T],
    item: impl Fn(&mut String, &T),
) {
    text.push(open);
    for (number, one) in items.iter().enumerate() {
        let comma = if number > 0 { "," } else { "" };
        // Writing to a String does not fail.
        let _ = write!(text, "{comma}\n{:width$}", "", width = 4 * (depth + 1));
        item(text, one);
    }
    if !items.is_empty() {
        let _ = write!(text, "\n{:width$}", "", width = 4 * depth);
    }
    text.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Value {
        Value::object([
            ("apiVersion", Value::text("v1")),
            (
                "data",
                Value::object([("a", Value::text("1")), ("b", Value::text("two\nlines\n"))]),
            ),
            ("groups", Value::list(["x", "yes"])),
            ("none", Value::list([""; 0])),
            ("nothing", Value::Null),
            (
                "objects",
                Value::Array(vec![
                    Value::object([("a", Value::text("1")), ("b", Value::Null)]),
                    Value::object([("a", Value::text("c"))]),
                ]),
            ),
            ("without", Value::Array(vec![])),
        ])
    }

    #[test]
    fn json() {
        assert_eq!(
            &*sample().print(Format::Json),
            "{\n\
            \x20   \"apiVersion\": \"v1\",\n\
            \x20   \"data\": {\n\
            \x20       \"a\": \"1\",\n\
            \x20       \"b\": \"two\\nlines\\n\"\n\
            \x20   },\n\
            \x20   \"groups\": [\n\
            \x20       \"x\",\n\
            \x20       \"yes\"\n\
            \x20   ],\n\
            \x20   \"none\": [],\n\
            \x20   \"nothing\": null,\n\
            \x20   \"objects\": [\n\
            \x20       {\n\
            \x20           \"a\": \"1\",\n\
            \x20           \"b\": null\n\
            \x20       },\n\
            \x20       {\n\
            \x20           \"a\": \"c\"\n\
            \x20       }\n\
            \x20   ],\n\
            \x20   \"without\": []\n\
             }\n"
        );
    }

    #[test]
    fn yaml() {
        assert_eq!(
            &*sample().print(Format::Yaml),
            "apiVersion: v1\n\
             data:\n\
            \x20 a: \"1\"\n\
            \x20 b: |\n\
            \x20   two\n\
            \x20   lines\n\
             groups:\n\
             - x\n\
             - \"yes\"\n\
             none: []\n\
             nothing: null\n\
             objects:\n\
             - a: \"1\"\n\
            \x20 b: null\n\
             - a: c\n\
             without: []\n"
        );
    }

    #[test]
    fn a_format_that_there_is_not() {
        assert!(Format::by_name("json", &[]).is_ok_and(|format| format == Format::Json));
        assert!(Format::by_name("Yaml", &[]).is_ok_and(|format| format == Format::Yaml));
        assert_eq!(
            Format::by_name("xml", &["text"]).unwrap_err().to_string(),
            "could not construct output printer: unable to match a printer suitable for the output format \"xml\", allowed formats are: json,text,yaml"
        );
    }
}
