//! Go's durations: `time.ParseDuration` for `--ttl`, and `duration.ShortHumanDuration` of `k8s.io/apimachinery` for the
//! table.

use core::fmt::{self, Write as _};
use core::str::FromStr;
use core::time::Duration;

/// Go's `time.Duration`: signed nanoseconds in 64 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GoDuration(i64);

const UNITS: [(&str, u64); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("\u{b5}s", 1_000),  // micro sign
    ("\u{3bc}s", 1_000), // Greek mu
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// One more than the largest number of nanoseconds, and the magnitude of the smallest.
const LIMIT: u64 = 1 << 63;

impl GoDuration {
    /// Makes a duration, limited to what Go can express, as `time.Until` does.
    pub(crate) fn saturating(nanos: i128) -> Self {
        Self(i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX }))
    }

    #[cfg(any(test, fuzzing))]
    pub(crate) fn nanos(self) -> i64 {
        self.0
    }

    /// Converts to a `Duration`. `None` if it is negative.
    pub(crate) fn to_std(self) -> Option<Duration> {
        u64::try_from(self.0).ok().map(Duration::from_nanos)
    }

    /// Formats the largest unit only, rounded down: `ShortHumanDuration`.
    pub(crate) fn short_human(self) -> String {
        let seconds = self.0 / 1_000_000_000;
        let (minutes, hours) = (seconds / 60, seconds / 3_600);
        // A difference of two seconds between two clocks counts as zero.
        match () {
            () if seconds < -1 => "<invalid>".to_owned(),
            () if seconds < 0 => "0s".to_owned(),
            () if seconds < 60 => format!("{seconds}s"),
            () if minutes < 60 => format!("{minutes}m"),
            () if hours < 24 => format!("{hours}h"),
            () if hours < 24 * 365 => format!("{}d", hours / 24),
            () => format!("{}y", hours / 24 / 365),
        }
    }
}

/// Why a text is not a duration. The text itself is left out, for the caller to show or to hide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ParseDurationError {
    /// The form is wrong, or the number exceeds 64 bits.
    Invalid,
    /// A number without a unit.
    MissingUnit,
    /// A unit that Go does not have.
    UnknownUnit(String),
}

impl ParseDurationError {
    /// Formats Go's message, with the text that was given.
    pub(crate) fn with_text(&self, text: &str) -> String {
        let text = quote(text);
        match self {
            Self::Invalid => format!("time: invalid duration {text}"),
            Self::MissingUnit => format!("time: missing unit in duration {text}"),
            Self::UnknownUnit(unit) => {
                format!("time: unknown unit {} in duration {text}", quote(unit))
            }
        }
    }
}

impl fmt::Display for ParseDurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invalid => "time: invalid duration",
            Self::MissingUnit => "time: missing unit in duration",
            Self::UnknownUnit(_) => "time: unknown unit in duration",
        })
    }
}

impl std::error::Error for ParseDurationError {}

/// Quotes as `time.quote`, which escapes every byte outside ASCII, unlike `strconv.Quote`.
fn quote(text: &str) -> String {
    let mut quoted = String::from('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            ' '..='\x7f' => quoted.push(c),
            _ => {
                for byte in c.encode_utf8(&mut [0; 4]).bytes() {
                    // Writing to a String does not fail.
                    let _ = write!(quoted, "\\x{byte:02x}");
                }
            }
        }
    }
    quoted.push('"');
    quoted
}

impl FromStr for GoDuration {
    type Err = ParseDurationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        use ParseDurationError::{Invalid, MissingUnit, UnknownUnit};

