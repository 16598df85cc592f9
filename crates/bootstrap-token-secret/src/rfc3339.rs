//! RFC 3339 as Go's `time.Parse(time.RFC3339, …)` reads it, which is what decides in the cluster.
//!
//! Go takes no lower-case `t` or `z`, no space for the `T`, no leap second; it does take one digit for the
//! hour, a comma before the fraction, and offsets up to 24:60. Date crates differ in each.

use core::fmt;

use k8s_openapi::jiff::civil::{Date, DateTime, Time};

use crate::Expiration;

/// A text was not a time that the cluster's components can read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ParseExpirationError(());

impl fmt::Display for ParseExpirationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an RFC 3339 time (expected a form like 2006-01-02T15:04:05Z)")
    }
}

impl std::error::Error for ParseExpirationError {}

pub(crate) fn parse(text: &[u8]) -> Result<Expiration, ParseExpirationError> {
    read(text).ok_or(ParseExpirationError(()))
}

fn read(text: &[u8]) -> Option<Expiration> {
    let mut rest = Reader(text);
    let year = rest.digits(4)?;
    rest.byte(b'-')?;
    let month = rest.digits(2)?;
    rest.byte(b'-')?;
    let day = rest.digits(2)?;
    rest.byte(b'T')?;
    let hour = rest.one_or_two_digits()?;
    rest.byte(b':')?;
    let minute = rest.digits(2)?;
    rest.byte(b':')?;
    let second = rest.digits(2)?;
    let nanosecond = rest.fraction()?;
    let offset = rest.offset()?;
    if !rest.0.is_empty() {
        return None;
    }
    let date = Date::new(
        year.try_into().ok()?,
        month.try_into().ok()?,
        day.try_into().ok()?,
    )
    .ok()?;
    let time = Time::new(
        hour.try_into().ok()?,
        minute.try_into().ok()?,
        second.try_into().ok()?,
        nanosecond,
    )
    .ok()?;
    Some(Expiration::from_civil(
        DateTime::from_parts(date, time),
        offset,
    ))
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self, expected: u8) -> Option<()> {
        let (first, rest) = self.0.split_first()?;
        (*first == expected).then(|| self.0 = rest)
    }

    fn digits(&mut self, count: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        let value = digits.iter().try_fold(0, |sum, d| {
            d.is_ascii_digit().then(|| sum * 10 + u32::from(d - b'0'))
        })?;
        self.0 = rest;
        Some(value)
    }

    /// The hour: Go's layout `15` takes one digit where the second character is none.
    fn one_or_two_digits(&mut self) -> Option<u32> {
        self.digits(2).or_else(|| self.digits(1))
    }

    /// Nanoseconds. Digits past the ninth are read and dropped.
    fn fraction(&mut self) -> Option<i32> {
        let Some((b'.' | b',', rest)) = self.0.split_first() else {
            return Some(0);
        };
        let count = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        if count == 0 {
            return None;
        }
        let (digits, rest) = rest.split_at(count);
        self.0 = rest;
        let nanos = (0..9).fold(0, |sum, at| {
            sum * 10 + i32::from(digits.get(at).map_or(0, |d| d - b'0'))
        });
        Some(nanos)
    }

    /// Seconds east of UTC.
    fn offset(&mut self) -> Option<i32> {
        let (sign, rest) = self.0.split_first()?;
        self.0 = rest;
        let sign = match sign {
            b'Z' => return Some(0),
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let hours = self.digits(2).filter(|h| *h <= 24)?;
        self.byte(b':')?;
        let minutes = self.digits(2).filter(|m| *m <= 60)?;
        i32::try_from(hours * 3600 + minutes * 60)
            .ok()
            .map(|offset| sign * offset)
    }
}
