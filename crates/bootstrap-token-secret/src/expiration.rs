use core::fmt;
use core::str::FromStr;
use core::time::Duration;
use std::time::SystemTime;

use k8s_openapi::jiff::SignedDuration;
use k8s_openapi::jiff::civil::{DateTime, date};

use crate::rfc3339::{self, ParseExpirationError};

const EPOCH: DateTime = date(1970, 1, 1).at(0, 0, 0, 0);

/// The moment from which a token is refused.
///
/// Written as kubeadm writes it: UTC, whole seconds, `Z`. Read from any RFC 3339 time that Go reads, whose
/// offset is kept and shown again by `Display`, as kubeadm's table does.
///
/// ```
/// use std::time::{Duration, SystemTime};
/// use bootstrap_token_secret::Expiration;
///
/// let expiration: Expiration = "2030-05-01T12:00:00+02:00".parse()?;
/// assert_eq!(expiration.to_string(), "2030-05-01T12:00:00+02:00");
/// assert_eq!(expiration.to_utc_string(), "2030-05-01T10:00:00Z");
///
/// // Expired from the very second on.
/// let then = SystemTime::UNIX_EPOCH + Duration::from_secs(expiration.unix_seconds().unsigned_abs());
/// assert!(expiration.is_expired(then));
/// assert!(!expiration.is_expired(then - Duration::from_nanos(1)));
/// # Ok::<_, bootstrap_token_secret::ParseExpirationError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Expiration {
    /// As written, in the zone that `offset` tells.
    civil: DateTime,
    /// Seconds east of UTC.
    offset: i32,
}

impl Expiration {
    pub(crate) fn from_civil(civil: DateTime, offset: i32) -> Self {
        Self { civil, offset }
    }

    /// A token's life span, counted from `now` and cut to whole seconds, as kubeadm stores it.
    ///
    /// # Errors
    /// The sum is not in the years 1970 to 9999, which the stored form can express.
    pub fn after(now: SystemTime, ttl: Duration) -> Result<Self, ExpirationOutOfRange> {
        let since_epoch = now
            .duration_since(SystemTime::UNIX_EPOCH)
            .ok()
            .and_then(|now| now.checked_add(ttl))
            .ok_or(ExpirationOutOfRange(()))?;
        i64::try_from(since_epoch.as_secs())
            .map_err(|_| ExpirationOutOfRange(()))
            .and_then(Self::from_unix_seconds)
    }

    /// A moment by its Unix time.
    ///
    /// # Errors
    /// It is not in the years 0 to 9999, which the stored form can express.
    pub fn from_unix_seconds(seconds: i64) -> Result<Self, ExpirationOutOfRange> {
        EPOCH
            .checked_add(SignedDuration::from_secs(seconds))
            .ok()
            .filter(|civil| civil.year() >= 0)
            .map(|civil| Self { civil, offset: 0 })
            .ok_or(ExpirationOutOfRange(()))
    }

    /// Seconds since 1970-01-01T00:00:00Z, a fraction cut off.
    pub fn unix_seconds(&self) -> i64 {
        let nanos = self.unix_nanos().div_euclid(1_000_000_000);
        // Years 0 to 9999 are far within an i64 of seconds.
        i64::try_from(nanos).unwrap_or(i64::MAX)
    }

    fn unix_nanos(&self) -> i128 {
        self.civil.duration_since(EPOCH).as_nanos() - i128::from(self.offset) * 1_000_000_000
    }

    /// Nanoseconds left at `now`: zero or negative once expired.
    pub fn remaining_nanos(&self, now: SystemTime) -> i128 {
        let nanos = |d: Duration| i128::try_from(d.as_nanos()).unwrap_or(i128::MAX);
        let now = match now.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => nanos(after),
            Err(before) => -nanos(before.duration()),
        };
        self.unix_nanos().saturating_sub(now)
    }

    /// Whether the token is refused at `now`. At the very moment it is: `GetExpiration` in
    /// `cluster-bootstrap/util/secrets` asks for more than nothing left.
    pub fn is_expired(&self, now: SystemTime) -> bool {
        self.remaining_nanos(now) <= 0
    }

    /// The stored form: UTC, whole seconds, `Z`. A time that its offset moves past year 9999 or before
    /// year 0 shows the last or first second that can be written.
    pub fn to_utc_string(&self) -> String {
        let utc = self
            .civil
            .saturating_sub(SignedDuration::from_secs(i64::from(self.offset)))
            .max(date(0, 1, 1).at(0, 0, 0, 0));
        Self {
            civil: utc,
            offset: 0,
        }
        .to_string()
    }
}

/// Whole seconds with the offset that was read: `2030-05-01T12:00:00+02:00`, or `Z` for none.
impl fmt::Display for Expiration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let t = self.civil;
        let mut text = *b"0000-00-00T00:00:00+00:00";
        // No year below 0 or above 9999, no part of a time above 60, is ever made.
        let century = t.year().unsigned_abs() / 100;
        let minutes = self.offset.unsigned_abs() / 60;
        let parts = [
            u32::from(century),
            u32::from(t.year().unsigned_abs() % 100),
            u32::from(t.month().unsigned_abs()),
            u32::from(t.day().unsigned_abs()),
            u32::from(t.hour().unsigned_abs()),
            u32::from(t.minute().unsigned_abs()),
            u32::from(t.second().unsigned_abs()),
            minutes / 60,
            minutes % 60,
        ];
        for (part, at) in parts.into_iter().zip([0, 2, 5, 8, 11, 14, 17, 20, 23]) {
            text[at] = DIGITS[part as usize / 10 % 10];
            text[at + 1] = DIGITS[part as usize % 10];
        }
        let length = match self.offset {
            0 => {
                text[19] = b'Z';
                20
            }
            offset => {
                text[19] = if offset < 0 { b'-' } else { b'+' };
                25
            }
        };
        // Every byte is ASCII.
        f.pad(core::str::from_utf8(&text[..length]).unwrap_or_default())
    }
}

const DIGITS: &[u8; 10] = b"0123456789";

impl FromStr for Expiration {
    type Err = ParseExpirationError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        rfc3339::parse(text.as_bytes())
    }
}

/// A moment is outside the years that an expiration can be stored in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExpirationOutOfRange(());

impl fmt::Display for ExpirationOutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this moment is not in the years that an expiration can be stored in")
    }
}

impl std::error::Error for ExpirationOutOfRange {}
