//! Types of plain scalars in YAML 1.1, as `resolve` of `go.yaml.in/yaml/v2` decides them.

/// The type of a scalar without quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    Null,
    Bool(bool),
    Number,
    /// A text, or a time, which is read as one.
    Text,
}

impl Plain {
    pub(super) fn of(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Self::Null,
            "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
                Self::Bool(true)
            }
            "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off"
            | "OFF" => Self::Bool(false),
            ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF"
            | "-.inf" | "-.Inf" | "-.INF" => Self::Number,
            _ => match text.as_bytes()[0] {
                b'.' if is_go_float(text) => Self::Number,
                b'0'..=b'9' | b'+' | b'-' if is_number(text) => Self::Number,
                _ => Self::Text,
            },
        }
    }
}

/// Returns whether `text` needs quotes to stay a string, apart from its characters.
pub(crate) fn is_not_a_string(text: &str) -> bool {
    Plain::of(text) != Plain::Text || is_timestamp(text) || is_base_60(text)
}

/// Returns whether some reader of YAML 1.1 or 1.2 may take `text` for a number of any size: in another base, with
/// underscores, as a float of any exponent, in base 60.
pub(crate) fn is_a_number_to_some(text: &str) -> bool {
    let rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    let lower = rest.to_ascii_lowercase();
    if !lower.contains(|c: char| c.is_ascii_digit())
        || !lower.starts_with(|c: char| c.is_ascii_digit() || c == '.')
    {
        return false;
    }
    if let Some(digits) = ["0x", "0o", "0b"]
        .iter()
        .find_map(|base| lower.strip_prefix(base))
    {
        return digits
            .bytes()
            .all(|b| b.is_ascii_hexdigit() || matches!(b, b'_' | b'.' | b'p' | b'+' | b'-'));
    }
    let at_most_one = |c| lower.matches(c).count() <= 1;
    lower
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'_' | b'.' | b':' | b'e' | b'+' | b'-'))
        && at_most_one('e')
        && at_most_one('.')
}

fn is_number(text: &str) -> bool {
    let plain = text.replace('_', "");
    let (negative, digits) = sign(&plain);
    let integer = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => fits(&digits[2..], 16, negative),
        Some("0o") => fits(&digits[2..], 8, negative),
        Some("0b") => fits(&digits[2..], 2, negative),
        Some(_) if digits.starts_with('0') => fits(&digits[1..], 8, negative),
        _ => fits(digits, 10, negative),
    };
    // `ParseUint` accepts no sign, but `0b` may have one after it.
    let unsigned = integer && (negative || plain.len() == digits.len() || fits_signed(&plain));
    let binary = plain.strip_prefix("0b").is_some_and(|digits| {
        let (negative, digits) = sign(digits);
        fits(digits, 2, negative)
    });
    unsigned || binary || is_float(&plain)
}

fn sign(text: &str) -> (bool, &str) {
    match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    }
}

/// Returns whether the digits fit in 64 bits, or in 63 if negative.
fn fits(digits: &str, base: u32, negative: bool) -> bool {
    digits.bytes().all(|b| char::from(b).is_digit(base))
        && u64::from_str_radix(digits, base).is_ok_and(|number| !negative || number <= 1 << 63)
}

/// Returns whether a number with a plus fits in the 63 bits that Go has for signed numbers.
fn fits_signed(plain: &str) -> bool {
    let (_, digits) = sign(plain);
    let (digits, base) = match digits.get(..2).map(str::to_ascii_lowercase).as_deref() {
        Some("0x") => (&digits[2..], 16),
        Some("0o") => (&digits[2..], 8),
        Some("0b") => (&digits[2..], 2),
        Some(_) if digits.starts_with('0') => (&digits[1..], 8),
        _ => (digits, 10),
    };
    i64::from_str_radix(digits, base).is_ok()
}

