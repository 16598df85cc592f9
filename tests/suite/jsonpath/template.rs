//! Templates that fit their data, mostly.

use serde_json::Value;

use crate::choices::Choices;
use crate::data::key;

/// Pieces of the dialect, to be put together in any order.
const PIECES: &[&str] = &[
    "a",
    "b",
    ".a",
    "{.a}",
    "{@}",
    "{",
    "}",
    "[",
    "]",
    "[?(",
    ")]",
    "(",
    ")",
    "?",
    ".",
    "..",
    "...",
    "*",
    "@",
    "$",
    ",",
    ":",
    "'",
    "\"",
    "\\",
    "!",
    "<",
    "=",
    ">",
    "==",
    "!=",
    "<=",
    ">=",
    "<>",
    " ",
    "\t",
    "\n",
    "\r",
    "range",
    "end",
    "range ",
    "true",
    "false",
    "null",
    "items",
    "é",
    "\u{0663}",
    "\u{200b}",
    "0",
    "1",
    "-1",
    "+2",
    "1.5",
    "-",
    "+",
    "99999999999999999999",
    "\\n",
    "\\t",
    "\\u00e9",
    "\\x41",
    "\\xff",
    "\\101",
    "\\'",
    "\\\"",
    "text",
    "{range .items[*]}",
    "{end}",
    "[*]",
    "[0]",
    "[-1]",
    "[1:]",
    "[::2]",
    "['a']",
    "['a\\.b']",
    "[?(@.a)]",
    "[?(@.a==1)]",
    "[0,'a']",
    "{\"\\n\"}",
    "#",
    "~",
    "&",
    "😀",
];

/// Anything at all of the dialect's pieces.
pub(crate) fn wild(c: &mut Choices) -> String {
    let pieces = c.several(9, |c| c.pick(PIECES)).concat();
    match c.below(5) {
        0 | 1 => pieces,
        2 => format!("{{{pieces}}}"),
        3 => format!("{{[{pieces}]}}"),
        _ => format!("{{[?({pieces})]}}"),
    }
}

/// A template with one thing done to it.
pub(crate) fn with_a_slip(c: &mut Choices, template: &str) -> String {
    let mut text: Vec<char> = template.chars().collect();
    let at = c.below(text.len() + 1);
    let behind = (at + 1).min(text.len());
    let piece = c.pick(PIECES).chars();
    match c.below(4) {
        0 => drop(text.drain(at..behind)),
        1 => drop(text.splice(at..at, piece)),
        2 => drop(text.splice(at..behind, piece)),
        _ => text.truncate(at),
    }
    text.into_iter().collect()
}

/// Actions, text, and ranges that are mostly ended.
pub(crate) fn template(c: &mut Choices, data: Option<&Value>) -> String {
    blocks(c, data, 3)
}

fn blocks(c: &mut Choices, data: Option<&Value>, depth: usize) -> String {
    let block = |c: &mut Choices| match c.below(8) {
        5.. if depth > 0 => {
            let (path, inner) = path(c, data);
            let end = if c.chance(4) { "" } else { "{end}" };
            // A range goes over the elements of its results, if it says so.
            format!("{{range {path}}}{}{end}", blocks(c, inner, depth - 1))
        }
        0 => "x".to_owned(),
        1 => c
            .pick(&[", ", "{\"\\n\"}", "\n", "{' '}", "é", "]}"])
            .to_owned(),
        2 if c.chance(30) => format!("{{{}}}", literal(c)),
        _ => format!("{{{}}}", path(c, data).0),
    };
    (0..=c.below(4)).map(|_| block(c)).collect()
}

/// Ranges and ends in any order.
pub(crate) fn ranges(c: &mut Choices) -> String {
    let part = |c: &mut Choices| match c.below(9) {
        0 | 1 => c.pick(&["{.a}", "{@}", "x", ", ", "{\"|\"}", "{.b[0]}", "{.items}"]),
        2..5 => c.pick(&[
            "{range .items[*]}",
            "{range .a}",
            "{range @}",
            "{range @.*}",
            "{range .b[*]}",
            "{range}",
            "{range .items[0:1]}",
        ]),
        5..8 => "{end}",
        _ => c.pick(&[
            "{range range .items[*]}",
            "{end end}",
            "{.a end}",
            "{end range}",
            "{range end}",
            "{.items[?(range)]}",
            "{.items[?(end)]}",
            "{range .items[?(@.a)]}",
            "{['a','b'] range}",
        ]),
    };
    c.several(8, part).concat()
}

/// What stands between braces, and one of the values that it leads to.
pub(crate) fn path<'a>(c: &mut Choices, data: Option<&'a Value>) -> (String, Option<&'a Value>) {
    let mut text = c.pick(&["", "", "$", "@", " ", " @"]).to_owned();
    let mut data = data;
    for _ in 0..c.below(5) {
        let (step, next) = step(c, data);
        text += &step;
        data = next;
        if c.chance(3) {
            text += " ";
        }
    }
    (text, data)
}

