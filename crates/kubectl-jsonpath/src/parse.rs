//! Parses text to nodes.
//!
//! Upstream's parser reads some parts twice: it cuts out the content of a union, a filter or a quoted key and parses it
//! as an action. So does this one, since it affects what is an error.

mod array;
mod cursor;
mod filter;
mod number;
mod quote;
pub(crate) mod relaxed;
mod unicode;

use crate::error::{ParseError, Syntax};
use crate::node::{Node, Part};
use cursor::Cursor;

/// The limit for cutting a part out of a part. The grammar ends earlier, but that is not proven.
const DEPTH: usize = 16;

/// Parses a whole template.
pub(crate) fn template(text: &str) -> Result<Vec<Part>, ParseError> {
    parts(text, 0)
}

fn parts(text: &str, depth: usize) -> Result<Vec<Part>, ParseError> {
    if depth > DEPTH {
        return Err(Syntax::TooDeep.into());
    }
    let mut cursor = Cursor::new(text);
    let mut parts = Vec::new();
    loop {
        let text = cursor.take_until('{');
        if !text.is_empty() {
            parts.push(Part::Text(text.as_bytes().to_vec()));
        }
        if cursor.next().is_none() {
            return Ok(parts);
        }
        cursor.take();
        parts.push(Part::Action(action(&mut cursor, depth)?));
    }
}

/// Parses the first action of `{text}`, which was cut out of an action. The rest is parsed and dropped.
fn cut_out(text: &str, depth: usize) -> Result<Vec<Node>, ParseError> {
    let mut parts = parts(&format!("{{{text}}}"), depth + 1)?;
    Ok(match parts.drain(..).next() {
        Some(Part::Action(nodes)) => nodes,
        _ => Vec::new(), // the text begins with a brace
    })
}

/// Parses from after `{` to after its `}`.
fn action(cursor: &mut Cursor<'_>, depth: usize) -> Result<Vec<Node>, ParseError> {
    let mut nodes = Vec::new();
    loop {
        if cursor.skip("}") {
            return Ok(nodes);
        }
        if cursor.skip("[?(") {
            nodes.push(filter::filter(cursor, depth)?);
            continue;
        }
        if cursor.skip("..") {
            if nodes.last() == Some(&Node::Recursive) {
                return Err(Syntax::MultipleRecursiveDescent.into());
            }
            nodes.push(Node::Recursive);
            if cursor.peek().is_some_and(is_alphanumeric) {
                nodes.push(field(cursor));
            }
            continue;
        }
        match cursor.peek() {
            None | Some('\r' | '\n') => return Err(Syntax::UnclosedAction.into()),
            // A path starts at the current object anyway.
            Some(' ' | '@' | '$') => {
                cursor.next();
                cursor.take();
            }
            Some('[') => array::array(cursor, depth, &mut nodes)?,
            Some(quote @ ('"' | '\'')) => nodes.push(quote::quoted(cursor, quote)?),
            Some('.') => {
                cursor.next();
                cursor.take();
                nodes.push(field(cursor));
            }
            Some(first) if first == '+' || first == '-' || unicode::is_digit(first) => {
                nodes.push(number::number(cursor)?);
            }
            Some(first) if is_alphanumeric(first) => nodes.push(word(cursor)),
            Some(other) => {
                let printable = unicode::is_print(other);
                return Err(Syntax::UnrecognizedCharacter(other, printable).into());
            }
        }
    }
}

/// Parses a key up to an unescaped terminator.
fn field(cursor: &mut Cursor<'_>) -> Node {
    while let Some(next) = cursor.peek() {
        if is_terminator(next) {
            break;
        }
        cursor.next();
        if next == '\\' {
            cursor.next();
        }
    }
    match cursor.take() {
        "*" => Node::Wildcard,
        name => Node::Field(name.replace('\\', "")),
    }
}

fn word(cursor: &mut Cursor<'_>) -> Node {
    while cursor.peek().is_some_and(|next| !is_terminator(next)) {
        cursor.next();
    }
    match cursor.take() {
        "true" => Node::Bool(true),
        "false" => Node::Bool(false),
        "range" => Node::Range,
        "end" => Node::End,
        other => Node::Word(other.to_owned()),
    }
}

fn is_terminator(c: char) -> bool {
    matches!(
        c,
        ' ' | '\t' | '\r' | '\n' | '.' | ',' | '[' | ']' | '$' | '@' | '{' | '}'
    )
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || unicode::is_letter(c) || unicode::is_digit(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_ends() {
        assert!(cut_out(".a", DEPTH - 1).is_ok());
        let error = cut_out(".a", DEPTH).unwrap_err();
        assert_eq!(error.to_string(), "template nested too deeply");
    }
}
