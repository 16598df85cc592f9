//! YAML as far as a kubeconfig needs it: maps by text, lists, texts. What is a number or a truth value to kubeadm is no
//! text. Without aliases, anchors, tags, directives, merge keys, a key twice, a second document, and within limits:
//! whoever holds the token can have written it.

mod scalar;

use granit_parser::{Event, Options, Parser, ScalarStyle, Span, StrInput};

use scalar::Plain;

/// What a document may nest.
const DEEPEST: usize = 16;
/// What a document may have in all, keys counted.
const MOST_NODES: usize = 10_000;

/// What is at a place of a document, and in which line that begins.
#[derive(Debug)]
pub(crate) struct Node {
    line: usize,
    value: Value,
}

#[derive(Debug)]
enum Value {
    /// Nothing, or one of the words for it.
    Null,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
    /// A number or a truth value as it is written, which a kubeconfig has nowhere that is read here.
    Other(String),
}

/// The document cannot be read beyond this line, counted from 1, or is not of the form that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) line: usize,
}

impl Node {
    /// Reads the one document of a text.
    pub(crate) fn read(text: &str) -> Result<Self, Malformed> {
        // Line breaks to kubeadm's YAML, and no more than characters to this one: what is a comment here would be a key
        // there.
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

    /// A text; `None` for null.
    pub(crate) fn text(&self) -> Result<Option<&str>, Malformed> {
        match &self.value {
            Value::Null => Ok(None),
            Value::Text(text) => Ok(Some(text)),
            _ => Err(self.malformed()),
        }
    }

    /// A list; empty for null.
    pub(crate) fn list(&self) -> Result<&[Node], Malformed> {
        match &self.value {
            Value::Null => Ok(&[]),
            Value::List(list) => Ok(list),
            _ => Err(self.malformed()),
        }
    }

    /// What stands under a key of a map; `None` if nothing does, or for null.
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

    /// The text under a key of a map.
    pub(crate) fn get_text(&self, key: &str) -> Result<Option<&str>, Malformed> {
        self.get(key)?.map_or(Ok(None), Node::text)
    }

    /// The list under a key of a map.
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

    /// The node that begins with an event.
    fn node(&mut self, event: Event<'a>, depth: usize) -> Result<Node, Malformed> {
        self.nodes += 1;
        if depth > DEEPEST || self.nodes > MOST_NODES {
            return Err(self.malformed());
        }
        let line = self.line;
        // An anchor's number is 0 where there is none.
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
            // A key that is no text, a merge, or one that stands there already.
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
