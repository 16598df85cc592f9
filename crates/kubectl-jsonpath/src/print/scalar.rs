//! Prints values without children.

use super::float;
use super::output::Output;
use crate::error::ExecuteError;
use crate::evaluate::Kind;

/// Prints like Go's `%v`.
pub(super) fn go(scalar: Kind<'_>, output: &mut Output) -> Result<(), ExecuteError> {
    match scalar {
        Kind::Text(text) => output.push(text),
        Kind::Float(float) => output.push(float::shortest(float).as_bytes()),
        Kind::Null => output.push(b"<nil>"),
        other => json(other, output),
    }
}

/// Prints like Go's `encoding/json`.
pub(super) fn json(scalar: Kind<'_>, output: &mut Output) -> Result<(), ExecuteError> {
    match scalar {
        Kind::Absent | Kind::Null => output.push(b"null"),
        Kind::Bool(bool) => output.push(if bool { b"true" } else { b"false" }),
        Kind::Int(int) => output.push(int.to_string().as_bytes()),
        Kind::Byte(byte) => output.push(byte.to_string().as_bytes()),
        Kind::Float(float) => output.push(float::json(float).as_bytes()),
        Kind::Text(text) => quoted(text, output),
        Kind::List(_) | Kind::Map(_) => Ok(()), // printed by Tree
    }
}

/// Escapes `<`, `>` and `&`, as kubectl's output may end up in HTML, and JavaScript's line separators.
fn quoted(text: &[u8], output: &mut Output) -> Result<(), ExecuteError> {
    output.push(b"\"")?;
    for chunk in text.utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some(at) = rest.find(is_escaped) {
            output.push(&rest.as_bytes()[..at])?;
            let mut chars = rest[at..].chars();
            if let Some(c) = chars.next() {
                escape(c, output)?;
            }
            rest = chars.as_str();
        }
        output.push(rest.as_bytes())?;
        for _ in chunk.invalid() {
            output.push(b"\\ufffd")?;
        }
    }
    output.push(b"\"")
}

fn is_escaped(c: char) -> bool {
    c < ' ' || matches!(c, '"' | '\\' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}')
}

fn escape(c: char, output: &mut Output) -> Result<(), ExecuteError> {
    match c {
        '"' => output.push(b"\\\""),
        '\\' => output.push(b"\\\\"),
        '\u{8}' => output.push(b"\\b"),
        '\u{c}' => output.push(b"\\f"),
        '\n' => output.push(b"\\n"),
        '\r' => output.push(b"\\r"),
        '\t' => output.push(b"\\t"),
        other => output.push(format!("\\u{:04x}", u32::from(other)).as_bytes()),
    }
}
