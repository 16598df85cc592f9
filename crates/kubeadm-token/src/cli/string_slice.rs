//! pflag's `StringSlice`: a repeatable flag. Each value is one line of CSV, as Go's `encoding/csv` reads it.

use core::fmt;

/// Returns the fields of the first record. Empty for an empty value.
pub(crate) fn parse(value: &str) -> Result<Vec<String>, CsvError> {
    if value.is_empty() {
        return Ok(Vec::new());
    }
    Reader::new(value).record()
}

/// Why a value is not a line of CSV, with Go's messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CsvError {
    /// Only empty lines.
    Nothing,
    At {
        start: usize,
        line: usize,
        column: usize,
        kind: &'static str,
    },
}

const BARE_QUOTE: &str = "bare \" in non-quoted-field";
const QUOTE: &str = "extraneous or missing \" in quoted-field";

impl fmt::Display for CsvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CsvError::Nothing => f.write_str("EOF"),
            CsvError::At {
                start,
                line,
                column,
                kind,
            } => {
                if start != line {
                    write!(f, "record on line {start}; ")?;
                }
                write!(f, "parse error on line {line}, column {column}: {kind}")
            }
        }
    }
}

impl std::error::Error for CsvError {}

/// Reads lines with their `\n`. `\r\n` becomes `\n`, and a `\r` at the end of the input is dropped.
struct Reader {
    lines: std::vec::IntoIter<String>,
    /// Number of the last line that was read, counted from 1.
    read: usize,
}

impl Reader {
    fn new(value: &str) -> Self {
        let lines: Vec<_> = value
            .split_inclusive('\n')
            .map(|line| {
                if let Some(line) = line.strip_suffix("\r\n") {
                    format!("{line}\n")
                } else if line.ends_with('\n') {
                    line.to_owned()
                } else {
                    line.strip_suffix('\r').unwrap_or(line).to_owned()
                }
            })
            .collect();
        Self {
            lines: lines.into_iter(),
            read: 0,
        }
    }

    fn line(&mut self) -> Option<String> {
        self.read += 1;
        self.lines.next()
    }

    fn record(mut self) -> Result<Vec<String>, CsvError> {
        let mut line = loop {
            match self.line() {
                None => return Err(CsvError::Nothing),
                Some(line) if line == "\n" || line.is_empty() => {}
                Some(line) => break line,
            }
        };
        let start = self.read;
        let (mut fields, mut at) = (Vec::new(), 0);
        loop {
            if line[at..].starts_with('"') {
                let more;
                (more, line, at) = self.quoted(start, line, at + 1, &mut fields)?;
                if !more {
                    return Ok(fields);
                }
            } else {
                let rest = &line[at..];
                let comma = rest.find(',');
                let field = match comma {
                    Some(comma) => &rest[..comma],
                    None => rest.strip_suffix('\n').unwrap_or(rest),
                };
                if let Some(quote) = field.find('"') {
                    return Err(self.at(start, at + quote, BARE_QUOTE));
                }
                fields.push(field.to_owned());
                match comma {
                    Some(comma) => at += comma + 1,
                    None => return Ok(fields),
                }
            }
        }
    }

    /// Reads on after an opening quote. Returns the position of the next field, if there is one.
    fn quoted(
        &mut self,
        start: usize,
        mut line: String,
        mut at: usize,
        fields: &mut Vec<String>,
    ) -> Result<(bool, String, usize), CsvError> {
        let mut field = String::new();
        loop {
            let Some(quote) = line[at..].find('"') else {
                field.push_str(&line[at..]);
                let (end, number) = (line.len(), self.read);
                let Some(next) = self.line() else {
                    self.read = number;
                    return Err(self.at(start, end, QUOTE));
                };
                line = next;
                at = 0;
                continue;
            };
            field.push_str(&line[at..at + quote]);
            at += quote + 1;
            match &line[at..] {
                rest if rest.starts_with('"') => {
                    field.push('"');
                    at += 1;
                }
                rest if rest.starts_with(',') => {
                    fields.push(field);
                    return Ok((true, line, at + 1));
                }
                "" | "\n" => {
                    fields.push(field);
                    return Ok((false, line, at));
                }
                _ => return Err(self.at(start, at - 1, QUOTE)),
            }
        }
    }

    fn at(&self, start: usize, byte: usize, kind: &'static str) -> CsvError {
        CsvError::At {
            start,
            line: self.read,
            column: byte + 1,
            kind,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_go_reads() {
        for (value, fields) in [
            ("", &[][..]),
            ("a", &["a"]),
            ("a,b", &["a", "b"]),
            ("a,", &["a", ""]),
            (",", &["", ""]),
            (" a , b", &[" a ", " b"]),
            (r#""a,b",c"#, &["a,b", "c"]),
            (r#""a""b""#, &["a\"b"]),
            (r#""""#, &[""]),
            ("\"a\nb\",c", &["a\nb", "c"]),
            ("\"a\r\nb\"", &["a\nb"]),
            ("a\nb", &["a"]),
            ("\n\na\n", &["a"]),
            ("a\r", &["a"]),
            ("é,漢", &["é", "漢"]),
        ] {
            assert_eq!(parse(value).unwrap(), fields, "{value:?}");
        }
    }

    #[test]
    fn refuses_in_go_s_words() {
        for (value, says) in [
            ("\n", "EOF"),
            (
                "x\"y",
                "parse error on line 1, column 2: bare \" in non-quoted-field",
            ),
            (
                "a,b\"c",
                "parse error on line 1, column 4: bare \" in non-quoted-field",
            ),
            (
                "\"abc",
                "parse error on line 1, column 5: extraneous or missing \" in quoted-field",
            ),
            (
                "\"a\"b",
                "parse error on line 1, column 3: extraneous or missing \" in quoted-field",
            ),
            (
                "\"a\nb",
                "record on line 1; parse error on line 2, column 2: extraneous or missing \" in quoted-field",
            ),
            (
                "\"a\nb\"c",
                "record on line 1; parse error on line 2, column 2: extraneous or missing \" in quoted-field",
            ),
        ] {
            assert_eq!(parse(value).unwrap_err().to_string(), says, "{value:?}");
        }
    }
}
