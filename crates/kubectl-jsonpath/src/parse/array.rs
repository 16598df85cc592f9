//! `[...]`: an index, a slice, a quoted key, or a union of them.

use super::cursor::Cursor;
use super::cut_out;
use crate::error::{ParseError, Syntax};
use crate::node::{Node, Slice};

pub(super) fn array(
    cursor: &mut Cursor<'_>,
    depth: usize,
    nodes: &mut Vec<Node>,
) -> Result<(), ParseError> {
    loop {
        match cursor.next() {
            None | Some('\n') => return Err(Syntax::UnterminatedArray.into()),
            Some(']') => break,
            Some(_) => {}
        }
    }
    let text = cursor.take();
    let text = &text[1..text.len() - 1]; // the brackets
    if text.contains(',') {
        let member = |text: &str| cut_out(&format!("[{}]", text.trim_matches(' ')), depth);
        let members: Result<_, _> = text.split(',').map(member).collect();
        nodes.push(Node::Union(members?));
    } else if let Some(key) = quoted_key(text) {
        nodes.extend(cut_out(&format!(".{key}"), depth)?);
    } else {
        nodes.push(Node::Slice(slice(if text == "*" { ":" } else { text })?));
    }
    Ok(())
}

/// Accepts single quotes only. The key is parsed as a path: `['a.b']` is `.a.b`, and `['a\.b']` the key `a.b`.
fn quoted_key(text: &str) -> Option<&str> {
    let key = text.strip_prefix('\'')?.strip_suffix('\'')?;
    (!key.contains('\'')).then_some(key)
}

/// `^(-?[\d]*)(:-?[\d]*)?(:-?[\d]*)?$`
fn slice(text: &str) -> Result<Slice, ParseError> {
    let mut bounds = text.split(':');
    let (start, end, step) = (bounds.next(), bounds.next(), bounds.next());
    let is_index = |bound: &str| {
        let digits = bound.strip_prefix('-').unwrap_or(bound);
        digits.bytes().all(|b| b.is_ascii_digit())
    };
    if bounds.next().is_some() || ![start, end, step].into_iter().flatten().all(is_index) {
        return Err(Syntax::InvalidArrayIndex(text.to_owned()).into());
    }
    let start = index(start)?;
    Ok(Slice {
        start,
        // The largest integer as an index wraps around, as in Go.
        end: match end {
            None => Some(start.unwrap_or(0).wrapping_add(1)),
            Some(end) => index(Some(end))?,
        },
        end_derived: end.is_none(),
        step: index(step)?,
    })
}

fn index(text: Option<&str>) -> Result<Option<i64>, ParseError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match text.parse() {
        Ok(index) => Ok(Some(index)),
        Err(_) => Err(Syntax::NotANumber(text.to_owned()).into()),
    }
}
