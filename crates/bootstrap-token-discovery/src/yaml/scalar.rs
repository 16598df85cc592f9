/// The type of a plain scalar in kubeadm's YAML 1.1: `resolve` of `go.yaml.in/yaml/v2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    Null,
    Text,
    /// A number or a boolean. A time is a text.
    Other,
}

impl Plain {
    pub(super) fn of(text: &str) -> Self {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Self::Null,
            _ if is_truth_value(text) || is_number(text) => Self::Other,
            _ => Self::Text,
        }
    }
}

fn is_truth_value(text: &str) -> bool {
    matches!(
        text,
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON"
    ) || matches!(
        text,
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF"
    )
}

fn is_number(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    match unsigned.as_bytes() {
        _ if [".inf", ".Inf", ".INF"].contains(&unsigned) => true,
        [b'.', ..] if [".nan", ".NaN", ".NAN"].contains(&text) => true,
        // Underscores between digits are ignored, unless a point comes first.
        [b'.', ..] if unsigned == text => {
            let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
            let bytes = text.as_bytes();
            let are_between = bytes.iter().enumerate().all(|(at, byte)| {
                *byte != b'_' || (digit(bytes.get(at - 1)) && digit(bytes.get(at + 1)))
            });
            are_between && is_decimal(&text.replace('_', ""))
        }
        _ if text.starts_with(|c: char| c.is_ascii_digit() || c == '+' || c == '-') => {
            let text = text.replace('_', "");
            is_integer(&text) || is_decimal(text.strip_prefix(['+', '-']).unwrap_or(&text))
        }
        _ => false,
    }
}

/// Accepts what `strconv.ParseInt` and, without a sign, `ParseUint` parse in Go's notation.
fn is_integer(text: &str) -> bool {
    let (sign, unsigned) = match text.strip_prefix(['+', '-']) {
        Some(unsigned) => text.split_at(text.len() - unsigned.len()),
        None => ("", text),
    };
    let (radix, digits) = match unsigned.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &unsigned[2..]),
        [b'0', b'o' | b'O', ..] => (8, &unsigned[2..]),
        [b'0', b'b' | b'B', ..] => (2, &unsigned[2..]),
        [b'0', _, ..] => (8, &unsigned[1..]),
        _ => (10, unsigned),
    };
    // The rest after `0b` is tried again as binary, even with a sign.
    if text
        .strip_prefix("0b")
        .is_some_and(|rest| i64::from_str_radix(rest, 2).is_ok())
    {
        return true;
    }
    if !digits.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return false;
    }
    if sign.is_empty() {
        u64::from_str_radix(digits, radix).is_ok()
    } else {
        i64::from_str_radix(&format!("{sign}{digits}"), radix).is_ok()
    }
}

/// Accepts `[0-9]+(\.[0-9]*)?` or `\.[0-9]+` with an optional exponent, and integers that are too long for `int64`.
fn is_decimal(text: &str) -> bool {
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            exponent.strip_prefix(['+', '-']).unwrap_or(exponent),
        ),
        None => (text, "0"),
    };
    let is_mantissa = match mantissa.split_once('.') {
        Some((whole, "")) => is_digits(whole),
        Some(("", fraction)) => is_digits(fraction),
        Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
        None => is_digits(mantissa),
    };
    // A number that overflows is a text.
    is_mantissa && is_digits(exponent) && text.parse().is_ok_and(f64::is_finite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_that_are_not_text_to_kubeadm() {
        for text in [
            "y",
            "Yes",
            "ON",
            "off",
            "N",
            "true",
            "FALSE",
            "0",
            "-1",
            "+12",
            "1_000",
            "0x1F",
            "0o17",
            "017",
            "0b101",
            "0b-101",
            "0b+1",
            "1.5",
            ".5",
            ".5_0",
            "5.",
            "1e3",
            "-1.5E-3",
            ".inf",
            "-.INF",
            ".NaN",
            "18446744073709551615",
            "-18446744073709551616",
            "+_1",
            "99999999999999999999999",
            "089",
        ] {
            assert_eq!(Plain::of(text), Plain::Other, "{text}");
        }
        for text in [
            "yEs",
            "oN",
            "kubernetes",
            "1-cluster",
            "10.0.0.1",
            "https://10.0.0.1:6443",
            "2026-11-25",
            "12:30",
            "0x",
            "0xfg",
            "0x+1",
            "-0xffffffffffffffff",
            "1e999",
            ".5_",
            "._5",
            ".5__0",
            "_1",
            "1e",
            "e3",
            ".",
            "-",
            "+-1",
            "--1",
            "1.2.3",
            ".nan.",
            "inf",
            "0b12",
            "-0b-1",
        ] {
            assert_eq!(Plain::of(text), Plain::Text, "{text}");
        }
        for text in ["", "~", "null", "Null", "NULL"] {
            assert_eq!(Plain::of(text), Plain::Null, "{text}");
        }
        assert_eq!(Plain::of("nUll"), Plain::Text);
    }
}