fn step<'a>(c: &mut Choices, data: Option<&'a Value>) -> (String, Option<&'a Value>) {
    let kind = if c.chance(6) {
        c.below(3)
    } else {
        usize::from(data.is_some_and(Value::is_array))
    };
    match (kind, data) {
        (0, Some(Value::Object(map))) if !map.is_empty() && !c.chance(10) => {
            let entries: Vec<_> = map.iter().collect();
            let (key, value) = c.pick(&entries);
            let escaped = key.replace('.', "\\.");
            let text = match c.below(12) {
                0 => return (".*".to_owned(), Some(value)),
                1 => format!("['{escaped}']"),
                2 => format!("..{escaped}"),
                3 => format!("['{escaped}','{}']", crate::data::key(c)),
                _ => format!(".{escaped}"),
            };
            (text, Some(value))
        }
        (1, Some(Value::Array(list))) => {
            let length = list.len().cast_signed();
            let first = list.first();
            let text = match c.below(8) {
                0..3 => "[*]".to_owned(),
                3 if length > 0 => format!("[{}]", c.below(list.len())),
                4 => slice(c),
                5 => format!("[{}:]", c.below(list.len() + 1).cast_signed() - length / 2),
                6 => "[0,-1]".to_owned(),
                _ => return (filter(c, first), first),
            };
            (text, first)
        }
        (2, _) => (filter(c, data), None),
        _ => (any_step(c), None),
    }
}

fn any_step(c: &mut Choices) -> String {
    match c.below(9) {
        0..4 => format!(".{}", key(c)),
        4 => format!("['{}']", key(c)),
        5 => c.pick(&["..", ".*", "[*]", "[]"]).to_owned(),
        6 => format!("..{}", key(c)),
        7 => slice(c),
        _ => union(c),
    }
}

fn union(c: &mut Choices) -> String {
    let member = |c: &mut Choices| match c.below(8) {
        0..3 => format!("'{}'", key(c)),
        3..6 => (c.below(6).cast_signed() - 3).to_string(),
        6 => c
            .pick(&["*", "1:", "?(@.a)", "'a\\.b'", "", "?(@==1)"])
            .to_owned(),
        _ => format!("{}:{}", bound(c), bound(c)),
    };
    let members: Vec<_> = (0..2 + c.below(2)).map(|_| member(c)).collect();
    format!("[{}]", members.join(c.pick(&[",", ", ", " ,"])))
}

fn bound(c: &mut Choices) -> String {
    match c.below(10) {
        0 => String::new(),
        9 => c
            .pick(&[
                "00",
                "-0",
                "-",
                "9223372036854775807",
                "-9223372036854775808",
            ])
            .to_owned(),
        _ => (c.below(11).cast_signed() - 5).to_string(),
    }
}

/// `[...]` with up to three bounds.
pub(crate) fn slice(c: &mut Choices) -> String {
    match c.below(4) {
        0 => format!("[{}]", c.below(6).cast_signed() - 3),
        1 => format!("[{}:{}:{}]", bound(c), bound(c), c.below(4)),
        _ => format!(
            "[{}]",
            (0..=c.below(3))
                .map(|_| bound(c))
                .collect::<Vec<_>>()
                .join(":")
        ),
    }
}

/// A filter, for elements like that one.
pub(crate) fn filter(c: &mut Choices, element: Option<&Value>) -> String {
    let (left, value) = operand(c, element);
    if c.chance(25) {
        return format!("[?({left})]");
    }
    let operator = match c.below(16) {
        15 => c.pick(&["=", "<>", "===", "!", "=<"]),
        _ => c.pick(&["==", "!=", "<", "<=", ">", ">="]),
    };
    let right = match value {
        Some(Value::String(text)) if !c.chance(20) => format!("{text:?}"),
        Some(value @ (Value::Number(_) | Value::Bool(_))) if !c.chance(20) => value.to_string(),
        _ if c.chance(30) => operand(c, element).0,
        _ => literal(c),
    };
    let space = c.pick(&["", "", " "]);
    format!("[?({left}{space}{operator}{space}{right})]")
}

fn operand<'a>(c: &mut Choices, element: Option<&'a Value>) -> (String, Option<&'a Value>) {
    let mut text = c.pick(&["@", "@", "@", "", "$"]).to_owned();
    let mut value = element;
    for _ in 0..c.below(4) {
        let (step, next) = match value {
            Some(Value::Object(_) | Value::Array(_)) => {
                let (step, next) = step(c, value);
                (
                    if step.contains("[?") {
                        "[0]".to_owned()
                    } else {
                        step
                    },
                    next,
                )
            }
            Some(_) => break,
            None => (any_step(c), None),
        };
        text += &step;
        value = next;
    }
    (text, value)
}

pub(crate) fn literal(c: &mut Choices) -> String {
    match c.below(6) {
        0 => c.below(9).to_string(),
        1 => format!("{:?}", c.below(64) as f64 / 8.0 - 4.0),
        2 => c
            .pick(&["true", "false", "-1", "+1", "1.", "-.5", "null"])
            .to_owned(),
        3 => c.pick(&["'a'", "\"a\"", "\"\"", "'b'"]).to_owned(),
        _ => quoted(c),
    }
}

/// Quoted text, of which most is right.
pub(crate) fn quoted(c: &mut Choices) -> String {
    let inside = |c: &mut Choices| match c.below(12) {
        0..4 => c.pick(&["a", "b", " ", "c"]),
        4 => c.pick(&[
            "'", "\"", "\\'", "\\\"", "\\", "\n", "\\q", "\\400", "\\08", "\\ud800", "\\x4",
        ]),
        5 => c.pick(&[
            "(", ")", "[", "]", "{", "}", "<", ">", "=", "&", "é", "€", "\u{2028}", "\u{7f}",
        ]),
        _ => c.pick(&[
            "\\n",
            "\\t",
            "\\a",
            "\\b",
            "\\f",
            "\\r",
            "\\v",
            "\\\\",
            "\\u00e9",
            "\\U0001f600",
            "\\x41",
            "\\xff",
            "\\xe2\\x82",
            "\\101",
            "\\377",
            "\\u2029",
            "\\u0001",
        ]),
    };
    let quote = c.pick(&['"', '\'']);
    format!("{quote}{}{quote}", c.several(4, inside).concat())
}
