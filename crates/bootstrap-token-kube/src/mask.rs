//! Redacts a server's message, so that it cannot reveal a token secret.
//!
//! The API server's own validation of a Secret (`ValidateSecret` in `pkg/apis/core/validation`) names keys, never
//! values, and its decoder names positions. But an admission webhook sees the whole object on create and delete, and
//! the API server passes on its message, which may hold the secret in any encoding. Instead of searching for encodings,
//! only words of a fixed list are shown. No encoding of a secret consists of them.

use std::sync::LazyLock;

/// The words, sorted: those of Kubernetes' own comments and messages, and those common in policies.
static WORDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("mask/words.txt").lines().collect());

/// The longest text that is shown, in bytes.
const LONGEST: usize = 1000;

/// The most digits in a text that shows numbers: each may be a character of a secret.
const DIGITS: usize = 5;

/// The most punctuation marks between two words. Morse code consists of them.
const MARKS: usize = 8;

const HIDDEN: char = '…';
const REMARK: &str = " (… is not shown: it may repeat a token secret)";

/// Returns the text with everything else replaced. `known` holds words that are not secret, such as the request's path.
pub(crate) fn redact(text: &str, known: &str) -> String {
    if text.len() <= LONGEST && is_of_the_api_server(text) {
        return text.to_owned();
    }
    let (atoms, end) = split(text);
    let can_show = can_show(&atoms, known);
    let mut shown = String::with_capacity(text.len().min(LONGEST) + REMARK.len());
    let hide = |shown: &mut String| {
        if !shown.ends_with(HIDDEN) {
            shown.push(HIDDEN);
        }
    };
    for (at, atom) in atoms.iter().enumerate() {
        if shown.len() > LONGEST {
            break;
        }
        let is_inside = at > 0 && !can_show[at - 1] && !can_show[at];
        if is_inside || !is_short(atom.before) {
            hide(&mut shown);
        } else {
            shown.push_str(atom.before);
        }
        if can_show[at] {
            shown.push_str(atom.text);
        } else {
            hide(&mut shown);
        }
    }
    if shown.len() > LONGEST || !is_short(end) {
        hide(&mut shown);
    } else {
        shown.push_str(end);
    }
    if shown.contains(HIDDEN) {
        shown.push_str(REMARK);
    }
    shown
}

/// Returns the reason of a `Status` if it is made of words, as those of Kubernetes are.
pub(crate) fn reason(reason: &str) -> &str {
    if is_word(reason) { reason } else { "" }
}

/// Returns whether the API server worded this refusal itself: for the request's user and path
/// (`responsewriters.Forbidden`), or for a quota (the admission plugin `ResourceQuota`). A message of a webhook or a
/// policy never begins this way.
fn is_of_the_api_server(text: &str) -> bool {
    let Some((about, why)) = text.split_once(" is forbidden: ") else {
        return false;
    };
    let is_name = |name: &str| {
        name.bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(&b))
    };
    let is_about = match about.split_once(' ') {
        None => is_name(about),
        Some((resource, name)) => {
            let name = name
                .strip_prefix('"')
                .and_then(|name| name.strip_suffix('"'));
            is_name(resource) && name.is_some_and(is_name)
        }
    };
    let user = why
        .strip_prefix("User \"")
        .and_then(|why| why.split_once('"'));
    let is_user = user.is_some_and(|(_, cannot)| cannot.starts_with(" cannot "));
    is_about && (is_user || why.starts_with("exceeded quota: "))
}

/// A run of letters and digits, with the text before it.
struct Atom<'a> {
    before: &'a str,
    text: &'a str,
}

/// Splits a text into its atoms and the rest after the last. Non-ASCII characters count as letters.
fn split(text: &str) -> (Vec<Atom<'_>>, &str) {
    let is_mark = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric();
    let mut atoms = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c| !is_mark(c)) {
        let (before, from) = rest.split_at(start);
        let (text, behind) = from.split_at(from.find(is_mark).unwrap_or(from.len()));
        atoms.push(Atom { before, text });
        rest = behind;
    }
    (atoms, rest)
}

/// Returns whether the punctuation is too short to carry a message.
fn is_short(between: &str) -> bool {
    between.bytes().filter(|b| !b.is_ascii_whitespace()).count() <= MARKS
}

/// Decides which atoms can be shown.
fn can_show(atoms: &[Atom<'_>], known: &str) -> Vec<bool> {
    let (known, _) = split(known);
    let is_known = |text: &str| known.iter().any(|atom| atom.text == text);
    let words: Vec<bool> = atoms
        .iter()
        .map(|atom| is_known(atom.text) || is_word(atom.text))
        .collect();
    let is_number = |at: usize| !words[at] && atoms[at].text.bytes().all(|b| b.is_ascii_digit());
    let digits: usize = (0..atoms.len())
        .filter(|&at| is_number(at))
        .map(|at| atoms[at].text.len())
        .sum();
    let is_long = |at: usize| words[at] && atoms[at].text.len() > 3;
    let last = atoms.len().saturating_sub(1);
    let mut can_show: Vec<bool> = (0..atoms.len())
        .map(|at| match atoms[at].text {
            _ if words[at] => true,
            // Numbers are shown between words, not in a list or between groups of characters.
            _ if is_number(at) => {
                digits <= DIGITS && (at == 0 || is_long(at - 1)) && (at == last || is_long(at + 1))
            }
            "a" => at < last && atoms[at + 1].before == " " && words[at + 1],
            "d" | "s" | "t" => at > 0 && atoms[at].before == "'" && words[at - 1],
            _ => false,
        })
        .collect();
    hide_groups(atoms, &mut can_show);
    can_show
}

/// Hides what may be words by chance: groups of two or three characters between atoms that are not words, and runs of
/// three or more pairs.
fn hide_groups(atoms: &[Atom<'_>], can_show: &mut [bool]) {
    let is_shorter = |at: usize, than: usize| atoms[at].text.len() < than;
    let mut start = 0;
    while start < atoms.len() {
        let run = |shorter: usize| {
            let is_in = |&at: &usize| can_show[at] && is_shorter(at, shorter);
            (start..atoms.len()).take_while(is_in).count()
        };
        let (short, pairs) = (run(4), run(3));
        let end = start + short;
        let is_between =
            short > 0 && start > 0 && end < atoms.len() && !can_show[start - 1] && !can_show[end];
        if is_between {
            can_show[start..end].fill(false);
            start = end;
        } else if pairs > 2 {
            can_show[start..start + pairs].fill(false);
            start += pairs;
        } else {
            start += 1;
        }
    }
}

/// Returns whether this is a word of the list, or several in camel case.
fn is_word(text: &str) -> bool {
    let is_listed = |word: &str| {
        let word = word.to_ascii_lowercase();
        WORDS.binary_search(&&*word).is_ok()
    };
    if is_listed(text) {
        return true;
    }
    let bytes = text.as_bytes();
    let starts_word = |at: usize| {
        let is_lower = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_lowercase);
        bytes[at].is_ascii_uppercase() && (is_lower(at - 1) || is_lower(at + 1))
    };
    if !text.is_ascii() || text.is_empty() {
        return false;
    }
    let mut start = 0;
    let ends: Vec<usize> = (1..text.len())
        .filter(|&at| starts_word(at))
        .chain([text.len()])
        .collect();
    ends.into_iter().all(|end| {
        let word = &text[start..end];
        start = end;
        word.len() > 2 && is_listed(word)
    })
}

#[cfg(test)]
mod tests;
