//! Times as text.

use std::time::{Duration, SystemTime};

use bootstrap_token_secret::Expiration;

/// Formats a time in UTC, to the second.
pub(crate) fn utc(time: SystemTime) -> String {
    Expiration::after(time, Duration::ZERO).map_or_else(
        |_| "a time beyond all calendars".to_owned(),
        |time| time.to_utc_string(),
    )
}
