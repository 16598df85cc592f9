//! The names in braces that stand in cases for what is different each time.
//!
//! `{token}`, `{id}`, `{secret}` are a fresh token, `{token2}` and so on up to 9 more, in the order of their IDs;
//! `{now+90m}` is a time; `{dir}` the folder of the case's files; `{server}` and `{address}` the API server;
//! `{ca}` the file of its authority and `{ca pem}` what is in it; `{admin}`, `{visitor}` and `{expired}` kubeconfigs of an
//! administrator, of a user without rights and of one whose certificate has expired, `{admin cert}` and `{admin key}` what
//! the first has in base64; `{xFF}` a byte that is no UTF-8. Outputs are compared with the names put back, and
//! with these for what a program made itself: `{new}`, `{new id}`, `{new secret}` for a token, `{time}` for
//! a time that was not there before, `{base64 …}` for one of them in base64, and `{log}` for what stands before a
//! line of a log.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::iter;
use std::os::unix::ffi::OsStringExt;
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bootstrap_token::{Token, TokenId};
use bootstrap_token_secret::Expiration;
use conformance::secrets;
use k8s_openapi::ByteString;
use tempfile::TempDir;

use crate::cluster;

/// Tokens that a case can name.
const TOKENS: usize = 9;

/// IDs that a case has: no two have the same.
static USED: Mutex<BTreeSet<TokenId>> = Mutex::new(BTreeSet::new());

/// What the names of one case stand for.
pub(crate) struct Names {
    pub(crate) tokens: Vec<Token>,
    pub(crate) dir: TempDir,
    now: SystemTime,
    /// Name and value, the longer values first.
    values: Vec<(String, String)>,
}

/// A text with the names put back, and the times that it told.
pub(crate) struct Folded {
    pub(crate) text: String,
    /// Seconds since 1970.
    pub(crate) times: Vec<i64>,
}

impl Names {
    pub(crate) fn new() -> Self {
        let mut used = USED.lock().unwrap();
        let mut tokens: Vec<_> = iter::repeat_with(secrets::token)
            .filter(|token| used.insert(token.id()))
            .take(TOKENS)
            .collect();
        drop(used);
        tokens.sort_by_key(Token::id);
        let mut names = Self {
            tokens,
            dir: tempfile::tempdir().unwrap(),
            now: SystemTime::now(),
            values: Vec::new(),
        };
        for (number, token) in names.tokens.clone().iter().enumerate() {
            names.add_token(&suffix(number), token);
        }
        let dir = names.dir.path().display().to_string();
        names.add("dir", dir);
        for (name, value) in cluster::names() {
            names.add(name, value.clone());
        }
        names
    }

    /// Of a token that a program has made.
    pub(crate) fn add_new(&mut self, token: &Token) {
        self.add("new", token.expose().to_string());
        self.add("new id", token.id().to_string());
        self.add("new secret", token.secret().expose().to_owned());
    }

    fn add_token(&mut self, suffix: &str, token: &Token) {
        self.add(&format!("token{suffix}"), token.expose().to_string());
        self.add(&format!("id{suffix}"), token.id().to_string());
        self.add(
            &format!("secret{suffix}"),
            token.secret().expose().to_owned(),
        );
    }

    fn add(&mut self, name: &str, value: String) {
        let encoded = base64(value.as_bytes());
        self.values.push((format!("{{{name}}}"), value));
        self.values.push((format!("{{base64 {name}}}"), encoded));
        self.values.sort_by_key(|(_, value)| Reverse(value.len()));
    }

    /// The text that is meant.
    pub(crate) fn expand(&mut self, text: &str) -> String {
        let mut expanded = text.to_owned();
        while let Some(at) = expanded.find("{now+").or_else(|| expanded.find("{now-")) {
            let end = at + expanded[at..].find('}').expect("a closing brace");
            let name = expanded[at + 1..end].to_owned();
            let value = self.time(&name["now".len()..]);
            expanded.replace_range(at..=end, &value);
            self.add(&name, value);
        }
        for (name, value) in &self.values {
            expanded = expanded.replace(name, value);
        }
        expanded
    }

