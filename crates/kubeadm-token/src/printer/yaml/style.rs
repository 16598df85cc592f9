//! Chooses and writes the style of a string, as the emitter of `go.yaml.in/yaml/v2` does: plain, single or double
//! quotes, or a literal block.

use std::fmt::Write as _;

use bootstrap_token_kube::Escaped;

use crate::yaml::{is_a_number_to_some, is_not_a_string};

/// A line is broken at the first space past this column.
const BEST_WIDTH: usize = 80;

/// Spaces per level.
const INDENT: usize = 2;

/// Writes a string as kubeadm does.
pub(super) fn emit(value: &str, indent: usize, column: usize) -> String {
    emit_with(is_printable, is_not_a_string(value), value, indent, column)
}

/// Writes a string with control and invisible characters escaped.
pub(super) fn emit_plain(value: &str, indent: usize, column: usize) -> String {
    emit_with(
        drives_nothing,
        is_not_a_string(value),
        value,
        indent,
        column,
    )
}

/// Writes a string that every reader takes for a string, with control and invisible characters escaped.
pub(super) fn emit_for_all(value: &str, indent: usize, column: usize) -> String {
    // YAML 1.1 has tags for `=` and `<<`, which some readers cannot construct.
    let must_be_quoted =
        is_not_a_string(value) || is_a_number_to_some(value) || matches!(value, "=" | "<<");
    emit_with(drives_nothing, must_be_quoted, value, indent, column)
}

fn drives_nothing(c: char) -> bool {
    is_printable(c) && (c == '\n' || Escaped(c).is_plain())
}

fn emit_with(
    is_printable: fn(char) -> bool,
    must_be_quoted: bool,
    value: &str,
    indent: usize,
    column: usize,
) -> String {
    let traits = Traits::of(value, is_printable);
    let mut emitter = Emitter {
        out: String::with_capacity(value.len() + 2),
        column,
        indent: indent + INDENT,
        breaks: false,
        is_printable,
    };
    if value.contains('\n') && traits.block {
        emitter.literal(value);
    } else if value.contains('\n') || must_be_quoted {
        emitter.double_quoted(value);
    } else if traits.plain {
        emitter.plain(value);
    } else if traits.single_quoted {
        emitter.single_quoted(value);
    } else {
        emitter.double_quoted(value);
    }
    emitter.out
}

/// The styles that are possible for a string.
struct Traits {
    plain: bool,
    single_quoted: bool,
    block: bool,
}

impl Traits {
    /// Analyzes a string as `yaml_emitter_analyze_scalar` does in a block context.
    fn of(value: &str, is_printable: fn(char) -> bool) -> Self {
        let chars: Vec<char> = value.chars().collect();
        let blank_at = |at: usize| chars.get(at).is_none_or(|c| matches!(c, ' ' | '\t'));
        let break_at = |at: usize| chars.get(at).copied().is_some_and(is_break);

        let mut indicators = value.starts_with("---") || value.starts_with("...");
        let (mut breaks, mut special) = (false, false);
        let (mut space_break, mut break_space) = (false, false);
        for (at, &c) in chars.iter().enumerate() {
            let first = at == 0;
            let after_white = first || blank_at(at - 1) || break_at(at - 1);
            indicators |= match c {
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%'
                | '@' | '`' => first,
                '?' | '-' => first && blank_at(at + 1),
                ':' => blank_at(at + 1),
                '#' => after_white,
                _ => false,
            };
            special |= !is_printable(c);
            breaks |= is_break(c);
            break_space |= c == ' ' && !first && break_at(at - 1);
            space_break |= is_break(c) && !first && chars[at - 1] == ' ';
        }
        let edge = |c: Option<&char>| c.is_some_and(|c| *c == ' ' || is_break(*c));
        Self {
            plain: !(indicators
                || breaks
                || special
                || break_space
                || space_break
                || edge(chars.first())
                || edge(chars.last())),
            single_quoted: !(special || break_space || space_break),
            block: !(special || space_break || chars.last() == Some(&' ') || chars.is_empty()),
        }
    }
}

fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Returns whether the emitter prints the character as it is: no tab, no byte order mark, nothing past U+FFFF.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}')
        && c != '\u{feff}'
}

