//! What a run gets from outside: its streams, its environment, the clock.

use std::ffi::OsString;
use std::fmt;
use std::io::{self, Read, Write};
use std::time::SystemTime;

use crate::output::{Output, OutputError};
use crate::quote;

/// All of the outside world that a verb may touch, so that a test can take its place.
pub(crate) struct Context<'a> {
    pub(crate) stdin: &'a mut dyn Read,
    pub(crate) stdout: Output<'a>,
    pub(crate) stderr: &'a mut dyn Write,
    pub(crate) env: &'a dyn Fn(&str) -> Option<OsString>,
    pub(crate) now: fn() -> SystemTime,
}

impl Context<'_> {
    /// On a terminal that can and that may: <https://no-color.org>.
    pub(crate) fn may_colour(&self) -> bool {
        let is_set = |name| (self.env)(name).is_some_and(|value| !value.is_empty());
        self.stdout.is_terminal()
            && !is_set("NO_COLOR")
            && (self.env)("TERM").is_some_and(|term| term != "dumb")
    }

    /// Writes one line to standard error. Tokens in it are masked, and control characters escaped: text of others can
    /// neither begin a line nor drive the terminal. A failure to write has nowhere to be reported.
    pub(crate) fn note(&mut self, line: impl fmt::Display) {
        // Keeps the order of the two streams for a reader of both.
        let _: Result<(), OutputError> = self.stdout.flush();
        let line = format!("{}\n", quote::one_line(&line.to_string()));
        let _: io::Result<()> = self.stderr.write_all(line.as_bytes());
    }

    /// One line on standard error about a choice that its maker may come to regret.
    pub(crate) fn warn(&mut self, warning: impl fmt::Display) {
        self.note(format_args!("warning: {warning}"));
    }
}
