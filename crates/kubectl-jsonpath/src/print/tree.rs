//! Prints maps and lists with an explicit stack: the depth of the data is not limited.

use core::slice;
use std::vec;

use serde_json::Value;

use super::output::Output;
use super::scalar;
use crate::error::ExecuteError;
use crate::evaluate::{Item, Kind, Numbers, sorted};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// Go's `json.Marshal`.
    Compact,
    /// Go's `json.MarshalIndent` with four spaces.
    Indented,
    /// Go's `%v`.
    Go,
}

pub(super) struct Tree<'a, 'o> {
    style: Style,
    numbers: Numbers,
    output: &'o mut Output,
    /// The open maps and lists, with their remaining entries.
    open: Vec<Open<'a>>,
}

struct Open<'a> {
    rest: Rest<'a>,
    empty: bool,
}

enum Rest<'a> {
    Results(slice::Iter<'a, Item<'a>>),
    List(slice::Iter<'a, Value>),
    Map(vec::IntoIter<(&'a String, &'a Value)>),
}

impl<'a, 'o> Tree<'a, 'o> {
    pub(super) fn new(style: Style, numbers: Numbers, output: &'o mut Output) -> Self {
        Self {
            style,
            numbers,
            output,
            open: Vec::new(),
        }
    }

    pub(super) fn write(mut self, item: Item<'a>) -> Result<(), ExecuteError> {
        self.begin(item)?;
        self.advance()
    }

    pub(super) fn write_list(mut self, items: &'a [Item<'a>]) -> Result<(), ExecuteError> {
        self.open(Rest::Results(items.iter()))?;
        self.advance()
    }

    fn advance(mut self) -> Result<(), ExecuteError> {
        while let Some(open) = self.open.last_mut() {
            let first = open.empty;
            let next = match &mut open.rest {
                Rest::Results(items) => items.next().map(|item| (None, *item)),
                Rest::List(values) => values.next().map(|value| (None, Item::Value(value))),
                Rest::Map(entries) => entries
                    .next()
                    .map(|(key, value)| (Some(key), Item::Value(value))),
            };
            open.empty = false;
            match next {
                Some((key, item)) => {
                    self.separate(first)?;
                    if let Some(key) = key {
                        self.key(key)?;
                    }
                    self.begin(item)?;
                }
                None => self.close(first)?,
            }
        }
        Ok(())
    }

    /// Prints a scalar, or the start of a map or a list.
    fn begin(&mut self, item: Item<'a>) -> Result<(), ExecuteError> {
        match item.kind(self.numbers) {
            Kind::List(list) => self.open(Rest::List(list.iter())),
            Kind::Map(map) => self.open(Rest::Map(sorted(map).into_iter())),
            scalar if self.style == Style::Go => scalar::go(scalar, self.output),
            scalar => scalar::json(scalar, self.output),
        }
    }

    fn open(&mut self, rest: Rest<'a>) -> Result<(), ExecuteError> {
        self.output.push(match (self.style, &rest) {
            (Style::Go, Rest::Map(_)) => b"map[",
            (_, Rest::Map(_)) => b"{",
            _ => b"[",
        })?;
        self.open.push(Open { rest, empty: true });
        Ok(())
    }

    fn close(&mut self, empty: bool) -> Result<(), ExecuteError> {
        let closed = self.open.pop();
        if !empty {
            self.line()?;
        }
        self.output.push(match closed {
            Some(Open {
                rest: Rest::Map(_), ..
            }) if self.style != Style::Go => b"}",
            _ => b"]",
        })
    }

    fn separate(&mut self, first: bool) -> Result<(), ExecuteError> {
        match self.style {
            _ if first => {}
            Style::Go => self.output.push(b" ")?,
            Style::Compact | Style::Indented => self.output.push(b",")?,
        }
        self.line()
    }

    fn key(&mut self, key: &str) -> Result<(), ExecuteError> {
        let key = Kind::Text(key.as_bytes());
        if self.style == Style::Go {
            scalar::go(key, self.output)?;
        } else {
            scalar::json(key, self.output)?;
        }
        self.output.push(match self.style {
            Style::Indented => b": ",
            Style::Compact | Style::Go => b":",
        })
    }

    fn line(&mut self) -> Result<(), ExecuteError> {
        if self.style == Style::Indented {
            self.output.push(b"\n")?;
            for _ in &self.open {
                self.output.push(b"    ")?;
            }
        }
        Ok(())
    }
}
