//! YAML as Kubernetes reads it: `sigs.k8s.io/yaml` over `go.yaml.in/yaml/v2`, converted to JSON. Uses the first
//! document, and the last of several equal keys. Follows aliases and merge keys, within limits.

mod resolve;

use std::borrow::Cow;
use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use granit_parser::{Event, Options, Parser, ScalarStyle, Span, StrInput, Tag};
use zeroize::Zeroizing;

use resolve::Plain;
pub(crate) use resolve::{is_a_number_to_some, is_not_a_string};

const MOST_LEVELS: usize = 64;
/// Limit of nodes, including keys and repeated content of aliases.
const MOST_NODES: usize = 200_000;
const MOST_BYTES: usize = 16 << 20;

/// A value and its position in the document.
#[derive(Clone)]
pub(crate) struct Node {
    place: Place,
    value: Value,
}

/// A value. Texts may be secrets: they are wiped on drop, and there is no `Debug`.
#[derive(Clone)]
enum Value {
    Null,
    Bool(bool),
    /// The number as it is written.
    Number(String),
    Text(Zeroizing<String>),
    List(Vec<Node>),
    Map(Vec<(Zeroizing<String>, Node)>),
}

/// Line and column of an error, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) line: usize,
    pub(crate) column: usize,
}

impl Place {
    const START: Self = Self { line: 1, column: 1 };
}

impl Node {
    pub(crate) const NULL: Self = Self {
        place: Place::START,
        value: Value::Null,
    };

    /// Reads the first document.
    ///
    /// # Errors
    ///
    /// The position of the text that is not YAML.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Place> {
        let wide = from_utf16(bytes)?;
        let text = match &wide {
            Some(text) => text,
            None => core::str::from_utf8(bytes).map_err(|_| Place::START)?,
        };
        // YAML 1.1 has line breaks that this parser takes for characters: text that it takes for a comment would be a
        // key.
        let mut lines = text.lines().zip(1..);
        if let Some((_, line)) =
            lines.find(|(text, _)| text.contains(['\u{85}', '\u{2028}', '\u{2029}']))
        {
            return Err(Place { line, column: 1 });
        }
        let mut options = Options::default();
        options.flow_nesting_limit = MOST_LEVELS;
        options.block_nesting_limit = MOST_LEVELS;
        options.set_emit_comments(false);
        let mut reader = Reader {
            events: Parser::new_from_str_with_options(text, options),
            place: Place::START,
            nodes: 0,
            bytes: 0,
            anchors: HashMap::new(),
        };
        match reader.next()? {
            Event::StreamStart => {}
            _ => return Err(Place::START),
        }
        match reader.next()? {
            Event::StreamEnd => return Ok(Self::NULL),
            Event::DocumentStart(..) => {}
            _ => return Err(reader.place),
        }
        let event = reader.next()?;
        let node = reader.node(event, 0)?;
        // What follows belongs to another document, or is invalid.
        match reader.next()? {
            Event::DocumentEnd => Ok(node),
            _ => Err(reader.place),
        }
    }

    /// Returns the value of a key of a map. `None` if it is missing or null.
    pub(crate) fn get(&self, key: &str) -> Result<Option<&Node>, Place> {
        match &self.value {
            Value::Null => Ok(None),
            Value::Map(map) => Ok(map
                .iter()
                .find(|(name, _)| **name == key)
                .map(|(_, node)| node)
                .filter(|node| !matches!(node.value, Value::Null))),
            _ => Err(self.place),
        }
    }

    /// Returns the text. Empty for null.
    pub(crate) fn as_text(&self) -> Result<&str, Place> {
        match &self.value {
            Value::Null => Ok(""),
            Value::Text(text) => Ok(text),
            _ => Err(self.place),
        }
    }

    /// Returns the list. Empty for null.
    pub(crate) fn as_list(&self) -> Result<&[Node], Place> {
        match &self.value {
            Value::Null => Ok(&[]),
            Value::List(list) => Ok(list),
            _ => Err(self.place),
        }
    }

    /// Returns the keys of a map and their values.
    pub(crate) fn as_map(&self) -> Result<impl Iterator<Item = (&str, &Node)>, Place> {
        match &self.value {
            Value::Null => Ok([].iter()),
            Value::Map(map) => Ok(map.iter()),
            _ => Err(self.place),
        }
        .map(|entries| entries.map(|(key, node)| (key.as_str(), node)))
    }

    /// Returns the text of a key. Empty if it is missing.
    pub(crate) fn text(&self, key: &str) -> Result<&str, Place> {
        self.get(key)?.map_or(Ok(""), Node::as_text)
    }

    /// Returns the texts in the list of a key.
    pub(crate) fn texts(&self, key: &str) -> Result<Vec<String>, Place> {
        let list = self.list(key)?.iter();
        list.map(|node| node.as_text().map(str::to_owned)).collect()
    }

    /// Returns the list of a key. Empty if it is missing.
    pub(crate) fn list(&self, key: &str) -> Result<&[Node], Place> {
        self.get(key)?.map_or(Ok(&[]), Node::as_list)
    }

    /// Returns the truth value of a key. False if it is missing.
    pub(crate) fn bool(&self, key: &str) -> Result<bool, Place> {
        match self.get(key)? {
            None => Ok(false),
            Some(node) => match node.value {
                Value::Bool(value) => Ok(value),
                _ => Err(node.place),
            },
        }
    }

    /// Converts to JSON. A number that JSON cannot express becomes null.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::Number(text) => number(text),
            Value::Text(text) => text.as_str().into(),
            Value::List(list) => list.iter().map(Self::to_json).collect(),
            Value::Map(map) => map
                .iter()
                .map(|(key, node)| ((**key).clone(), node.to_json()))
                .collect(),
        }
    }
}

