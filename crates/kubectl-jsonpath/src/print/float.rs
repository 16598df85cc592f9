//! Floats: the shortest digits that parse to the same number, with an exponent where Go writes one.

use core::ops::Range;

use serde_json::Number;

/// `%v`: an exponent below 1e-4 and from 1e+06.
pub(super) fn shortest(float: f64) -> String {
    Decimal::of(float).write(&(-4..6), 2)
}

/// `encoding/json`: an exponent below 1e-6 and from 1e+21, without a leading zero.
pub(super) fn json(float: f64) -> String {
    Decimal::of(float).write(&(-6..21), 1)
}

/// 0.DIGITS times ten to the power of `point`.
struct Decimal {
    negative: bool,
    digits: String,
    point: i32,
}

impl Decimal {
    /// Takes the digits from `serde_json`. Like Go and unlike the standard library, it rounds a tie to even.
    fn of(float: f64) -> Self {
        let text = Number::from_f64(float).map_or_else(String::new, |number| number.to_string());
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((&text, "0"));
        let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let zeros = all.len() - digits.len();
        let exponent: i32 = exponent.parse().unwrap_or(0);
        Self {
            negative: float.is_sign_negative(),
            digits: digits.trim_end_matches('0').to_owned(),
            point: length(whole) - length(&all[..zeros]) + exponent,
        }
    }

    /// Writes an exponent with at least this many digits, unless it is in the range.
    fn write(&self, positional: &Range<i32>, exponent_digits: usize) -> String {
        let sign = if self.negative { "-" } else { "" };
        let digits = self.digits.as_str();
        if digits.is_empty() {
            return format!("{sign}0");
        }
        let exponent = self.point - 1;
        if !positional.contains(&exponent) {
            let (first, rest) = digits.split_at(1);
            let dot = if rest.is_empty() { "" } else { "." };
            let exponent_sign = if exponent < 0 { '-' } else { '+' };
            let exponent = exponent.unsigned_abs();
            return format!("{sign}{first}{dot}{rest}e{exponent_sign}{exponent:0exponent_digits$}");
        }
        let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
        match usize::try_from(self.point) {
            Ok(point) if point > 0 => match digits.split_at_checked(point) {
                Some((whole, "")) => format!("{sign}{whole}"),
                Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
                None => format!("{sign}{digits}{}", zeros(self.point - length(digits))),
            },
            _ => format!("{sign}0.{}{digits}", zeros(-self.point)),
        }
    }
}

fn length(digits: &str) -> i32 {
    i32::try_from(digits.len()).unwrap_or(i32::MAX) // at most 17 and some zeros
}

#[cfg(test)]
mod tests {
    use super::{json, shortest};

    #[track_caller]
    fn prints(float: f64, go: &str, in_json: &str) {
        assert_eq!(shortest(float), go);
        assert_eq!(json(float), in_json);
    }

    #[test]
    fn exponents_like_go() {
        prints(0.0, "0", "0");
        prints(-0.0, "-0", "-0");
        prints(1.5, "1.5", "1.5");
        prints(-20.0, "-20", "-20");
        prints(999_999.0, "999999", "999999");
        prints(1e6, "1e+06", "1000000");
        prints(1_234_567.5, "1.2345675e+06", "1234567.5");
        prints(1e-4, "0.0001", "0.0001");
        prints(-1.25e-5, "-1.25e-05", "-0.0000125");
        prints(1e-7, "1e-07", "1e-7");
        prints(1e20, "1e+20", "100000000000000000000");
        prints(1e21, "1e+21", "1e+21");
        prints(
            f64::MAX,
            "1.7976931348623157e+308",
            "1.7976931348623157e+308",
        );
        prints(5e-324, "5e-324", "5e-324");
    }

    /// 29662357900663.5625 lies between two shortest forms.
    #[test]
    fn ties_round_to_even() {
        prints(
            29_662_357_900_663.562,
            "2.9662357900663562e+13",
            "29662357900663.562",
        );
    }
}
