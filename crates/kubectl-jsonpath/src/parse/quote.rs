//! Quoted text with the escapes of Go's strings: `strconv.UnquoteChar`.

use super::cursor::Cursor;
use crate::error::{ParseError, Syntax};
use crate::node::Node;

/// A quote ends it unless a backslash precedes it, even an escaped one.
pub(super) fn quoted(cursor: &mut Cursor<'_>, quote: char) -> Result<Node, ParseError> {
    cursor.next();
    loop {
        match cursor.next() {
            None | Some('\n') => return Err(Syntax::UnterminatedQuote.into()),
            Some(next) if next == quote => {
                if cursor.byte_before_last(quote) != Some(b'\\') {
                    break;
                }
            }
            Some(_) => {}
        }
    }
    let text = cursor.take();
    match unquote(&text[1..text.len() - 1], quote) {
        Some(bytes) => Ok(Node::Text(bytes)),
        None => Err(Syntax::InvalidQuote(text.to_owned()).into()),
    }
}

fn unquote(text: &str, quote: char) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\\', quote]) {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let escape = rest[at..].strip_prefix('\\')?; // an unescaped quote is invalid
        rest = unescape(escape, quote, &mut bytes)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(bytes)
}

/// Decodes the escape after a backslash and returns the rest.
fn unescape<'t>(escape: &'t str, quote: char, bytes: &mut Vec<u8>) -> Option<&'t str> {
    let mut chars = escape.chars();
    let name = chars.next()?;
    let rest = chars.as_str();
    let byte = match name {
        'a' => 0x07,
        'b' => 0x08,
        'f' => 0x0c,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 0x0b,
        '\\' => b'\\',
        'x' => {
            let (code, rest) = digits(rest, 2, 16)?;
            bytes.push(code.try_into().ok()?);
            return Some(rest);
        }
        'u' | 'U' => {
            let (code, rest) = digits(rest, if name == 'u' { 4 } else { 8 }, 16)?;
            let char = char::from_u32(code)?;
            bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(rest);
        }
        '0'..='7' => {
            let (code, rest) = digits(escape, 3, 8)?;
            bytes.push(code.try_into().ok()?);
            return Some(rest);
        }
        _ if name == quote => u8::try_from(quote).ok()?,
        _ => return None,
    };
    bytes.push(byte);
    Some(rest)
}

/// Parses exactly `count` digits and returns the rest.
fn digits(text: &str, count: usize, radix: u32) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    let all = digits.chars().all(|c| c.is_digit(radix)); // from_str_radix accepts a sign
    Some((
        u32::from_str_radix(digits, radix).ok().filter(|_| all)?,
        rest,
    ))
}
