//! Parses the YAML that a kubeconfig needs: maps with text keys, lists and texts. What kubeadm reads as a number or a
//! boolean is not a text. Rejects aliases, anchors, tags, directives, merge keys, duplicate keys, a second document,
//! and anything beyond the limits: anybody with the token may have written it.

mod scalar;

use granit_parser::{Event, Options, Parser, ScalarStyle, Span, StrInput};

use scalar::Plain;

/// The deepest nesting of a document.
const DEEPEST: usize = 16;
/// The most nodes of a document, including keys.
const MOST_NODES: usize = 10_000;

/// A node of a document, with its first line.
#[derive(Debug)]
pub(crate) struct Node {
    line: usize,
    value: Value,
}

#[derive(Debug)]
enum Value {
    /// Empty, or a word for null.
    Null,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
    /// A number or a boolean as written. No field that is read here has one.
    Other(String),
}

/// The document cannot be parsed beyond this line, counted from 1, or has another structure than expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) line: usize,
}

impl Node {
    /// Parses the one document of a text.
    pub(crate) fn read(text: &str) -> Result<Self, Malformed> {
        // kubeadm's YAML takes these for line breaks, this parser for characters: a comment here would be a key there.
        let mut lines = text.lines().zip(1..);
        if let Some((_, line)) =
            lines.find(|(text, _)| text.contains(['\u{85}', '\u{2028}', '\u{2029}']))
        {
            return Err(Malformed { line });
        }
        let mut options = Options::default();
        options.disallow_directives = true;
        options.flow_nesting_limit = DEEPEST;
        options.block_nesting_limit = DEEPEST;
        options.set_emit_comments(false);
        let mut reader = Reader {
            events: Parser::new_from_str_with_options(text, options),
            line: 1,
            nodes: 0,
        };
        reader.take(|event| matches!(event, Event::StreamStart))?;
        reader.take(|event| matches!(event, Event::DocumentStart(..)))?;
        let event = reader.next()?;
        let node = reader.node(event, 0)?;
        reader.take(|event| matches!(event, Event::DocumentEnd))?;
        reader.take(|event| matches!(event, Event::StreamEnd))?;
        Ok(node)
    }

    /// Returns a text, or `None` for null.
    pub(crate) fn text(&self) -> Result<Option<&str>, Malformed> {
        match &self.value {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            _ => Err(self.malformed()),
        }
    }

    /// Returns a list, empty for null.
    pub(crate) fn list(&self) -> Result<&[Node], Malformed> {
        match &self.value {
            Value::Null => Ok(&[]),
            Value::List(list) => Ok(list),
            _ => Err(self.malformed()),
        }
    }

    /// Returns the value of a key, or `None` if it is missing or null.
    pub(crate) fn get(&self, key: &str) -> Result<Option<&Node>, Malformed> {
        match &self.value {
            Value::Null => Ok(None),
            Value::Map(map) => Ok(map
                .iter()
                .find(|(found, _)| found == key)
                .map(|(_, node)| node)),
            _ => Err(self.malformed()),
        }
    }

    /// Returns the text under a key of a map.
    pub(crate) fn get_text(&self, key: &str) -> Result<Option<&str>, Malformed> {
        self.get(key)?.map_or(Ok(None), Node::text)
    }

    /// Returns the list under a key of a map.
    pub(crate) fn get_list(&self, key: &str) -> Result<&[Node], Malformed> {
        self.get(key)?.map_or(Ok(&[]), Node::list)
    }

    pub(crate) fn malformed(&self) -> Malformed {
        Malformed { line: self.line }
    }
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    line: usize,
    nodes: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Event<'a>, Malformed> {
        match self.events.next_event() {
            Some(Ok((event, Span { start, .. }))) => {
                self.line = start.line();
                Ok(event)
            }
            Some(Err(error)) => Err(Malformed {
                line: error.marker().line(),
            }),
            None => Err(self.malformed()),
        }
    }

    fn take(&mut self, is: impl FnOnce(&Event<'a>) -> bool) -> Result<(), Malformed> {
        let event = self.next()?;
        if is(&event) {
            Ok(())
        } else {
            Err(self.malformed())
        }
    }

    fn malformed(&self) -> Malformed {
        Malformed { line: self.line }
    }

    /// Parses the node that begins with an event.
    fn node(&mut self, event: Event<'a>, depth: usize) -> Result<Node, Malformed> {
        self.nodes += 1;
        if depth > DEEPEST || self.nodes > MOST_NODES {
            return Err(self.malformed());
        }
        let line = self.line;
        // The number 0 means that the node has no anchor.
        let value = match event {
            Event::Scalar(text, ScalarStyle::Plain, 0, None) => match Plain::of(&text) {
                Plain::Null => Value::Null,
                Plain::Text => Value::Text(text.into_owned()),
                Plain::Other => Value::Other(text.into_owned()),
            },
            Event::Scalar(text, _, 0, None) => Value::Text(text.into_owned()),
            Event::SequenceStart(_, 0, None) => self.list(depth)?,
            Event::MappingStart(_, 0, None) => self.map(depth)?,
            _ => return Err(self.malformed()),
        };
        Ok(Node { line, value })
    }

    fn list(&mut self, depth: usize) -> Result<Value, Malformed> {
        let mut list = Vec::new();
        loop {
            match self.next()? {
                Event::SequenceEnd => return Ok(Value::List(list)),
                event => list.push(self.node(event, depth + 1)?),
            }
        }
    }

    fn map(&mut self, depth: usize) -> Result<Value, Malformed> {
        let mut map: Vec<(String, Node)> = Vec::new();
        loop {
            let event = self.next()?;
            if matches!(event, Event::MappingEnd) {
                return Ok(Value::Map(map));
            }
            let key = self.node(event, depth + 1)?;
            // A key that is not a text, a merge, or a duplicate.
            let name = match &key.value {
                Value::Text(text) | Value::Other(text) if text != "<<" => text,
                _ => return Err(key.malformed()),
            };
            if map.iter().any(|(found, _)| found == name) {
                return Err(key.malformed());
            }
            let name = name.clone();
            let event = self.next()?;
            map.push((name, self.node(event, depth + 1)?));
        }
    }
}
