//! Moments as C has them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::boundary::Failure;
use crate::code::Code;

/// A moment by its Unix seconds. One before 1970 is no clock's: C's `time` answers -1 when it fails, and a zero value of
/// Go's is of the year 1.
pub(crate) fn second(unix_seconds: i64) -> Result<SystemTime, Failure> {
    let since_epoch = u64::try_from(unix_seconds).map_err(|_| {
        Failure::new(
            Code::InvalidArgument,
            "'now' is before 1970, which no clock shows: it was not set, or the clock could not be read",
        )
    })?;
    UNIX_EPOCH
        .checked_add(Duration::from_secs(since_epoch))
        .ok_or_else(|| {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_clock_shows_is_no_moment() {
        for seconds in [-1, -62_135_596_800, i64::MIN] {
            let failure = moment(seconds, 999_999_999).err();
            assert_eq!(
                failure.map(|failure| (failure.code, failure.message)),
                Some((
                    Code::InvalidArgument,
                    "'now' is before 1970, which no clock shows: it was not set, or the clock could not be read"
                        .to_owned()
                ))
            );
        }
        assert_eq!(second(0).ok(), Some(UNIX_EPOCH));
    }
}
