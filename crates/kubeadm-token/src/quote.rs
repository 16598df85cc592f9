//! Go's `%q`, which kubeadm uses for user input, and the rule for input that must not be shown.

mod unicode;

use core::fmt::Write as _;
use std::path::Path;

use bootstrap_token::{Token, TokenId, TokenSecret};
use bootstrap_token_kube::Escaped;

pub(crate) use unicode::is_printable;

/// `BootstrapTokenPattern`, as errors quote it.
pub(crate) const TOKEN_PATTERN: &str = r"\A([a-z0-9]{6})\.([a-z0-9]{16})\z";

/// `BootstrapTokenIDPattern`, as errors quote it.
pub(crate) const TOKEN_ID_PATTERN: &str = r"\A([a-z0-9]{6})\z";

/// Quotes as `strconv.Quote` does.
pub(crate) fn go(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\x07' => quoted.push_str("\\a"),
            '\x08' => quoted.push_str("\\b"),
            '\x0c' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\x0b' => quoted.push_str("\\v"),
            '\0'..' ' | '\x7f' => push_hex(&mut quoted, 'x', 2, c),
            c if !is_printable(c) => {
                if u32::from(c) > 0xFFFF {
                    push_hex(&mut quoted, 'U', 8, c);
                } else {
                    push_hex(&mut quoted, 'u', 4, c);
                }
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn push_hex(to: &mut String, kind: char, width: usize, c: char) {
    // Writing to a String does not fail.
    let _ = write!(to, "\\{kind}{:0width$x}", u32::from(c));
}

/// Quotes user input for an error. Shows only its length if it may hold a misplaced token.
pub(crate) fn shown(text: &str) -> String {
    if may_hold_secret(text) {
        format!("({} characters, not shown)", text.chars().count())
    } else {
        go(text)
    }
}

/// Shows user input without quotes, where kubeadm has none.
pub(crate) fn shown_bare(text: &str) -> String {
    if may_hold_secret(text) {
        shown(text)
    } else {
        text.to_owned()
    }
}

/// Shows the path of a file that cannot be opened. Shows only its length if it is a single word that may be a token. A
/// short name such as `cluster1` is always shown.
pub(crate) fn shown_path(path: &Path) -> String {
    let text = path.to_string_lossy();
    if path.components().count() == 1 && holds_run(&text, 12) {
        shown_bare(&text)
    } else {
        text.into_owned()
    }
}

/// Returns whether the text may hold a token, or at least half of a token's secret. That is: eight letters and digits
/// in a row, some of each; sixteen in a row, with a digit among them or a dot in the text; or exactly as many small
/// letters as a secret has, or an ID and a secret without the dot. Numbers with units, such as durations, do not count.
pub(crate) fn may_hold_secret(text: &str) -> bool {
    holds_run(text, 8)
}

fn holds_run(text: &str, least: usize) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric()).any(|run| {
        let digits = run.bytes().any(|b| b.is_ascii_digit());
        let letters = run.bytes().any(|b| b.is_ascii_alphabetic());
        let is_long = run.len() >= 16 && (digits || text.contains('.')) || is_of_letters(run);
        (run.len() >= least && digits && letters || is_long) && !is_amount(run)
    })
}

/// Returns whether the run may be a secret, or an ID and a secret, without digits. One secret in two hundred has none.
fn is_of_letters(run: &str) -> bool {
    [TokenSecret::LEN, TokenId::LEN + TokenSecret::LEN].contains(&run.len())
        && run.bytes().all(|b| b.is_ascii_lowercase())
}

/// Returns whether the run is numbers with units of time, as in `1h30m`. They may be too large, or have units that Go
/// does not know.
fn is_amount(run: &str) -> bool {
    const UNITS: [&str; 24] = [
        "ns", "us", "ms", "s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute",
        "minutes", "h", "hr", "hrs", "hour", "hours", "d", "day", "days", "w", "week", "weeks",
    ];
    let is_digit = |c: char| c.is_ascii_digit();
    let mut rest = run;
    let mut units = 0;
    while rest.starts_with(is_digit) {
        rest = rest.trim_start_matches(is_digit);
        let unit = &rest[..rest.find(is_digit).unwrap_or(rest.len())];
        rest = &rest[unit.len()..];
        if UNITS.contains(&&*unit.to_ascii_lowercase()) {
            units += 1;
        } else if !unit.is_empty() {
            return false;
        }
    }
    rest.is_empty() && units > 0
}

