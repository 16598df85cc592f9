//! Folds a string as kubeadm does for both YAML formats: it writes JSON and reads that as YAML.

use std::borrow::Cow;

/// Folds U+0085, which is a line break in YAML and an ordinary character in JSON. One becomes a space, and several
/// become one line break less. Spaces around them disappear.
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