struct Emitter {
    out: String,
    column: usize,
    indent: usize,
    /// Whether the last character was a line break.
    breaks: bool,
    is_printable: fn(char) -> bool,
}

impl Emitter {
    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn put_break(&mut self, c: char) {
        self.out.push(c);
        self.column = 0;
    }

    /// Continues on the next line, or on this one if it has just begun.
    fn write_indent(&mut self) {
        if !self.breaks {
            self.put_break('\n');
        }
        while self.column < self.indent {
            self.put(' ');
        }
        self.breaks = false;
    }

    fn plain(&mut self, value: &str) {
        self.flow(value, Self::put);
    }

    fn single_quoted(&mut self, value: &str) {
        self.put('\'');
        self.flow(value, |emitter, c| {
            if c == '\'' {
                emitter.put('\'');
            }
            emitter.put(c);
        });
        self.put('\'');
    }

    /// Writes a plain or single-quoted text. Breaks a long line at a single space.
    fn flow(&mut self, value: &str, put: impl Fn(&mut Self, char)) {
        let quoted = !self.out.is_empty();
        let chars: Vec<char> = value.chars().collect();
        let mut spaces = false;
        for (at, &c) in chars.iter().enumerate() {
            if c == ' ' {
                let inside = !quoted || at > 0 && at + 1 < chars.len();
                if !spaces && self.column > BEST_WIDTH && inside && chars.get(at + 1) != Some(&' ')
                {
                    self.write_indent();
                } else {
                    self.put(c);
                }
                spaces = true;
            } else if is_break(c) {
                self.put_break(c);
                self.breaks = true;
            } else {
                if self.breaks {
                    self.write_indent();
                }
                put(self, c);
                spaces = false;
            }
        }
    }

    fn double_quoted(&mut self, value: &str) {
        self.put('"');
        let chars: Vec<char> = value.chars().collect();
        // The emitter first looks for a byte order mark at the start only, and then at each character.
        let marked = chars.first() == Some(&'\u{feff}');
        let mut spaces = false;
        for (at, &c) in chars.iter().enumerate() {
            if marked || !(self.is_printable)(c) || is_break(c) || matches!(c, '"' | '\\') {
                self.escape(c);
                spaces = false;
            } else if c == ' ' {
                let inside = at > 0 && at + 1 < chars.len();
                if !spaces && self.column > BEST_WIDTH && inside {
                    self.write_indent();
                    if chars.get(at + 1) == Some(&' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(c);
                }
                spaces = true;
            } else {
                self.put(c);
                spaces = false;
            }
        }
        self.put('"');
    }

    fn escape(&mut self, c: char) {
        let short = match c {
            '\0' => '0',
            '\x07' => 'a',
            '\x08' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\x0b' => 'v',
            '\x0c' => 'f',
            '\r' => 'r',
            '\x1b' => 'e',
            '"' | '\\' => c,
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => {
                let code = u32::from(c);
                let before = self.out.len();
                // Writing to a String does not fail.
                let _ = match code {
                    ..=0xFF => write!(self.out, "\\x{code:02X}"),
                    0x100..=0xFFFF => write!(self.out, "\\u{code:04X}"),
                    _ => write!(self.out, "\\U{code:08X}"),
                };
                self.column += self.out.len() - before;
                return;
            }
        };
        self.put('\\');
        self.put(short);
    }

    fn literal(&mut self, value: &str) {
        self.put('|');
        if value.starts_with(' ') || value.starts_with(is_break) {
            self.out.push_str(&INDENT.to_string());
        }
        let mut backwards = value.chars().rev();
        match (
            backwards.next().map(is_break),
            backwards.next().map(is_break),
        ) {
            (Some(true), None | Some(true)) => self.put('+'),
            (Some(true), Some(false)) => {}
            _ => self.put('-'),
        }
        self.put_break('\n');
        self.breaks = true;
        for c in value.chars() {
            if is_break(c) {
                self.put_break(c);
                self.breaks = true;
            } else {
                if self.breaks {
                    self.write_indent();
                }
                self.put(c);
            }
        }
    }
}
