//! Recognizes texts that people give instead of a token, by their form alone, so that nothing of a token is shown.

use bootstrap_token::Token;

/// A text that people give instead of a token, or around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lookalike {
    Utf16,
    ByteOrderMark,
    WindowsLineEnd,
    Pem,
    JoinCommand,
    K3s,
    Pin,
    Document,
    Assignment,
    Variable,
    Quoted,
    LongDash,
    Redirection,
}

impl Lookalike {
    /// Recognizes a text, or the first 25 bytes of a longer one.
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        let is_utf16 = match text {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
            [a, 0, b, 0, ..] | [0, a, 0, b, ..] => *a != 0 && *b != 0,
            _ => false,
        };
        if is_utf16 {
            return Some(Self::Utf16);
        }
        if text.starts_with("\u{feff}".as_bytes()) {
            return Some(Self::ByteOrderMark);
        }
        let without = text.strip_suffix(b"\r");
        if without.is_some_and(|text| Token::from_bytes(text).is_ok()) {
            return Some(Self::WindowsLineEnd);
        }
        // The part that is UTF-8, without a copy of it.
        let text = match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(error) => core::str::from_utf8(&text[..error.valid_up_to()]).ok()?,
        };
        let text = text.trim();
        let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| text.starts_with(prefix));
        let is_k3s = text.strip_prefix("K10").is_some_and(|rest| {
            let hash = rest.split("::").next().unwrap_or_default();
            hash.len() > 6 && hash.bytes().all(|b| b.is_ascii_hexdigit())
        });
        let found = if starts(&["-----BEGIN"]) {
            Self::Pem
        } else if text.contains("kubeadm join") || text.contains("kubeadm  join") {
            Self::JoinCommand
        } else if is_k3s {
            Self::K3s
        } else if starts(&["sha256:"]) {
            Self::Pin
        } else if starts(&["{", "---", "apiVersion:", "kind:"]) {
            Self::Document
        } else if starts(&["\"", "'", "`", "\u{201c}", "\u{201e}", "\u{2018}", "\u{ab}"]) {
            Self::Quoted
        } else if starts(&["\u{2013}", "\u{2014}", "\u{2012}", "\u{2015}", "\u{2212}"]) {
            Self::LongDash
        } else if is_assignment(text) {
            Self::Assignment
        } else if starts(&["$", "%", "<"]) && !text.starts_with("<<") {
            Self::Variable
        } else if text.contains(['>', '|']) {
            Self::Redirection
        } else {
            return None;
        };
        Some(found)
    }

    /// Names what was given.
    pub(super) fn fault(self) -> &'static str {
        match self {
            Self::Utf16 => "it is UTF-16, as Windows writes it",
            Self::ByteOrderMark => "it begins with a byte order mark, as Windows writes it",
            Self::WindowsLineEnd => "it ends with a Windows line end (CR LF)",
            Self::Pem => "it is a PEM file",
            Self::JoinCommand => "it is a `kubeadm join` command",
            Self::K3s => "it is a token of k3s, which begins with K10 and a hash",
            Self::Pin => "it is a public key pin",
            Self::Document => "it is a YAML or JSON document",
            Self::Assignment => "it has a name before the token, as in TOKEN=...",
            Self::Variable => "it is the name of a variable or a placeholder",
            Self::Quoted => "it begins with a quotation mark",
            Self::LongDash => {
                "it begins with a long dash, as web pages and word processors make it of hyphens"
            }
            Self::Redirection => "it holds a redirection or a pipe, which the shell has not seen",
        }
    }

    /// Returns the help.
    pub(super) fn help(self) -> &'static str {
        match self {
            Self::Utf16 => {
                "save it as UTF-8 or ASCII: in PowerShell, `Set-Content -Encoding ascii`, not `>`"
            }
            Self::ByteOrderMark => "save it as UTF-8 without a byte order mark, or as ASCII",
            Self::WindowsLineEnd => "save it with Unix line ends, as by `tr -d '\\r'`",
            Self::JoinCommand => "give only what stands behind --token in it",
            Self::K3s => {
                "give only what stands behind the last `::` in it, if that is six characters, a dot and sixteen characters; the longer token of a k3s server is no bootstrap token"
            }
            Self::Pin => {
                "that belongs to --ca-pin; give the token: six characters, a dot, sixteen characters"
            }
            Self::Pem | Self::Document => {
                "give the token and nothing else: six characters, a dot, sixteen characters; `--config` takes a configuration of kubeadm"
            }
            Self::Assignment => "give what stands behind the name, and nothing else",
            Self::Variable => {
                "give the token itself; in single quotes the shell puts nothing in a variable's place"
            }
            Self::Quoted => "leave the quotation marks out",
            Self::LongDash => "type the flag with two hyphens: `--`",
            Self::Redirection => {
                "leave out the quotation marks around it, so that the shell sees it"
            }
        }
    }
}

