//! Moments as C has them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::boundary::Failure;
use crate::code::Code;

/// A moment by its Unix seconds.
pub(crate) fn moment(unix_seconds: i64) -> Result<SystemTime, Failure> {
    let distance = Duration::from_secs(unix_seconds.unsigned_abs());
    let moment = if unix_seconds < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    moment.ok_or_else(unknown)
}

pub(crate) fn unknown() -> Failure {
    Failure::new(
        Code::InvalidArgument,
        "'now' is no moment that this machine knows",
    )
}
