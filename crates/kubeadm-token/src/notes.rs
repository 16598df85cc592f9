//! Standard error: notes about the result, and who reads them.
//!
//! The result comes first, but for what a person is to know before the command writes. Advice is for persons: it is
//! written where standard error is a terminal, or where `-v` asks for a log. What the result lacks is told to programs
//! too, but not in the middle of the result's own pipe or file. Errors are always written. `docs/DIFFERENCES.md` has the
//! reasons.

use std::fmt;
use std::io::{self, IsTerminal as _, Write};

use crate::{quote, wait_line};

/// Writes the lines of a verb to standard error. `wait_line.rs` writes there too: its line disappears when the wait
/// ends.
pub(crate) struct Notes<'a> {
    to: &'a mut dyn Write,
    reader: Reader,
    /// Lines to write after the result.
    held: Vec<(Kind, String)>,
}

/// Who reads standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reader {
    /// A person at a terminal, or a user who asked for a log with `-v`.
    Person,
    Program,
    /// A program that reads the result from the same pipe or file: `2>&1`.
    ProgramOfBoth,
}

/// Who needs a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A person: the line is about a legal choice that may be regretted.
    Advice,
    /// A program too: the line is about something that the result lacks.
    Finding,
}

impl<'a> Notes<'a> {
    pub(crate) fn new(to: &'a mut dyn Write, reader: Reader) -> Self {
        Self {
            to,
            reader,
            held: Vec::new(),
        }
    }

    /// Shows every line from now on, since a log was asked for.
    pub(crate) fn tell_all(&mut self) {
        self.reader = Reader::Person;
    }

    /// Holds a line until the result has been written.
    pub(super) fn hold(&mut self, kind: Kind, text: impl fmt::Display) {
        self.held.push((kind, line(text)));
    }

    /// Writes a line at once for a person. Holds it for a program.
    pub(super) fn now(&mut self, kind: Kind, text: impl fmt::Display) {
        if self.reader == Reader::Person {
            wait_line::take_back();
            self.write(&line(text));
        } else {
            self.hold(kind, text);
        }
    }

    /// Writes the lines that were held. Call it after the result has been written.
    pub(super) fn end(&mut self, failed: bool) {
        for (kind, line) in std::mem::take(&mut self.held) {
            let is_wanted = match (self.reader, kind) {
                (Reader::Person, _) | (Reader::Program, Kind::Finding) => true,
                (_, Kind::Advice) => false,
                (Reader::ProgramOfBoth, Kind::Finding) => failed,
            };
            if is_wanted {
                self.write(&line);
            }
        }
    }

    /// Writes a line of an error.
    pub(super) fn fail(&mut self, text: impl fmt::Display) {
        self.write(&line(text));
    }

    /// Ignores a failure to write: there is nowhere to report it.
    fn write(&mut self, line: &str) {
        let _: io::Result<()> = self.to.write_all(line.as_bytes());
    }
}

/// Makes one safe line: tokens masked and control characters escaped, so that foreign text can neither begin a line nor
/// drive the terminal.
fn line(text: impl fmt::Display) -> String {
    format!("{}\n", quote::one_line(&text.to_string()))
}

impl Reader {
    /// Returns the reader of this process's standard error.
    pub(crate) fn of_process() -> Self {
        if io::stderr().is_terminal() {
            Self::Person
        } else if is_merged() {
            Self::ProgramOfBoth
        } else {
            Self::Program
        }
    }
}

/// Returns whether standard output and standard error are the same pipe, socket or file.
#[cfg(unix)]
fn is_merged() -> bool {
    use std::fs::File;
    use std::os::fd::{AsFd, BorrowedFd};
    use std::os::unix::fs::MetadataExt as _;

    let identity = |stream: BorrowedFd<'_>| {
        let file = File::from(stream.try_clone_to_owned()?);
        let metadata = file.metadata()?;
        Ok::<_, io::Error>((metadata.dev(), metadata.ino()))
    };
    match (
        identity(io::stdout().as_fd()),
        identity(io::stderr().as_fd()),
    ) {
        (Ok(stdout), Ok(stderr)) => stdout == stderr,
        _ => false, // one of them is closed
    }
}

#[cfg(not(unix))]
fn is_merged() -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_told_what() {
        let told = |reader, failed| {
            let mut bytes = Vec::new();
            let mut notes = Notes::new(&mut bytes, reader);
            notes.hold(Kind::Advice, "a");
            notes.hold(Kind::Finding, "b\nc");
            notes.end(failed);
            if failed {
                notes.fail("error");
            }
            notes.end(failed);
            String::from_utf8(bytes).unwrap()
        };
        for (reader, of_success, of_failure) in [
            (Reader::Person, "a\nb\\nc\n", "a\nb\\nc\nerror\n"),
            (Reader::Program, "b\\nc\n", "b\\nc\nerror\n"),
            (Reader::ProgramOfBoth, "", "b\\nc\nerror\n"),
        ] {
            assert_eq!(told(reader, false), of_success, "{reader:?}");
            assert_eq!(told(reader, true), of_failure, "{reader:?}");
        }
    }

    #[test]
    fn whoever_asks_for_a_log_is_told_all() {
        let mut bytes = Vec::new();
        let mut notes = Notes::new(&mut bytes, Reader::ProgramOfBoth);
        notes.hold(Kind::Advice, "a");
        notes.tell_all();
        notes.end(false);
        assert_eq!(bytes, b"a\n");
    }

    #[test]
    fn a_person_is_told_at_once_what_cannot_wait() {
        let told = |reader| {
            let mut bytes = Vec::new();
            let mut notes = Notes::new(&mut bytes, reader);
            notes.now(Kind::Advice, "a");
            notes.now(Kind::Finding, "b");
            let before = notes.held.len();
            notes.end(false);
            (before, String::from_utf8(bytes).unwrap())
        };
        assert_eq!(told(Reader::Person), (0, "a\nb\n".to_owned()));
        assert_eq!(told(Reader::Program), (2, "b\n".to_owned()));
        assert_eq!(told(Reader::ProgramOfBoth), (2, String::new()));
    }
}