/// Matches `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, within 64 bits.
fn is_float(text: &str) -> bool {
    let (_, rest) = sign(text);
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(sign(&rest[at + 1..]).1)),
        None => (rest, None),
    };
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && digits(fraction)
        && (!whole.is_empty() || !fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
        && text.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Matches the same in the form of Go's `ParseFloat`, with underscores between digits.
fn is_go_float(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digit_at = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let separates = |at: usize| at > 0 && digit_at(at - 1) && digit_at(at + 1);
    (0..bytes.len()).all(|at| bytes[at] != b'_' || separates(at))
        && is_float(&text.replace('_', ""))
}

/// Matches `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`. This YAML does not read it, but quotes it for others.
fn is_base_60(text: &str) -> bool {
    let (_, rest) = sign(text);
    let mut parts = rest.split(':');
    let first = parts.next().unwrap_or_default();
    let digits_or_underscores = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    if !first.bytes().next().is_some_and(|b| b.is_ascii_digit()) || !digits_or_underscores(first) {
        return false;
    }
    let mut parts: Vec<_> = parts.collect();
    let Some(last) = parts.last_mut() else {
        return false;
    };
    if let Some((whole, fraction)) = last.split_once('.') {
        if !digits_or_underscores(fraction) {
            return false;
        }
        *last = whole;
    }
    parts.iter().all(|part| match part.as_bytes() {
        [one] => one.is_ascii_digit(),
        [ten, one] => (b'0'..=b'5').contains(ten) && one.is_ascii_digit(),
        _ => false,
    })
}

/// Matches Go's time layouts `2006-1-2`, the same with ` 15:4:5`, and with `T15:4:5Z07:00`, with an optional fraction.
fn is_timestamp(text: &str) -> bool {
    timestamp(text.as_bytes()).is_some()
}

fn timestamp(text: &[u8]) -> Option<()> {
    let (year, text) = text.split_at_checked(4)?;
    let year = year.iter().try_fold(0_u32, |sum, b| {
        b.is_ascii_digit().then(|| sum * 10 + u32::from(b - b'0'))
    })?;
    let (month, text) = one_or_two(text.strip_prefix(b"-")?)?;
    let (day, text) = one_or_two(text.strip_prefix(b"-")?)?;
    let longest = match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=longest).contains(&day) {
        return None;
    }
    let (separator, text) = match text.split_first() {
        None => return Some(()),
        Some((b' ', text)) => (b' ', text.trim_ascii_start()),
        Some((separator @ (b'T' | b't'), text)) => (*separator, text),
        Some(_) => return None,
    };
    let (hour, text) = one_or_two(text)?;
    let (minute, text) = one_or_two(text.strip_prefix(b":")?)?;
    let (second, mut text) = one_or_two(text.strip_prefix(b":")?)?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    if let [b'.' | b',', b'0'..=b'9', ..] = text {
        let digits = text[1..].iter().take_while(|b| b.is_ascii_digit()).count();
        text = &text[1 + digits..];
    }
    match (separator, text) {
        (b' ', b"") | (b'T' | b't', b"Z") => Some(()),
        (b'T' | b't', [b'+' | b'-', h0, h1, b':', m0, m1]) => {
            let (hours, _) = one_or_two(&[*h0, *h1]).filter(|(_, rest)| rest.is_empty())?;
            let (minutes, _) = one_or_two(&[*m0, *m1]).filter(|(_, rest)| rest.is_empty())?;
            (hours <= 24 && minutes <= 60).then_some(())
        }
        _ => None,
    }
}

fn one_or_two(text: &[u8]) -> Option<(u32, &[u8])> {
    let digit = |at: usize| {
        text.get(at)
            .filter(|b| b.is_ascii_digit())
            .map(|b| u32::from(b - b'0'))
    };
    match (digit(0)?, digit(1)) {
        (ten, Some(one)) => Some((ten * 10 + one, &text[2..])),
        (one, None) => Some((one, &text[1..])),
    }
}

#[test]
fn a_number_to_any_reader() {
    for text in [
        "123456",
        "000000",
        "012345",
        "1e9999",
        "12e345",
        "1e0000000000009",
        "1_0",
        "1__0_0",
        "0x12ab",
        "0o1234",
        "0b1010",
        "0xdead",
        "1:20:30",
        "190:20:30.15",
        ".5",
        "+.5",
        "-1",
        "1.",
        "1e+9",
        "08",
        "0x1p4",
        "0123456789012345",
        "2030-01-01",
    ] {
        assert!(is_a_number_to_some(text), "{text}");
    }
    for text in [
        "",
        "abcdef",
        "e12345",
        "1e2e34",
        "0xghij",
        "12ab56",
        "10.0.0.1:6443",
        ".",
        "...",
        "-",
        "+",
        "1f2345",
        "_12345",
        "07401b",
        "0a",
        "1 2",
    ] {
        assert!(!is_a_number_to_some(text), "{text}");
    }
}
