//! What becomes of a string on its way through JSON that is read as YAML, which kubeadm takes for both YAML
//! formats.

use std::borrow::Cow;

/// U+0085 is a line break to YAML and nothing to JSON: it stands in quotes as it is, and is read as a fold. Of
/// one a space is left, of several one line break less, and nothing of the spaces around them.
pub(super) fn folded(text: &str) -> Cow<'_, str> {
    const NEXT_LINE: char = '\u{85}';
    if !text.contains(NEXT_LINE) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find([' ', NEXT_LINE]) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c| c != ' ' && c != NEXT_LINE);
        let (white, behind) = from.split_at(end.unwrap_or(from.len()));
        folded.push_str(before);
        match white.chars().filter(|c| *c == NEXT_LINE).count() {
            0 => folded.push_str(white),
            1 => folded.push(' '),
            several => folded.extend((1..several).map(|_| '\n')),
        }
        rest = behind;
    }
    folded.push_str(rest);
    Cow::Owned(folded)
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn spaces_stay_where_no_line_is_broken() {
        for (text, read) in [
            ("", ""),
            (" a  b\n ", " a  b\n "),
            ("a\u{85}b", "a b"),
            ("a  \u{85} b  c", "a b  c"),
            ("\u{85}a\u{85} \u{85}\u{85}", " a\n\n"),
        ] {
            assert_eq!(folded(text), read, "{text:?}");
        }
    }
}