        let (negative, mut rest) = match text.as_bytes().first() {
            Some(sign @ (b'+' | b'-')) => (*sign == b'-', &text[1..]),
            _ => (false, text),
        };
        if rest == "0" {
            return Ok(Self(0));
        }
        if rest.is_empty() {
            return Err(Invalid);
        }
        let mut sum: u64 = 0;
        while !rest.is_empty() {
            let (whole, after) = leading_digits(rest);
            let (fraction, after) = match after.strip_prefix('.') {
                Some(after) => leading_digits(after),
                None => ("", after),
            };
            if whole.is_empty() && fraction.is_empty() {
                return Err(Invalid);
            }
            let whole = whole_number(whole).ok_or(Invalid)?;
            let length = after
                .find(|c: char| c == '.' || c.is_ascii_digit())
                .unwrap_or(after.len());
            if length == 0 {
                return Err(MissingUnit);
            }
            let (unit, after) = after.split_at(length);
            let nanos = UNITS
                .iter()
                .find(|(name, _)| *name == unit)
                .ok_or_else(|| UnknownUnit(unit.to_owned()))?
                .1;
            let value = whole
                .checked_mul(nanos)
                .filter(|value| *value <= LIMIT)
                .and_then(|value| value.checked_add(part(fraction, nanos)))
                .filter(|value| *value <= LIMIT)
                .ok_or(Invalid)?;
            sum = sum
                .checked_add(value)
                .filter(|sum| *sum <= LIMIT)
                .ok_or(Invalid)?;
            rest = after;
        }
        let sum = i128::from(sum);
        i64::try_from(if negative { -sum } else { sum })
            .map(Self)
            .map_err(|_| Invalid)
    }
}

fn leading_digits(text: &str) -> (&str, &str) {
    text.split_at(
        text.find(|c: char| !c.is_ascii_digit())
            .unwrap_or(text.len()),
    )
}

/// Parses the number before the point. `None` if it exceeds the limit.
fn whole_number(digits: &str) -> Option<u64> {
    if digits.is_empty() {
        return Some(0);
    }
    digits.parse().ok().filter(|number| *number <= LIMIT)
}