/// Makes one safe line for standard error: tokens masked, control and invisible characters escaped.
pub(crate) fn one_line(text: &str) -> String {
    Escaped(mask(text)).to_string()
}

/// Masks every text in the form of a token. It is the last line of defense.
fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let window = rest.get(..Token::LEN);
        if let Some(token) = window.filter(|window| Token::is_valid(window)) {
            masked.push_str(&token[..=TokenId::LEN]);
            masked.push_str("***");
            rest = &rest[Token::LEN..];
        } else {
            masked.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    masked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_as_go_does() {
        for (text, quoted) in [
            ("", r#""""#),
            ("a b", r#""a b""#),
            ("\"\\", r#""\"\\""#),
            (
                "\x07\x08\x0c\n\r\t\x0b\0\x1b\x7f",
                r#""\a\b\f\n\r\t\v\x00\x1b\x7f""#,
            ),
            ("é漢🦀", r#""é漢🦀""#),
            (
                "\u{85}\u{200b}\u{feff}\u{e0001}",
                r#""\u0085\u200b\ufeff\U000e0001""#,
            ),
        ] {
            assert_eq!(go(text), quoted);
        }
    }

    #[test]
    fn a_token_in_a_line_is_masked() {
        assert_eq!(mask("é x=abcdef.f395accd246ae52d."), "é x=abcdef.***.");
        assert_eq!(mask("abcdef.f395accd246ae52"), "abcdef.f395accd246ae52");
        assert_eq!(mask(""), "");
    }

    #[test]
    fn a_line_stays_one_and_drives_no_terminal() {
        assert_eq!(
            one_line("é \x1b[2J\nhelp: abcdef.f395accd246ae52d\u{202e}\n"),
            r"é \u001b[2J\nhelp: abcdef.***\u202e\n"
        );
    }

    #[test]
    fn a_path_is_shown_unless_it_is_a_token() {
        for path in [
            "cluster1",
            "cluster1.kubeconfig",
            "/tmp/0123456789abcdef/config",
            "token",
        ] {
            assert_eq!(shown_path(path.as_ref()), path);
        }
        for path in [
            "abcdef.0123456789abcdef",
            "0123456789abcdef",
            "abcdef.0123456789abc",
        ] {
            assert_eq!(shown_path(path.as_ref()), shown(path));
        }
    }

    #[test]
    fn what_may_be_a_token_is_not_shown() {
        for text in [
            "abcdef.0123456789abcdef",
            "ABCDEF.0123456789ABCDEF",
            "abcdef.0123456789abcde",
            "--abcdef.0123456789abcdef",
            "0123456789abcdef",
            "0123456789012345",
            "abcdef.abcdefghijklmnop",
            "abcdefghijklmnop",
            "abcdefghijklmnopqrstuv",
            // everything except units of time
            "9r2c3d4e",
            "12345678x1h",
            "h12345678",
            "1h2m3s4d5q",
        ] {
            assert_eq!(
                shown(text),
                format!("({} characters, not shown)", text.len())
            );
            assert_eq!(shown_bare(text), shown(text));
        }
        for text in [
            "creat",
            "24h0m0s",
            "99999999999",
            "9999999h",
            "1440minutes",
            "1DAY12HOURS",
            "2562047h47m16.854775808s",
            "10000000000000000000ns",
            "2>&1",
            "\u{2014}print-join-command",
            "system:bootstrappers:kubeadm:default-node-token",
            "signing",
            "authenticationsigning",
            "localAPIEndpoint",
        ] {
            assert_eq!(shown(text), go(text));
            assert_eq!(shown_bare(text), text);
        }
    }
}