/// Returns whether the text is a name with `token` in it or a name before a `=`, as in a shell, a file of variables or
/// YAML.
fn is_assignment(text: &str) -> bool {
    let text = text.strip_prefix("export ").unwrap_or(text);
    let Some(end) = text.find(['=', ':']) else {
        return false;
    };
    let name = text[..end].trim_end();
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    let says_token = name.to_ascii_lowercase().contains("token");
    let is_key = text[end..].starts_with('=') || text[end..].starts_with(": ");
    is_name && (is_key || says_token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_told_by_its_form() {
        use Lookalike::{
            Assignment, ByteOrderMark, Document, JoinCommand, K3s, LongDash, Pem, Pin, Quoted,
            Redirection, Utf16, Variable, WindowsLineEnd,
        };
        for (text, found) in [
            (&b"\xff\xfek\0"[..], Some(Utf16)),
            (b"\xfe\xff\0k", Some(Utf16)),
            (b"k\x003\0x\0", Some(Utf16)),
            (b"\0k\x003\0x", Some(Utf16)),
            (b"\xef\xbb\xbfk3x9qf.7w2m", Some(ByteOrderMark)),
            (b"k3x9qf.7w2mz0r8tc4vb1nj\r", Some(WindowsLineEnd)),
            (b"-----BEGIN CERTIFICATE---", Some(Pem)),
            (b"sudo kubeadm join 10.0.0.", Some(JoinCommand)),
            (b"kubeadm join cp:6443 --to", Some(JoinCommand)),
            (b"K10c2f1a7b8c9d0e1f2a3b4c5", Some(K3s)),
            (b"K10c2f1a7b::k3x9qf.7w2mz0", Some(K3s)),
            (b"sha256:abcdef", Some(Pin)),
            (b"{\"token\":\"k3x9qf.7w2mz0", Some(Document)),
            (b"apiVersion: kubeadm.k8s.i", Some(Document)),
            (b"TOKEN=k3x9qf.7w2mz0r8tc4v", Some(Assignment)),
            (b"export X=k3x9qf.7w2mz0r8t", Some(Assignment)),
            (b"token: k3x9qf.7w2mz0r8tc4", Some(Assignment)),
            (b"Token:k3x9qf.7w2mz0r8tc4v", Some(Assignment)),
            (b"\"k3x9qf.7w2mz0r8tc4vb1nj\"", Some(Quoted)),
            ("\u{201c}k3x9qf".as_bytes(), Some(Quoted)),
            ("\u{2014}print-join-command".as_bytes(), Some(LongDash)),
            ("\u{2013}ttl".as_bytes(), Some(LongDash)),
            (b"$TOKEN", Some(Variable)),
            (b"%TOKEN%", Some(Variable)),
            (b"<token>", Some(Variable)),
            (b"2>&1", Some(Redirection)),
            (b">token", Some(Redirection)),
            (b"|tee", Some(Redirection)),
            // left to the token's own parser
            (b"", None),
            (b"\0\0\0\0\0\0", None),
            (b"foo", None),
            (b"k3x9qf:7w2mz0r8tc4vb1nj", None),
            (b"K10abc", None),
            (b"k3x9qf.7w2mz0r8tc4vb1n\r", None),
            (b"\xff", None),
        ] {
            assert_eq!(Lookalike::of(text), found, "{}", text.escape_ascii());
        }
    }
}
