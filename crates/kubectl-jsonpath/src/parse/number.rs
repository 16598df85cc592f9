//! Numbers in a template: `strconv.Atoi`, then `strconv.ParseFloat`.

use super::cursor::Cursor;
use super::unicode;
use crate::error::{ParseError, Syntax};
use crate::node::Node;

pub(super) fn number(cursor: &mut Cursor<'_>) -> Result<Node, ParseError> {
    if matches!(cursor.peek(), Some('+' | '-')) {
        cursor.next();
    }
    while cursor
        .peek()
        .is_some_and(|next| next == '.' || unicode::is_digit(next))
    {
        cursor.next();
    }
    let text = cursor.take();
    if let Ok(int) = text.parse() {
        return Ok(Node::Int(int));
    }
    match text.parse::<f64>() {
        // Go rejects numbers out of range.
        Ok(float) if float.is_finite() => Ok(Node::Float(float)),
        _ => Err(Syntax::InvalidNumber(text.to_owned()).into()),
    }
}
