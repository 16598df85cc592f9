//! Moments as C has them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::boundary::Failure;
use crate::code::Code;

/// A moment by its Unix seconds.
pub(crate) fn second(unix_seconds: i64) -> Result<SystemTime, Failure> {
    let distance = Duration::from_secs(unix_seconds.unsigned_abs());
    let moment = if unix_seconds < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    moment.ok_or_else(|| {
        Failure::new(
            Code::InvalidArgument,
            "'now' is no moment that this machine knows",
        )
    })
}

/// A moment by its Unix seconds and the nanoseconds after them.
pub(crate) fn moment(unix_seconds: i64, nanoseconds: u32) -> Result<SystemTime, Failure> {
    if nanoseconds > 999_999_999 {
        return Err(Failure::new(
            Code::InvalidArgument,
            "'now_nanoseconds' is a second or more, want 0 to 999999999",
        ));
    }
    second(unix_seconds).map(|second| {
        let nanoseconds = Duration::from_nanos(nanoseconds.into());
        // A second that there is has its nanoseconds, too.
        second.checked_add(nanoseconds).unwrap_or(second)
    })
}
