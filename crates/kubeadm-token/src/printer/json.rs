//! One JSON object per token, as Go's `json.MarshalIndent` prints it, indented by four spaces.

use std::fmt::Write as _;

use zeroize::Zeroizing;

use super::redaction::ShownToken;
use super::{API_VERSION, KIND};
use crate::output::{Output, OutputError};

pub(super) fn print(token: &ShownToken<'_>, out: &mut Output<'_>) -> Result<(), OutputError> {
    let mut text = Zeroizing::new(String::with_capacity(512));
    text.push('{');
    member(&mut text, "kind", KIND);
    text.push(',');
    member(&mut text, "apiVersion", API_VERSION);
    text.push(',');
    member(&mut text, "token", token.token());
    if !token.description().is_empty() {
        text.push(',');
        member(&mut text, "description", token.description());
    }
    if let Some(expires) = token.expires() {
        text.push(',');
        member(&mut text, "expires", &expires);
    }
    for (key, values) in [("usages", token.usages()), ("groups", token.groups())] {
        if !values.is_empty() {
            list(&mut text, key, values);
        }
    }
    text.push_str("\n}\n");
    out.print(&text)
}

fn member(text: &mut String, key: &str, value: &str) {
    text.push_str("\n    \"");
    text.push_str(key);
    text.push_str("\": ");
    string(text, value);
}

fn list(text: &mut String, key: &str, values: &[String]) {
    text.push_str(",\n    \"");
    text.push_str(key);
    text.push_str("\": [");
    for (number, value) in values.iter().enumerate() {
        text.push_str(if number == 0 {
            "\n        "
        } else {
            ",\n        "
        });
        string(text, value);
    }
    text.push_str("\n    ]");
}

/// Appends a string with Go's escapes: those of JSON, and characters that are unsafe in HTML or JavaScript.
pub(crate) fn string(text: &mut String, value: &str) {
    const ESCAPED: fn(char) -> bool = |c| {
        matches!(
            c,
            '\0'..' ' | '"' | '\\' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}'
        )
    };

    text.push('"');
    for piece in value.split_inclusive(ESCAPED) {
        // Copies whole pieces: most texts are one piece without escapes.
        match piece.chars().next_back().filter(|c| ESCAPED(*c)) {
            Some(c) => {
                text.push_str(&piece[..piece.len() - c.len_utf8()]);
                escape(text, c);
            }
            None => text.push_str(piece),
        }
    }
    text.push('"');
}

fn escape(text: &mut String, c: char) {
    match c {
        '"' | '\\' => text.extend(['\\', c]),
        '\x08' => text.push_str("\\b"),
        '\x0c' => text.push_str("\\f"),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        _ => {
            // Writing to a String does not fail.
            let _ = write!(text, "\\u{:04x}", u32::from(c));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::stored;
    use super::*;

    #[test]
    fn an_object_with_all_and_one_with_nothing() {
        let mut bytes = Vec::new();
        let mut out = Output::new(&mut bytes, false);
        print(&ShownToken::whole(&stored(&[])), &mut out).unwrap();
        print(
            &ShownToken::whole(&stored(&[
                ("expiration", "2026-11-26T01:00:00+01:00"),
                ("usage-bootstrap-signing", "true"),
                ("usage-bootstrap-authentication", "true"),
                ("description", "\"\\<&>\x08\x0c\n\r\t\0\x1f\x7f\u{2028}é🦀"),
                ("auth-extra-groups", "x,y"),
            ])),
            &mut out,
        )
        .unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            r#"{
    "kind": "BootstrapToken",
    "apiVersion": "output.kubeadm.k8s.io/v1alpha3",
    "token": "abcdef.f395accd246ae52d"
}
{
    "kind": "BootstrapToken",
    "apiVersion": "output.kubeadm.k8s.io/v1alpha3",
    "token": "abcdef.f395accd246ae52d",
    "description": "\"\\\u003c\u0026\u003e\b\f\n\r\t\u0000\u001f"#
                .to_owned()
                + "\x7f"
                + r#"\u2028é🦀",
    "expires": "2026-11-26T00:00:00Z",
    "usages": [
        "authentication",
        "signing"
    ],
    "groups": [
        "x",
        "y"
    ]
}
"#
        );
    }
}
