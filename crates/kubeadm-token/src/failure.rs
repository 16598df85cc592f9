//! The error type of the command.

use std::error::Error;
use std::fmt;
use std::io;

use crate::output::OutputError;

/// An error: what went wrong, why, and how to fix it.
///
/// The text is one line. `source()` has the cause. The help is printed on a line of its own.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    source: Option<Box<dyn Error + Send + Sync>>,
    help: Option<String>,
    output_closed: bool,
}

impl Failure {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            source: None,
            help: None,
            output_closed: false,
        }
    }

    /// Adds the cause.
    pub(crate) fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Adds help: what to do next.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Returns whether the reader of standard output has closed it, as `head` does. This is not an error.
    pub(crate) fn is_output_closed(&self) -> bool {
        self.output_closed
    }

    pub(crate) fn remedy(&self) -> Option<&str> {
        self.help.as_deref()
    }
}

impl From<OutputError> for Failure {
    fn from(OutputError(error): OutputError) -> Self {
        Self {
            output_closed: error.kind() == io::ErrorKind::BrokenPipe,
            ..Self::new("cannot write to standard output")
                .because(io_reason(&error))
                .help("is the disk full? What was asked for may have been done: see `kubeadm-token list`")
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}

/// Returns the operating system's message in Go's form: no number, no capital.
pub(crate) fn io_reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

/// Displays an error and its causes on one line.
pub(crate) struct Chain<'a>(pub(crate) &'a (dyn Error + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut below = self.0.source();
        while let Some(error) = below {
            write!(f, ": {error}")?;
            below = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chain_is_told_once_and_only_a_closed_pipe_is_no_error() {
        let failure = Failure::new("a").because(Failure::new("b").because(Failure::new("c")));
        assert_eq!(Chain(&failure).to_string(), "a: b: c");
        assert!(Failure::from(OutputError(io::ErrorKind::BrokenPipe.into())).is_output_closed());
        assert!(!Failure::from(OutputError(io::ErrorKind::StorageFull.into())).is_output_closed());
    }

    #[test]
    fn the_operating_system_speaks_as_in_go() {
        for (code, says) in [
            (2, "no such file or directory"),
            (13, "permission denied"),
            (21, "is a directory"),
        ] {
            assert_eq!(io_reason(&io::Error::from_raw_os_error(code)), says);
        }
    }
}
