//! One KYAML document per token, as `sigs.k8s.io/yaml/kyaml` prints it.

use std::fmt::Write as _;

use zeroize::Zeroizing;

use super::redaction::ShownToken;
use super::yaml_fold::folded;
use super::{API_VERSION, KIND};
use crate::output::{Output, OutputError};
use crate::quote;

/// Continues a string on the next line of the document.
const FOLD: &str = "\\\n";

pub(super) fn print(token: &ShownToken<'_>, out: &mut Output<'_>) -> Result<(), OutputError> {
    let mut text = Zeroizing::new(String::with_capacity(512));
    text.push_str("---\n{\n");
    member(&mut text, "kind", KIND);
    member(&mut text, "apiVersion", API_VERSION);
    member(&mut text, "token", token.token());
    if !token.description().is_empty() {
        member(&mut text, "description", token.description());
    }
    if let Some(expires) = token.expires() {
        member(&mut text, "expires", &expires);
    }
    list(&mut text, "usages", token.usages());
    list(&mut text, "groups", token.groups());
    text.push_str("}\n");
    out.print(&text)
}

fn member(text: &mut String, key: &str, value: &str) {
    text.push_str("  ");
    text.push_str(key);
    text.push_str(": ");
    string(text, value, 2);
    text.push_str(",\n");
}

fn list(text: &mut String, key: &str, values: &[String]) {
    if values.is_empty() {
        return;
    }
    text.push_str("  ");
    text.push_str(key);
    text.push_str(": [\n");
    for value in values {
        text.push_str("    ");
        string(text, value, 3);
        text.push_str(",\n");
    }
    text.push_str("  ],\n");
}

/// Appends a string in double quotes. A text of several lines begins on its own line, `levels` deep.
fn string(text: &mut String, value: &str, levels: usize) {
    let value = folded(value);
    let several = value.contains('\n');
    text.push('"');
    if several {
        text.push_str(FOLD);
    }
    for c in value.chars() {
        if text.ends_with('\n') {
            indent(text, levels);
            // A backslash separates a line's own white space from the indentation.
            text.push(if c.is_whitespace() && c != '\n' {
                '\\'
            } else {
                ' '
            });
        }
        character(text, c);
    }
    if several {
        if !text.ends_with('\n') {
            text.push_str(FOLD);
        }
        indent(text, levels);
    }
    text.push('"');
}

fn indent(text: &mut String, levels: usize) {
    for _ in 0..levels {
        text.push_str("  ");
    }
}

fn character(text: &mut String, c: char) {
    let short = match c {
        '\n' => {
            text.push_str("\\n");
            text.push_str(FOLD);
            return;
        }
        '"' | '\\' => c,
        '\t' => return text.push(c),
        c if quote::is_printable(c) => return text.push(c),
        '\x07' => 'a',
        '\x08' => 'b',
        '\x0c' => 'f',
        '\r' => 'r',
        '\x0b' => 'v',
        '\0' => '0',
        '\x1b' => 'e',
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        _ => {
            let code = u32::from(c);
            // Writing to a String does not fail.
            let _ = match code {
                ..0x20 | 0x7f => write!(text, "\\x{code:02x}"),
                ..0x1_0000 => write!(text, "\\u{code:04x}"),
                _ => write!(text, "\\U{code:08x}"),
            };
            return;
        }
    };
    text.extend(['\\', short]);
}

#[cfg(test)]
mod tests {
    use super::super::samples::stored;
    use super::*;

    #[test]
    fn a_document_with_all_and_one_with_nothing() {
        let mut bytes = Vec::new();
        let mut out = Output::new(&mut bytes, false);
        print(&ShownToken::whole(&stored(&[])), &mut out).unwrap();
        let token = stored(&[
            ("expiration", "2026-11-26T01:00:00+01:00"),
            ("usage-bootstrap-signing", "true"),
            ("usage-bootstrap-authentication", "true"),
            ("description", "no"),
            ("auth-extra-groups", "x,1:20"),
        ]);
        print(&ShownToken::whole(&token), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            r#"---
{
  kind: "BootstrapToken",
  apiVersion: "output.kubeadm.k8s.io/v1alpha3",
  token: "abcdef.f395accd246ae52d",
}
---
{
  kind: "BootstrapToken",
  apiVersion: "output.kubeadm.k8s.io/v1alpha3",
  token: "abcdef.f395accd246ae52d",
  description: "no",
  expires: "2026-11-26T00:00:00Z",
  usages: [
    "authentication",
    "signing",
  ],
  groups: [
    "x",
    "1:20",
  ],
}
"#
        );
    }

    /// Expected texts are what kubeadm v1.37.2 prints after `description: `.
    #[test]
    fn strings_are_quoted_folded_and_escaped() {
        for (value, written) in [
            ("a\tb\"\\", "\"a\tb\\\"\\\\\""),
            ("é漢🦀", "\"é漢🦀\""),
            ("\0\x07\x08\x0b\x0c\r\x1b\x01", r#""\0\a\b\v\f\r\e\x01""#),
            (
                "\u{a0}\u{2028}\u{2029}\u{200b}\u{e0001}",
                r#""\_\L\P\u200b\U000e0001""#,
            ),
            ("a\nb", "\"\\\n     a\\n\\\n     b\\\n    \""),
            ("a\n", "\"\\\n     a\\n\\\n    \""),
            ("\n", "\"\\\n     \\n\\\n    \""),
            (
                "a\n  b\n\tc",
                "\"\\\n     a\\n\\\n    \\  b\\n\\\n    \\\tc\\\n    \"",
            ),
        ] {
            let mut text = String::new();
            string(&mut text, value, 2);
            assert_eq!(text, written, "{value:?}");
        }
    }
}
