//! One YAML document per token, keys sorted, as `sigs.k8s.io/yaml` prints it.

mod style;

use zeroize::Zeroizing;

use super::redaction::ShownToken;
use super::yaml_fold::folded;
use super::{API_VERSION, KIND};
use crate::output::{Output, OutputError};

/// Prints documents with a separator between them.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    has_first: bool,
}

impl Documents {
    pub(super) fn print(
        &mut self,
        token: &ShownToken<'_>,
        out: &mut Output<'_>,
    ) -> Result<(), OutputError> {
        let mut text = Zeroizing::new(String::with_capacity(512));
        let emit = if out.is_terminal() {
            style::emit_plain
        } else {
            style::emit
        };
        if std::mem::replace(&mut self.has_first, true) {
            text.push_str("---\n");
        }
        member(emit, &mut text, "apiVersion", API_VERSION);
        if !token.description().is_empty() {
            member(emit, &mut text, "description", token.description());
        }
        if let Some(expires) = token.expires() {
            member(emit, &mut text, "expires", &expires);
        }
        list(emit, &mut text, "groups", token.groups());
        member(emit, &mut text, "kind", KIND);
        member(emit, &mut text, "token", token.token());
        list(emit, &mut text, "usages", token.usages());
        out.print(&text)
    }
}

fn member(emit: Emit, text: &mut String, key: &str, value: &str) {
    text.push_str(key);
    text.push_str(": ");
    text.push_str(&emit(&folded(value), 0, key.len() + 2));
    end_line(text);
}

fn list(emit: Emit, text: &mut String, key: &str, values: &[String]) {
    if values.is_empty() {
        return;
    }
    text.push_str(key);
    text.push_str(":\n");
    for value in values {
        text.push_str("- ");
        text.push_str(&emit(&folded(value), 0, 2));
        end_line(text);
    }
}

/// Ends the line, unless a literal block has ended it with a line break of YAML 1.1.
fn end_line(text: &mut String) {
    if !text.ends_with(['\n', '\u{85}', '\u{2028}', '\u{2029}']) {
        text.push('\n');
    }
}

/// Writes a string, `indent` deep, from `column` on.
type Emit = fn(&str, usize, usize) -> String;

/// Writes a string as a block-context scalar of a mapping or a list, without a line break at its end. Escapes
/// characters that could drive a terminal, and quotes what some YAML reader takes for a number. The scalar is `indent`
/// deep and begins in `column`.
pub(crate) fn scalar(value: &str, indent: usize, column: usize) -> String {
    style::emit_for_all(value, indent, column)
}

#[cfg(test)]
mod tests {
    use super::super::samples::stored;
    use super::*;

    #[test]
    fn documents_are_separated_and_their_keys_sorted() {
        let mut documents = Documents::default();
        let mut bytes = Vec::new();
        let mut out = Output::new(&mut bytes, false);
        documents
            .print(&ShownToken::whole(&stored(&[])), &mut out)
            .unwrap();
        documents
            .print(
                &ShownToken::whole(&stored(&[
                    ("expiration", "2026-11-26T01:00:00+01:00"),
                    ("usage-bootstrap-signing", "true"),
                    ("usage-bootstrap-authentication", "true"),
                    ("description", "d"),
                    ("auth-extra-groups", "x,1:20"),
                ])),
                &mut out,
            )
            .unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "apiVersion: output.kubeadm.k8s.io/v1alpha3\n\
             kind: BootstrapToken\n\
             token: abcdef.f395accd246ae52d\n\
             ---\n\
             apiVersion: output.kubeadm.k8s.io/v1alpha3\n\
             description: d\n\
             expires: \"2026-11-26T00:00:00Z\"\n\
             groups:\n\
             - x\n\
             - \"1:20\"\n\
             kind: BootstrapToken\n\
             token: abcdef.f395accd246ae52d\n\
             usages:\n\
             - authentication\n\
             - signing\n"
        );
    }
}