/// Parses the part after the point, in nanoseconds. Uses floating point and at most 63 bits of digits, to round exactly
/// as Go does.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "Go's arithmetic; the result is at most one unit"
)]
fn part(digits: &str, nanos: u64) -> u64 {
    let (mut number, mut scale) = (0_u64, 1.0_f64);
    for digit in digits.bytes() {
        if number > (LIMIT - 1) / 10 {
            break;
        }
        let next = number * 10 + u64::from(digit - b'0');
        if next > LIMIT {
            break;
        }
        number = next;
        scale *= 10.0;
    }
    (number as f64 * (nanos as f64 / scale)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000_000;

    #[track_caller]
    fn parses(text: &str, nanos: i64) {
        assert_eq!(text.parse(), Ok(GoDuration(nanos)), "{text}");
    }

    #[track_caller]
    fn fails(text: &str, says: &str) {
        let error = text.parse::<GoDuration>().unwrap_err();
        assert_eq!(error.with_text(text), says);
    }

    /// The table of Go's own `parseDurationTests`.
    #[test]
    fn reads_what_go_reads() {
        parses("0", 0);
        parses("5s", 5 * SECOND);
        parses("30s", 30 * SECOND);
        parses("1478s", 1478 * SECOND);
        parses("-5s", -5 * SECOND);
        parses("+5s", 5 * SECOND);
        parses("-0", 0);
        parses("+0", 0);
        parses("5.0s", 5 * SECOND);
        parses("5.6s", 5 * SECOND + 600_000_000);
        parses("5.s", 5 * SECOND);
        parses(".5s", 500_000_000);
        parses(".5h", 1800 * SECOND);
        parses("1.0s", SECOND);
        parses("1.00s", SECOND);
        parses("1.004s", SECOND + 4_000_000);
        parses("1.0040s", SECOND + 4_000_000);
        parses("100.00100s", 100 * SECOND + 1_000_000);
        parses("10ns", 10);
        parses("11us", 11_000);
        parses("12\u{b5}s", 12_000);
        parses("12\u{3bc}s", 12_000);
        parses("13ms", 13_000_000);
        parses("14s", 14 * SECOND);
        parses("15m", 15 * 60 * SECOND);
        parses("16h", 16 * 3600 * SECOND);
        parses("3h30m", 12_600 * SECOND);
        parses("1h30m", 5_400 * SECOND);
        parses("10.5s4m", 4 * 60 * SECOND + 10 * SECOND + 500_000_000);
        parses("-2m3.4s", -(2 * 60 * SECOND + 3 * SECOND + 400_000_000));
        parses("-5m", -300 * SECOND);
        parses("1h2m3s4ms5us6ns", 3_723 * SECOND + 4_005_006);
        parses("39h9m14.425s", 140_954 * SECOND + 425_000_000);
        parses("52763797000ns", 52_763_797_000);
        parses("0.3333333333333333333h", 20 * 60 * SECOND);
        parses("9007199254740993ns", (1 << 53) + 1);
        parses("9223372036854775807ns", i64::MAX);
        parses("9223372036854775.807us", i64::MAX);
        parses("9223372036s854ms775us807ns", i64::MAX);
        parses("-9223372036854775808ns", i64::MIN);
        parses("-9223372036854775.808us", i64::MIN);
        parses("-9223372036s854ms775us808ns", i64::MIN);
        parses("0.100000000000000000000h", 360 * SECOND);
        parses("0.830103483285477580700h", 2_988_372_539_827);
    }

    #[test]
    fn refuses_in_go_s_words() {
        fails("", r#"time: invalid duration """#);
        fails("3", r#"time: missing unit in duration "3""#);
        fails("5", r#"time: missing unit in duration "5""#);
        fails("-", r#"time: invalid duration "-""#);
        fails("s", r#"time: invalid duration "s""#);
        fails(".", r#"time: invalid duration ".""#);
        fails("-.", r#"time: invalid duration "-.""#);
        fails(".s", r#"time: invalid duration ".s""#);
        fails("+.s", r#"time: invalid duration "+.s""#);
        fails("1d", r#"time: unknown unit "d" in duration "1d""#);
        fails("1 h", r#"time: unknown unit " h" in duration "1 h""#);
        fails("1h ", r#"time: unknown unit "h " in duration "1h ""#);
        fails("+ 5m", r#"time: invalid duration "+ 5m""#);
        fails("--5m", r#"time: invalid duration "--5m""#);
        fails(
            "\u{85}\u{85}",
            r#"time: invalid duration "\xc2\x85\xc2\x85""#,
        );
        fails(
            "hello \u{ffff} world",
            r#"time: invalid duration "hello \xef\xbf\xbf world""#,
        );
        fails(
            "9223372036854775810ns",
            r#"time: invalid duration "9223372036854775810ns""#,
        );
        fails(
            "9223372036854775808ns",
            r#"time: invalid duration "9223372036854775808ns""#,
        );
        fails(
            "-9223372036854775809ns",
            r#"time: invalid duration "-9223372036854775809ns""#,
        );
        fails(
            "9223372036854776us",
            r#"time: invalid duration "9223372036854776us""#,
        );
        fails("3000000h", r#"time: invalid duration "3000000h""#);
        fails(
            "9223372036854775.808us",
            r#"time: invalid duration "9223372036854775.808us""#,
        );
        // Go's own sum wraps around to zero here.
        fails(
            "9223372036854775808ns9223372036854775808ns",
            r#"time: invalid duration "9223372036854775808ns9223372036854775808ns""#,
        );
        fails(
            "9223372036854ms775us808ns",
            r#"time: invalid duration "9223372036854ms775us808ns""#,
        );
    }

    #[test]
    fn shows_the_largest_unit_only() {
        for (nanos, shown) in [
            (i128::from(i64::MIN) * 2, "<invalid>"),
            (-2_000_000_000, "<invalid>"),
            (-1_999_999_999, "0s"),
            (-1, "0s"),
            (0, "0s"),
            (59_999_999_999, "59s"),
            (60_000_000_000, "1m"),
            (3_599_999_999_999, "59m"),
            (3_600_000_000_000, "1h"),
            (86_399_000_000_000, "23h"),
            (86_400_000_000_000, "1d"),
            (364 * 86_400_000_000_000, "364d"),
            (365 * 86_400_000_000_000, "1y"),
            (i128::from(i64::MAX) * 2, "292y"),
        ] {
            assert_eq!(
                GoDuration::saturating(nanos).short_human(),
                shown,
                "{nanos}"
            );
        }
    }

    #[test]
    fn only_a_negative_one_is_no_life_span() {
        assert_eq!(GoDuration(-1).to_std(), None);
        assert_eq!(GoDuration(0).to_std(), Some(Duration::ZERO));
        assert_eq!(GoDuration(1).to_std(), Some(Duration::from_nanos(1)));
    }
}
