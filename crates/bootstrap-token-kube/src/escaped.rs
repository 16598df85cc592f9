use core::fmt::{self, Write};

/// Prints others' text safely on a terminal and on one line.
///
/// An API server's message, the names in its certificate and the fields of a token come from anybody who could write
/// them. Control characters drive a terminal, a line break starts a line that looks like the program's own, and
/// invisible or bidirectional characters disguise text. Each is printed as a JSON escape: `\n`, `\u001b`, `\u202e`. A
/// backslash is not escaped.
///
/// ```
/// use bootstrap_token_kube::Escaped;
///
/// let message = "denied\nhelp: run \u{1b}[1mthis";
/// assert_eq!(Escaped(message).to_string(), r"denied\nhelp: run \u001b[1mthis");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Escaped<T>(pub T);

impl Escaped<char> {
    /// Returns whether the character is printed unchanged.
    pub fn is_plain(self) -> bool {
        match self.0 {
            ' '..='~' => true,
            '\0'..='\u{9f}' => false,
            c => {
                let behind = HIDDEN.partition_point(|(first, _)| *first <= c);
                behind == 0 || HIDDEN[behind - 1].1 < c
            }
        }
    }
}

/// Characters past U+009F that are invisible and change how others look: Unicode's `Default_Ignorable_Code_Point`, the
/// line and paragraph separators, and the interlinear annotations. U+FE00 to U+FE0F are missing: they select the form
/// of an emoji.
#[rustfmt::skip]
const HIDDEN: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),       // soft hyphen
    ('\u{34f}', '\u{34f}'),     // combining grapheme joiner
    ('\u{61c}', '\u{61c}'),     // Arabic letter mark
    ('\u{115f}', '\u{1160}'),   // Hangul fillers
    ('\u{17b4}', '\u{17b5}'),   // Khmer inherent vowels
    ('\u{180b}', '\u{180f}'),   // Mongolian variation selectors
    ('\u{200b}', '\u{200f}'),   // zero width, direction marks
    ('\u{2028}', '\u{202e}'),   // separators, bidirectional embeddings and overrides
    ('\u{2060}', '\u{206f}'),   // word joiner, invisible operators, bidirectional isolates
    ('\u{3164}', '\u{3164}'),   // Hangul filler
    ('\u{feff}', '\u{feff}'),   // byte order mark
    ('\u{ffa0}', '\u{ffa0}'),   // halfwidth Hangul filler
    ('\u{fff0}', '\u{fffb}'),   // unassigned, interlinear annotations
    ('\u{1bca0}', '\u{1bca3}'), // shorthand format controls
    ('\u{1d173}', '\u{1d17a}'), // musical format controls
    ('\u{e0000}', '\u{e0fff}'), // tags, variation selectors
];

impl<T: fmt::Display> fmt::Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

/// Escapes while writing, without a copy of a text that may be long.
struct Escaping<'a, 'f>(&'a mut fmt::Formatter<'f>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(|c| !Escaped(c).is_plain()) {
            let (plain, from) = rest.split_at(at);
            self.0.write_str(plain)?;
            let mut chars = from.chars();
            chars.next().map_or(Ok(()), |c| self.escape(c))?;
            rest = chars.as_str();
        }
        self.0.write_str(rest)
    }
}

impl Escaping<'_, '_> {
    fn escape(&mut self, c: char) -> fmt::Result {
        match c {
            '\n' => self.0.write_str("\\n"),
            '\r' => self.0.write_str("\\r"),
            '\t' => self.0.write_str("\\t"),
            _ => c
                .encode_utf16(&mut [0; 2])
                .iter()
                .try_for_each(|unit| write!(self.0, "\\u{unit:04x}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readable_text_is_unchanged() {
        for text in ["", "a b~\"\\", "é漢🦀❤\u{fe0f}", "\u{a0}\u{fffd}שלום"] {
            assert_eq!(Escaped(text).to_string(), text);
        }
    }

    #[test]
    fn control_and_invisible_characters_are_escaped() {
        for (text, shown) in [
            ("\u{1b}]52;c;eA==\u{7}", r"\u001b]52;c;eA==\u0007"),
            ("a\r\n\tb", r"a\r\n\tb"),
            (
                "\0\u{7f}\u{80}\u{9b}\u{9f}",
                r"\u0000\u007f\u0080\u009b\u009f",
            ),
            ("\u{ad}\u{61c}", r"\u00ad\u061c"),
            (
                "\u{200b}\u{200f}\u{2028}\u{2029}",
                r"\u200b\u200f\u2028\u2029",
            ),
            (
                "\u{202a}\u{202e}\u{2066}\u{2069}",
                r"\u202a\u202e\u2066\u2069",
            ),
            ("\u{2060}\u{feff}\u{fff9}", r"\u2060\ufeff\ufff9"),
            ("x\u{e0041}\u{e01ef}", r"x\udb40\udc41\udb40\uddef"),
        ] {
            assert_eq!(Escaped(text).to_string(), shown, "{text:?}");
            // Tests writing in pieces.
            let pieces = format_args!("{}{}", &text[..0], text);
            assert_eq!(Escaped(pieces).to_string(), shown);
        }
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(HIDDEN.iter().all(|(first, last)| first <= last));
        assert!(HIDDEN.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }
}
