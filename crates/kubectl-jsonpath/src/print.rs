//! Prints results as Go does.

mod float;
mod output;
mod scalar;
mod tree;

use crate::error::ExecuteError;
use crate::evaluate::{Item, Kind, Numbers};
use output::Output;
use tree::{Style, Tree};

pub(crate) struct Printer {
    numbers: Numbers,
    json: bool,
    output: Output,
}

impl Printer {
    pub(crate) fn new(numbers: Numbers, json: bool, max_output: usize) -> Self {
        Self {
            numbers,
            json,
            output: Output::new(max_output),
        }
    }

    /// Prints the results of one action.
    pub(crate) fn print(&mut self, results: &[Item<'_>]) -> Result<(), ExecuteError> {
        if self.json {
            self.list(results)
        } else {
            self.text(results)
        }
    }

    /// Returns the length of the output.
    pub(crate) fn length(&self) -> usize {
        self.output.length()
    }

    /// Cuts the output to a length.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.output.truncate(length);
    }

    /// Prints results separated by spaces: maps and lists as JSON, the others unquoted.
    fn text(&mut self, results: &[Item<'_>]) -> Result<(), ExecuteError> {
        for (at, item) in results.iter().enumerate() {
            if at > 0 {
                self.output.push(b" ")?;
            }
            match item.kind(self.numbers) {
                Kind::Absent => self.output.push(b"<no value>")?,
                Kind::Null => self.output.push(b"null")?,
                Kind::List(_) | Kind::Map(_) => {
                    Tree::new(Style::Compact, self.numbers, &mut self.output).write(*item)?;
                }
                scalar => scalar::go(scalar, &mut self.output)?,
            }
        }
        Ok(())
    }

    /// Prints an indented list and a line break.
    fn list(&mut self, results: &[Item<'_>]) -> Result<(), ExecuteError> {
        Tree::new(Style::Indented, self.numbers, &mut self.output).write_list(results)?;
        self.output.push(b"\n")
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.output.into_bytes()
    }
}

/// Formats a value like Go's `%v` in an error.
pub(crate) fn go_value(item: Item<'_>, numbers: Numbers) -> String {
    let mut output = Output::new(usize::MAX); // about as long as the data
    let written = match item {
        Item::Absent => output.push(b"<invalid reflect.Value>"),
        item => Tree::new(Style::Go, numbers, &mut output).write(item),
    };
    debug_assert!(written.is_ok(), "there is no limit");
    let mut text = String::new();
    for chunk in output.into_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER));
    }
    text
}
