//! The words of a line, as a shell would take them.

/// Words between white space. `'…'` is taken as it is, `"…"` as a JSON string; both may stand within a word.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        match c {
            ' ' => {
                words.extend(word.take());
                rest = &rest[1..];
            }
            '\'' => {
                let end = rest[1..].find('\'').expect("a closing '") + 1;
                word.get_or_insert_default().push_str(&rest[1..end]);
                rest = &rest[end + 1..];
            }
            '"' => {
                let mut strings = serde_json::Deserializer::from_str(rest).into_iter::<String>();
                let text = strings.next().unwrap().expect("a JSON string");
                word.get_or_insert_default().push_str(&text);
                rest = &rest[strings.byte_offset()..];
            }
            c => {
                word.get_or_insert_default().push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
    }
    words.extend(word);
    words
}