/// Decodes UTF-16 with a byte order mark, as `kubectl config view > FILE` writes it on Windows. `None` without the
/// mark.
fn from_utf16(bytes: &[u8]) -> Result<Option<Zeroizing<String>>, Place> {
    let (rest, unit): (_, fn([u8; 2]) -> u16) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => (rest, u16::from_be_bytes),
        _ => return Ok(None),
    };
    let units = rest
        .chunks(2)
        .map(|pair| unit([pair[0], pair.get(1).copied().unwrap_or_default()]));
    let mut text = Zeroizing::new(String::with_capacity(2 * bytes.len()));
    for character in char::decode_utf16(units) {
        text.push(character.map_err(|_| Place::START)?);
    }
    Ok(Some(text))
}

fn number(text: &str) -> serde_json::Value {
    let plain = text.replace('_', "");
    let digits = plain.trim_start_matches(['+', '-']);
    let (radix, digits) = match digits.get(..2) {
        Some("0x" | "0X") => (16, &digits[2..]),
        Some("0o" | "0O") => (8, &digits[2..]),
        Some("0b" | "0B") => (2, &digits[2..]),
        Some(_) if digits.starts_with('0') => (8, digits),
        _ => (10, digits),
    };
    let sign = if plain.starts_with('-') { "-" } else { "" };
    if let Ok(number) = i64::from_str_radix(&format!("{sign}{digits}"), radix) {
        return number.into();
    }
    match u64::from_str_radix(digits, radix) {
        Ok(number) if sign.is_empty() => number.into(),
        _ => plain.parse::<f64>().unwrap_or(f64::NAN).into(),
    }
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    place: Place,
    nodes: usize,
    bytes: usize,
    /// Nodes that aliases refer to, by the number of their anchor.
    anchors: HashMap<usize, Node>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Event<'a>, Place> {
        match self.events.next_event() {
            Some(Ok((event, Span { start, .. }))) => {
                self.place = Place {
                    line: start.line(),
                    column: start.col() + 1,
                };
                Ok(event)
            }
            Some(Err(error)) => Err(Place {
                line: error.marker().line(),
                column: error.marker().col() + 1,
            }),
            None => Err(self.place),
        }
    }

    /// Reads the node that begins with `event`.
    fn node(&mut self, event: Event<'a>, depth: usize) -> Result<Node, Place> {
        let place = self.place;
        let (value, anchor) = match event {
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).ok_or(place)?.clone();
                self.count(&node, depth)?;
                return Ok(node);
            }
            Event::Scalar(text, style, anchor, tag) => {
                (self.scalar(text, style, tag.as_deref())?, anchor)
            }
            Event::SequenceStart(_, anchor, _) => (self.sequence(depth)?, anchor),
            Event::MappingStart(_, anchor, _) => (self.mapping(depth)?, anchor),
            _ => return Err(place),
        };
        self.add(1, 0)?;
        let node = Node { place, value };
        if anchor != 0 {
            self.count(&node, depth)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        tag: Option<&Tag>,
    ) -> Result<Value, Place> {
        let text = Zeroizing::new(text.into_owned());
        self.add(0, text.len())?;
        let tag = tag.map(Tag::to_string);
        let tag = tag.as_deref().map(|tag| {
            tag.strip_prefix("tag:yaml.org,2002:")
                .or_else(|| tag.strip_prefix("!!"))
                .unwrap_or_default()
        });
        let plain = match (tag, style) {
            (Some("binary"), _) => {
                let base64: String = text.split(['\r', '\n']).collect();
                let bytes = STANDARD.decode(base64).map_err(|_| self.place)?;
                return Ok(Value::Text(
                    String::from_utf8_lossy(&bytes).into_owned().into(),
                ));
            }
            (Some("bool" | "int" | "float" | "null"), _) | (None, ScalarStyle::Plain) => {
                Plain::of(&text)
            }
            _ => Plain::Text,
        };
        let fits = match tag {
            Some("bool") => matches!(plain, Plain::Bool(_)),
            Some("int" | "float") => plain == Plain::Number,
            Some("null") => plain == Plain::Null,
            _ => true,
        };
        match plain {
            _ if !fits => Err(self.place),
            Plain::Null => Ok(Value::Null),
            Plain::Bool(value) => Ok(Value::Bool(value)),
            Plain::Number => Ok(Value::Number((*text).clone())),
            Plain::Text => Ok(Value::Text(text)),
        }
    }

    fn sequence(&mut self, depth: usize) -> Result<Value, Place> {
        let mut list = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(Value::List(list)),
                event => list.push(self.node(event, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Value, Place> {
        // Maps keys to positions in the list: a linear search would make documents with many keys quadratic.
        let mut places = HashMap::new();
        let mut map: Vec<(Zeroizing<String>, Node)> = Vec::new();
        let mut set = |name: &Zeroizing<String>, node: Node| {
            if let Some(at) = places.get(&***name) {
                let (_, old): &mut (_, Node) = &mut map[*at];
                *old = node;
            } else {
                places.insert((**name).clone(), map.len());
                map.push((name.clone(), node));
            }
        };
        loop {
            let event = self.next()?;
            let is_merge = match &event {
                Event::MappingEnd => break,
                Event::Scalar(text, ScalarStyle::Plain, _, None) => *text == "<<",
                _ => false,
            };
            let key = self.node(event, depth + 1)?;
            let event = self.next()?;
            let value = self.node(event, depth + 1)?;
            if is_merge {
                for (name, node) in merged(&value)? {
                    set(name, node.clone());
                }
                continue;
            }
            match &key.value {
                Value::Text(name) => set(name, value),
                Value::Number(name) => set(&Zeroizing::new(name.clone()), value),
                Value::Bool(name) => set(&Zeroizing::new(name.to_string()), value),
                _ => return Err(key.place),
            }
        }
        Ok(Value::Map(map))
    }

    fn add(&mut self, nodes: usize, bytes: usize) -> Result<(), Place> {
        self.nodes += nodes;
        self.bytes += bytes;
        if self.nodes > MOST_NODES || self.bytes > MOST_BYTES {
            return Err(self.place);
        }
        Ok(())
    }

    /// Counts the nodes in a copy of a node.
    fn count(&mut self, node: &Node, depth: usize) -> Result<(), Place> {
        if depth > MOST_LEVELS {
            return Err(self.place);
        }
        self.add(1, 0)?;
        match &node.value {
            Value::Null | Value::Bool(_) => Ok(()),
            Value::Number(text) => self.add(0, text.len()),
            Value::Text(text) => self.add(0, text.len()),
            Value::List(list) => list.iter().try_for_each(|node| self.count(node, depth + 1)),
            Value::Map(map) => map.iter().try_for_each(|(key, node)| {
                self.add(1, key.len())?;
                self.count(node, depth + 1)
            }),
        }
    }
}

/// Returns the entries that a merge key adds. The last of several equal keys counts.
fn merged(value: &Node) -> Result<Vec<&(Zeroizing<String>, Node)>, Place> {
    match &value.value {
        Value::Map(map) => Ok(map.iter().collect()),
        // The first of several maps counts.
        Value::List(list) => list
            .iter()
            .rev()
            .map(|node| match &node.value {
                Value::Map(map) => Ok(map),
                _ => Err(node.place),
            })
            .collect::<Result<Vec<_>, _>>()
            .map(|maps| maps.into_iter().flatten().collect()),
        _ => Err(value.place),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<serde_json::Value, Place> {
        Node::read(text.as_bytes()).map(|node| node.to_json())
    }

    #[test]
    fn what_is_read_is_read_again_of_the_json_that_is_made_of_it() {
        for (text, expected) in [
            ("", json!(null)),
            ("# nothing\n", json!(null)),
            (
                "[0x1F, 0o17, 017, 0b11, -1, 1_000, 1.5e3, .5]",
                json!([31, 15, 15, 3, -1, 1000, 1500.0, 0.5]),
            ),
            (
                "[.inf, yes, Off, ~, 2026-12-01, '1', !!str 1, !!binary YQ==]",
                json!([null, true, false, null, "2026-12-01", "1", "1", "a"]),
            ),
            ("18446744073709551615", json!(u64::MAX)),
            ("{a: 1, b: 2, a: 3}", json!({"a": 3, "b": 2})),
            (
                "a: &a {x: 1, k: 2}\nb: {<<: *a, x: 3}\nc: {x: 3, <<: [*a, {k: 4, z: 5}]}\n",
                json!({"a": {"x": 1, "k": 2}, "b": {"x": 3, "k": 2}, "c": {"x": 1, "k": 2, "z": 5}}),
            ),
            ("a: |\n  b\n  c\n", json!({"a": "b\nc\n"})),
            ("a: b\n---\n{{{\n", json!({"a": "b"})),
        ] {
            let found = read(text).unwrap_or_else(|place| panic!("{text}: {place:?}"));
            assert_eq!(found, expected, "{text}");
            assert_eq!(read(&found.to_string()), Ok(found), "{text}");
        }
    }

    #[test]
    fn a_small_document_does_not_become_a_large_one() {
        let nested = |depth: usize| read(&("[".repeat(depth) + &"]".repeat(depth)));
        assert!(nested(MOST_LEVELS / 2).is_ok());
        assert!(nested(2 * MOST_LEVELS).is_err());

        // Each line repeats the line above it ten times.
        let bomb = |lines: usize, first: &str| {
            let mut text = format!("a0: &a0 {first}\n");
            for line in 1..lines {
                let above = format!("*a{}, ", line - 1).repeat(10);
                let _ = writeln!(text, "a{line}: &a{line} [{above}]");
            }
            read(&text)
        };
        assert!(bomb(4, "x").is_ok());
        assert!(bomb(9, "x").is_err(), "nodes");
        assert!(bomb(5, &"x".repeat(10_000)).is_err(), "bytes");
        // Depth adds up through aliases too.
        let chain = |lines: usize| {
            let mut text = "a0: &a0 x\n".to_owned();
            for line in 1..lines {
                let _ = writeln!(text, "a{line}: &a{line} [*a{}]", line - 1);
            }
            read(&text)
        };
        assert!(chain(MOST_LEVELS / 2).is_ok());
        assert!(chain(2 * MOST_LEVELS).is_err());
        assert!(read("a: &a [*a]\n").is_err(), "in itself");
    }
}
