//! What a run gets from outside: its streams, its environment, the clock.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read, Write};
use std::time::SystemTime;

use crate::quote;

/// All of the outside world that a verb may touch, so that a test can take its place.
pub(crate) struct Context<'a> {
    pub(crate) stdin: &'a mut dyn Read,
    pub(crate) stdout: &'a mut dyn Write,
    pub(crate) stderr: &'a mut dyn Write,
    /// Whether standard output is shown to a person.
    pub(crate) is_terminal: bool,
    pub(crate) env: &'a dyn Fn(&str) -> Option<OsString>,
    pub(crate) now: fn() -> SystemTime,
}

impl Context<'_> {
    /// On a terminal that can and that may: <https://no-color.org>.
    pub(crate) fn may_colour(&self) -> bool {
        let is_set = |name| (self.env)(name).is_some_and(|value| !value.is_empty());
        self.is_terminal
            && !is_set("NO_COLOR")
            && (self.env)("TERM").is_some_and(|term| term != "dumb")
    }

    /// One line on standard error, with no token in it. That it cannot be written is nothing that could be told.
    pub(crate) fn note(&mut self, line: impl fmt::Display) {
        // The order of the two streams is kept for whoever reads both.
        let _: io::Result<()> = self.stdout.flush();
        let _: io::Result<()> = writeln!(self.stderr, "{}", quote::mask(&line.to_string()));
    }

    /// One line on standard error about a choice that its maker may come to regret.
    pub(crate) fn warn(&mut self, warning: impl fmt::Display) {
        self.note(format_args!("warning: {warning}"));
    }
}
