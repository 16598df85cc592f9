//! What a record is to say.

use core::ffi::c_char;

use bootstrap_token_secret::{
    Expiration, ExpirationOutOfRange, ExtraGroup, ExtraGroups, ParseGroupError, Usage, Usages,
};

use super::{NEVER, Record, USAGE_AUTHENTICATION, USAGE_SIGNING};
use crate::boundary::{Failure, call};
use crate::clock;
use crate::code::Code;
use crate::error::Error;
use crate::input;

/// Sets the moment from which the token is refused, in Unix seconds; `BOOTSTRAP_TOKEN_NEVER` lets it live for ever.
///
/// Fails with `EXPIRATION_OUT_OF_RANGE`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_set_expiration(
    record: *mut Record,
    unix_seconds: i64,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let record = input::object_mut(record, "record")?;
            let expiration = match unix_seconds {
                NEVER => None,
                seconds => Some(Expiration::from_unix_seconds(seconds)?),
            };
            record.change(|inner| inner.with_expiration(expiration));
            Ok(())
        })
    }
}

/// Sets the moment from which the token is refused to `ttl_seconds`, 1 or more, after `now`, in Unix seconds.
///
/// Fails with `INVALID_ARGUMENT` for less than 1, which is not kubeadm's 0 for a token that never expires either (that is
/// `bootstrap_token_record_set_expiration` with `BOOTSTRAP_TOKEN_NEVER`), and for a `now` before 1970; and with
/// `EXPIRATION_OUT_OF_RANGE`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_set_ttl(
    record: *mut Record,
    ttl_seconds: i64,
    now: i64,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let record = input::object_mut(record, "record")?;
            if ttl_seconds < 1 {
                return Err(Failure::new(
                    Code::InvalidArgument,
                    "the TTL is less than 1 second: the token would have expired before it can be used; \
                     one that never expires has no TTL, but 'never' for its expiration",
                ));
            }
            clock::second(now)?;
            // What is too much for a number is too much for an expiration.
            let expiration = Expiration::from_unix_seconds(now.saturating_add(ttl_seconds))?;
            record.change(|inner| inner.with_expiration(expiration));
            Ok(())
        })
    }
}

/// Sets what the token may be used for: `BOOTSTRAP_TOKEN_USAGE_AUTHENTICATION`, `BOOTSTRAP_TOKEN_USAGE_SIGNING`, both
/// (`|`) or 0. Usages that the cluster does not know, read from a Secret, stay.
///
/// Fails with `INVALID_ARGUMENT` for any other bit.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_set_usages(
    record: *mut Record,
    usages: u32,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let record = input::object_mut(record, "record")?;
            if usages & !(USAGE_AUTHENTICATION | USAGE_SIGNING) != 0 {
                return Err(Failure::new(
                    Code::InvalidArgument,
                    "'usages' has bits that are no usage's, want BOOTSTRAP_TOKEN_USAGE_*",
                ));
            }
            let bits = [
                (Usage::Authentication, USAGE_AUTHENTICATION),
                (Usage::Signing, USAGE_SIGNING),
            ];
            let set: Usages = bits
                .into_iter()
                .filter(|(_, bit)| usages & bit != 0)
                .map(|(usage, _)| usage)
                .collect();
            record.change(|inner| inner.with_usages(set));
            Ok(())
        })
    }
}

/// Adds a group that the token's bearer is in: `system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]`.
///
/// Fails with `BAD_GROUP`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_add_group(
    record: *mut Record,
    group: *const c_char,
    group_len: usize,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let record = input::object_mut(record, "record")?;
            let group: ExtraGroup = input::text(group, group_len, "group")?.parse()?;
            record.change(|inner| {
                let groups = inner.groups().iter().cloned().chain([group]).collect();
                inner.with_groups(groups)
            });
            Ok(())
        })
    }
}

/// Takes all groups away.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_clear_groups(
    record: *mut Record,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let record = input::object_mut(record, "record")?;
            record.change(|inner| inner.with_groups(ExtraGroups::default()));
            Ok(())
        })
    }
}

/// Says what the token is for, in words. An empty description is none.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_set_description(
    record: *mut Record,
    description: *const c_char,
    description_len: usize,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let record = input::object_mut(record, "record")?;
            let description = input::text(description, description_len, "description")?;
            record.change(|inner| inner.with_description(description));
            Ok(())
        })
    }
}

impl From<ExpirationOutOfRange> for Failure {
    fn from(error: ExpirationOutOfRange) -> Self {
        Self::of(Code::ExpirationOutOfRange, &error)
    }
}

impl From<ParseGroupError> for Failure {
    fn from(error: ParseGroupError) -> Self {
        Self::of(Code::BadGroup, &error)
    }
}