    /// The same for a word on the command line, which need not be text.
    pub(crate) fn expand_word(&mut self, text: &str) -> OsString {
        let expanded = self.expand(text);
        let mut bytes = Vec::new();
        let mut rest = &*expanded;
        while let Some(at) = rest.find("{x") {
            let digits = rest.get(at + 2..at + 4);
            let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            bytes.extend_from_slice(&rest.as_bytes()[..at]);
            bytes.push(byte.expect("{x and two digits}"));
            rest = &rest[at + "{xFF}".len()..];
        }
        bytes.extend_from_slice(rest.as_bytes());
        OsString::from_vec(bytes)
    }

    /// An RFC 3339 time so far from now: `+90m`.
    fn time(&self, offset: &str) -> String {
        let (sign, rest) = offset.split_at(1);
        let (number, unit) = rest.split_at(rest.len() - 1);
        let unit = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86400,
            _ => panic!("s, m, h or d: {offset}"),
        };
        let span = Duration::from_secs(number.parse::<u64>().unwrap() * unit);
        let time = match sign {
            "+" => self.now + span,
            _ => self.now - span,
        };
        let seconds = time.duration_since(UNIX_EPOCH).unwrap().as_secs();
        let time = Expiration::from_unix_seconds(i64::try_from(seconds).unwrap()).unwrap();
        time.to_utc_string()
    }

    /// The names put back into what was printed. Times that stand in `known` are left as they are.
    pub(crate) fn fold(&self, text: &str, known: &str) -> Folded {
        let mut folded = text.to_owned();
        for (name, value) in &self.values {
            folded = folded.replace(value, name);
        }
        let lines = folded.split_inclusive('\n').map(fold_log);
        fold_times(&lines.collect::<String>(), known)
    }
}

fn suffix(number: usize) -> String {
    match number {
        0 => String::new(),
        number => (number + 1).to_string(),
    }
}

/// `I1125 04:07:04.223071   17267 file.go:86] ` before what is logged, as klog has it.
fn fold_log(line: &str) -> String {
    let Some((head, text)) = line.split_once("] ") else {
        return line.to_owned();
    };
    let words: Vec<_> = head.split_whitespace().collect();
    match words[..] {
        [day, time, process, place]
            if day.len() == 5
                && day.starts_with(['I', 'W', 'E'])
                && time.len() == 15
                && process.bytes().all(|b| b.is_ascii_digit())
                && place.contains(':') =>
        {
            format!("{{log}} {text}")
        }
        _ => line.to_owned(),
    }
}

fn fold_times(text: &str, known: &str) -> Folded {
    let mut folded = Folded {
        text: String::with_capacity(text.len()),
        times: Vec::new(),
    };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let plain = rest
            .get(..20)
            .filter(|text| !known.contains(*text))
            .and_then(time)
            .map(|time| (time, 20, "{time}"));
        let found = plain.or_else(|| {
            let encoded = rest.get(..28).filter(|text| text.ends_with('='))?;
            let decoded = decode(encoded)?;
            Some((time(&decoded)?, 28, "{base64 time}"))
        });
        if let Some((time, length, name)) = found {
            folded.times.push(time);
            folded.text.push_str(name);
            rest = &rest[length..];
        } else {
            folded.text.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    folded
}

fn time(text: &str) -> Option<i64> {
    if !text.ends_with('Z') {
        return None;
    }
    text.parse::<Expiration>().ok().map(|t| t.unix_seconds())
}

fn base64(bytes: &[u8]) -> String {
    let json = serde_json::to_string(&ByteString(bytes.to_vec())).unwrap();
    json.trim_matches('"').to_owned()
}

fn decode(text: &str) -> Option<String> {
    let ByteString(bytes) = serde_json::from_str(&format!("\"{text}\"")).ok()?;
    String::from_utf8(bytes).ok()
}
