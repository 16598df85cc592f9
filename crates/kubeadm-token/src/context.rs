//! The outside world of a run: streams, environment, clock.

use std::ffi::OsString;
use std::fmt;
use std::io::Read;
use std::time::SystemTime;

use crate::failure::{Chain, Failure};
use crate::notes::{Kind, Notes};
use crate::output::{Output, OutputError};

/// All of the outside world that a verb may use. Tests replace it.
pub(crate) struct Context<'a> {
    pub(crate) stdin: &'a mut dyn Read,
    pub(crate) stdout: Output<'a>,
    pub(crate) notes: Notes<'a>,
    pub(crate) env: &'a dyn Fn(&str) -> Option<OsString>,
    pub(crate) now: fn() -> SystemTime,
}

impl Context<'_> {
    /// Returns whether colour is possible and allowed: <https://no-color.org>.
    pub(crate) fn may_colour(&self) -> bool {
        let is_set = |name| (self.env)(name).is_some_and(|value| !value.is_empty());
        self.stdout.is_terminal()
            && !is_set("NO_COLOR")
            && (self.env)("TERM").is_some_and(|term| term != "dumb")
    }

    /// Warns a person, after the result, of a legal choice that may be regretted. kubeadm has no such warning.
    pub(crate) fn advise(&mut self, warning: impl fmt::Display) {
        self.add(Kind::Advice, format_args!("warning: {warning}"));
    }

    /// Warns programs too, after the result, of what the result lacks, such as a part of a configuration.
    pub(crate) fn report(&mut self, warning: impl fmt::Display) {
        self.add(Kind::Finding, format_args!("warning: {warning}"));
    }

    /// Warns like the two above, but shows the warning to a person before the command writes anything.
    pub(crate) fn warn_before(&mut self, kind: Kind, warning: impl fmt::Display) {
        self.notes.now(kind, format_args!("warning: {warning}"));
    }

    /// Adds a line after the result that is not a warning: `note: …`, `help: …`.
    pub(crate) fn add(&mut self, kind: Kind, line: impl fmt::Display) {
        self.notes.hold(kind, line);
    }

    /// Writes the rest of the result, then the notes, then the failure if there is one.
    pub(crate) fn end(&mut self, failure: Option<&Failure>, speaks: impl Fn(&str) -> String) {
        // A failure to write was reported before, or is the failure.
        let _: Result<(), OutputError> = self.stdout.flush();
        self.notes.end(failure.is_some());
        if let Some(failure) = failure {
            self.notes.fail(format_args!("error: {}", Chain(failure)));
            if let Some(help) = failure.remedy() {
                self.notes.fail(format_args!("help: {}", speaks(help)));
            }
        }
    }
}
