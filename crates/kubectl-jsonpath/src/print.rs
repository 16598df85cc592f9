//! Results to bytes, as Go prints them.

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
    output: Output,
}

impl Printer {
    pub(crate) fn new(numbers: Numbers, max_output: usize) -> Self {
        Self {
            numbers,
            output: Output::new(max_output),
        }
    }

    /// The results of one action with spaces between them: maps and lists as JSON, all else as it is.
    pub(crate) fn text(&mut self, results: &[Item<'_>]) -> Result<(), ExecuteError> {
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

    /// The results of one action as an indented list and a line break.
    pub(crate) fn json(&mut self, results: &[Item<'_>]) -> Result<(), ExecuteError> {
        Tree::new(Style::Indented, self.numbers, &mut self.output).write_list(results)?;
        self.output.push(b"\n")
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.output.into_bytes()
    }
}

/// A value as Go's `%v` shows it in an error.
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
