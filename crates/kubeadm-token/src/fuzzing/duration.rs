use std::time::Duration;

use super::is_bounded;
use crate::cli;
use crate::duration::GoDuration;

/// Parses a duration as `--ttl` and `--timeout` do, and compares it with exact arithmetic.
///
/// # Panics
/// Panics if a property does not hold.
pub fn duration(text: &str) {
    let read = text.parse::<GoDuration>();
    match (&read, exact(text)) {
        (Ok(read), Some((exact, parts))) => {
            let nanos = read.nanos();
            // Go computes each fraction in floating point.
            let off = i128::from(nanos).abs_diff(exact);
            assert!(off <= parts, "{text:?}: {nanos}, {exact}");
            let again = format!("{nanos}ns").parse::<GoDuration>();
            // No Go duration has a sign and this size.
            assert!(nanos == i64::MIN || again.as_ref() == Ok(read), "{text:?}");
            assert_eq!(
                read.to_std(),
                u64::try_from(nanos).ok().map(Duration::from_nanos)
            );
            assert!(read.short_human().len() <= 9, "{text:?}");
        }
        (Ok(_), None) => panic!("{text:?} is read and should not be"),
        (Err(error), exact) => {
            let limit = (1_i128 << 63) - 1;
            // Values close to the limit may be rounded beyond it.
            let is_large = exact.is_some_and(|(nanos, parts)| {
                nanos.abs() > limit - i128::try_from(parts).unwrap_or(limit)
            });
            assert!(exact.is_none() || is_large, "{text:?} is refused: {error}");
            let said = error.with_text(text);
            assert!(said.is_ascii());
            is_bounded(said.len(), text.len(), "refusal");
        }
    }
    if let Ok(life_span) = cli::life_span(text) {
        assert_eq!(
            read.as_ref().ok().and_then(|read| read.to_std()),
            Some(life_span)
        );
    }
    if let Ok(timeout) = cli::timeout(text) {
        assert!(!timeout.is_zero());
        assert_eq!(cli::life_span(text), Ok(timeout));
    }
}

/// Returns the nanoseconds, with each part cut to whole ones, and the number of parts. `None` if it is not a duration.
fn exact(text: &str) -> Option<(i128, u128)> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some((0, 0));
    }
    let (mut sum, mut parts) = (0_i128, 0);
    while !rest.is_empty() || parts == 0 {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (whole, after) = rest.split_at(digits(rest));
        let (fraction, after) = match after.strip_prefix('.') {
            Some(after) => after.split_at(digits(after)),
            None => ("", after),
        };
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let end = after.find(|c: char| c == '.' || c.is_ascii_digit());
        let (unit, after) = after.split_at(end.unwrap_or(after.len()));
        let unit: i128 = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let whole = whole.trim_start_matches('0');
        if whole.len() > 19 {
            return None;
        }
        let whole: i128 = if whole.is_empty() {
            0
        } else {
            whole.parse().ok()?
        };
        // More digits than these are less than a nanosecond of an hour.
        let fraction = &fraction[..fraction.len().min(18)];
        let part = match fraction.parse::<i128>() {
            Ok(number) => number * unit / 10_i128.pow(u32::try_from(fraction.len()).ok()?),
            Err(_) => 0,
        };
        sum += whole * unit + part;
        parts += 1;
        rest = after;
    }
    (sum <= 1 << 63 && (sign < 0 || sum < 1 << 63)).then_some((sign * sum, parts))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::duration;

    proptest! {
        #[test]
        fn is_read_as_it_says(
            text in prop_oneof![
                r"[-+]?([0-9]{0,3}(\.[0-9]{0,20})?(ns|us|µs|μs|ms|s|m|h|d|)){0,4}",
                r"[-+]?[0-9]{15,21}(ns|us|ms|s|m|h)",
                any::<String>(),
            ]
        ) {
            duration(&text);
        }
    }
}
