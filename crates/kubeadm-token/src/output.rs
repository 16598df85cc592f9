//! Standard output. Foreign text cannot drive the terminal.

use std::fmt;
use std::io::{self, Write};

use bootstrap_token_kube::Escaped;

/// The only way to standard output. It decides what is escaped.
pub(crate) struct Output<'a> {
    to: &'a mut dyn Write,
    is_terminal: bool,
}

/// Standard output cannot be written.
#[derive(Debug)]
pub(crate) struct OutputError(pub(crate) io::Error);

/// Our own control characters: line breaks, and the colors of a table.
const OURS: [&str; 4] = ["\n", "\x1b[31m", "\x1b[33m", "\x1b[0m"];

impl<'a> Output<'a> {
    pub(crate) fn new(to: &'a mut dyn Write, is_terminal: bool) -> Self {
        Self { to, is_terminal }
    }

    /// Returns whether standard output is a terminal.
    pub(crate) fn is_terminal(&self) -> bool {
        self.is_terminal
    }

    /// Writes text. On a terminal, escapes all control characters except [`OURS`]: line breaks in the text must be
    /// ours.
    pub(crate) fn print(&mut self, text: &str) -> Result<(), OutputError> {
        if self.is_terminal {
            return self.write_fmt(format_args!("{text}"));
        }
        self.to.write_all(text.as_bytes()).map_err(OutputError)
    }

    /// Supports `write!`.
    pub(crate) fn write_fmt(&mut self, text: fmt::Arguments<'_>) -> Result<(), OutputError> {
        if !self.is_terminal {
            return self.to.write_fmt(text).map_err(OutputError);
        }
        let mut terminal = Terminal {
            to: &mut *self.to,
            error: None,
        };
        match fmt::write(&mut terminal, text) {
            Ok(()) => Ok(()),
            Err(fmt::Error) => Err(OutputError(
                terminal
                    .error
                    .unwrap_or_else(|| io::ErrorKind::Other.into()),
            )),
        }
    }

    /// Writes the output of a user's template unchanged. Its control characters are the user's own, and its values are
    /// already escaped.
    pub(crate) fn print_rendered(&mut self, bytes: &[u8]) -> Result<(), OutputError> {
        self.to.write_all(bytes).map_err(OutputError)
    }

    pub(crate) fn flush(&mut self) -> Result<(), OutputError> {
        self.to.flush().map_err(OutputError)
    }
}

struct Terminal<'a> {
    to: &'a mut dyn Write,
    error: Option<io::Error>,
}

impl Terminal<'_> {
    fn show(&mut self, text: &str) -> io::Result<()> {
        let mut rest = text;
        while let Some(at) = rest.find(|c| !Escaped(c).is_plain()) {
            let (plain, from) = rest.split_at(at);
            self.to.write_all(plain.as_bytes())?;
            let mut chars = from.chars();
            rest = if let Some(ours) = OURS.into_iter().find(|ours| from.starts_with(ours)) {
                self.to.write_all(ours.as_bytes())?;
                &from[ours.len()..]
            } else {
                if let Some(c) = chars.next() {
                    write!(self.to, "{}", Escaped(c))?;
                }
                chars.as_str()
            };
        }
        self.to.write_all(rest.as_bytes())
    }
}

impl fmt::Write for Terminal<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.show(text).map_err(|error| {
            self.error = Some(error);
            fmt::Error
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(text: &str, is_terminal: bool) -> String {
        let mut bytes = Vec::new();
        let mut output = Output::new(&mut bytes, is_terminal);
        output.print(text).unwrap();
        writeln!(output, "{text}").unwrap();
        output.flush().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_terminal_gets_our_own_control_characters_and_no_others() {
        let text = "é\n\x1b[33mx\x1b[0m\x1b[8m\t\r\u{9b}\u{202e}";
        assert_eq!(printed(text, false), format!("{text}{text}\n"));
        let shown = "é\n\x1b[33mx\x1b[0m\\u001b[8m\\t\\r\\u009b\\u202e";
        assert_eq!(printed(text, true), format!("{shown}{shown}\n"));
    }

    #[test]
    fn templates_write_what_they_like() {
        let mut bytes = Vec::new();
        let mut output = Output::new(&mut bytes, true);
        output.print_rendered(b"\x1b[1m\t\xFF").unwrap();
        assert_eq!(bytes, b"\x1b[1m\t\xFF");
    }

    #[test]
    fn an_error_of_the_terminal_is_told() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::StorageFull.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        for is_terminal in [false, true] {
            let error = Output::new(&mut Full, is_terminal).print("x").unwrap_err();
            assert_eq!(error.0.kind(), io::ErrorKind::StorageFull);
        }
    }
}
