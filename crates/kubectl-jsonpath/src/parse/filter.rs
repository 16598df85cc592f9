//! `[?(...)]`: finds its end and its operator.

use super::cursor::Cursor;
use super::cut_out;
use crate::error::{ParseError, Syntax};
use crate::node::{Filter, Node, Operator, Test};

/// Parses from after `[?(` to after `)]`.
pub(super) fn filter(cursor: &mut Cursor<'_>, depth: usize) -> Result<Node, ParseError> {
    let inside = inside(cursor)?;
    let filter = match split(inside) {
        None => Filter {
            left: cut_out(inside, depth)?,
            test: Test::Exists,
        },
        Some((left, operator, right)) => Filter {
            left: cut_out(left, depth)?,
            test: Test::Compare {
                operator: Operator::new(operator),
                right: cut_out(right, depth)?,
            },
        },
    };
    Ok(Node::Filter(Box::new(filter)))
}

/// The first `)` outside the first pair of quotes ends it. Later quotes do not count.
fn inside<'t>(cursor: &mut Cursor<'t>) -> Result<&'t str, ParseError> {
    let mut opened = None;
    let mut closed = false;
    loop {
        match (cursor.next(), opened) {
            (None | Some('\n'), _) => return Err(Syntax::UnterminatedFilter.into()),
            (Some(quote @ ('"' | '\'')), None) => opened = Some(quote),
            (Some(quote), Some(opening)) if quote == opening => {
                closed |= cursor.byte_before_last(quote) != Some(b'\\');
            }
            (Some(')'), opened) if opened.is_some() == closed => break,
            (Some(_), _) => {}
        }
    }
    let text = cursor.take();
    if !cursor.skip("]") {
        return Err(Syntax::UnclosedFilter.into());
    }
    Ok(&text[..text.len() - 1])
}

/// `^([^!<>=]+)([!<>=]+)(.+?)$`: the first run of operator characters, quoted or not, with text on both sides. At the
/// end of the text, its last character is the right side.
fn split(text: &str) -> Option<(&str, &str, &str)> {
    let is_operator = |c| matches!(c, '!' | '<' | '>' | '=');
    let from = text.find(is_operator).filter(|from| *from > 0)?;
    let run = text[from..]
        .find(|c| !is_operator(c))
        .unwrap_or(text.len() - from - 1);
    (run > 0).then(|| (&text[..from], &text[from..from + run], &text[from + run..]))
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn splits_as_upstreams_expression_does() {
        assert_eq!(split("@.a==1"), Some(("@.a", "==", "1")));
        assert_eq!(split("'a<b'==1"), Some(("'a", "<", "b'==1")));
        assert_eq!(split("@.a=="), Some(("@.a", "=", "=")));
        assert_eq!(split("@.a="), None);
        assert_eq!(split("==1"), None);
        assert_eq!(split("@.a"), None);
        assert_eq!(split(""), None);
    }
}
