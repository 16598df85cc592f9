//! Data: small enough that Go walks its maps in our order before long.

use serde_json::{Number, Value, json};

use crate::choices::Choices;

/// The keys of generated data, with those that need an escape.
const KEYS: &[&str] = &["a", "b", "c", "a.b", "x/y", "k-8", "é", ""];

pub(crate) fn key(c: &mut Choices) -> &'static str {
    if c.chance(20) {
        c.pick(KEYS)
    } else {
        c.pick(&KEYS[..3])
    }
}

/// As kubectl gets it: an object with a list of objects.
pub(crate) fn list(c: &mut Choices) -> Value {
    let items = c.several(4, |c| if c.chance(10) { value(c) } else { object(c, 2) });
    json!({"a": value(c), "b": value(c), "items": items})
}

/// Anything.
pub(crate) fn value(c: &mut Choices) -> Value {
    nested(c, 3)
}

fn nested(c: &mut Choices, depth: usize) -> Value {
    match c.below(6) {
        4 if depth > 0 => c.several(3, |c| nested(c, depth - 1)).into(),
        5 if depth > 0 => object(c, depth),
        _ => scalar(c),
    }
}

fn object(c: &mut Choices, depth: usize) -> Value {
    let entries = c.several(3, |c| (key(c).to_owned(), nested(c, depth - 1)));
    Value::Object(entries.into_iter().collect())
}

pub(crate) fn scalar(c: &mut Choices) -> Value {
    match c.below(16) {
        0..4 => Value::from(c.below(5) as u64),
        4..8 => Value::from(c.pick(&["a", "b", "c", "ab", ""])),
        8..10 => Value::from(c.chance(50)),
        10..12 => number(c),
        12 => json!(c.below(32) as f64 / 8.0 - 2.0),
        13 => Value::from(-2),
        14 => Value::from(c.pick(STRANGE)),
        _ => Value::Null,
    }
}

const STRANGE: &[&str] = &[
    "<a>&b",
    "\u{2028}\u{2029}",
    "\"\\/",
    "\n\t\r\u{8}\u{c}\u{7f}\u{0}\u{1b}",
    "é€😀\u{fffd}\u{feff}",
    "1",
    "true",
];

pub(crate) fn number(c: &mut Choices) -> Value {
    let float = match c.below(8) {
        0 => return c.number().into(),
        1 => return c.number().cast_signed().into(),
        2 => {
            return Value::from(c.pick(&[
                999_999_i64,
                1_000_000,
                1 << 53,
                (1 << 53) + 1,
                i64::MAX,
                i64::MIN,
            ]));
        }
        3 => f64::from_bits(c.number()),
        // In the middle between two decimal numbers of 17 digits, often enough.
        4 => (c.number().cast_signed() >> 10) as f64 / (1_u64 << c.below(64)) as f64,
        5 => format!("{}e{}", c.below(2000), c.below(50).cast_signed() - 25)
            .parse()
            .unwrap(),
        6 => -0.0,
        _ => c.below(64) as f64 / 16.0,
    };
    Number::from_f64(float).map_or(Value::Null, Value::from)
}
