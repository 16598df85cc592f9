//! What a record says.

use core::ffi::c_char;
use core::ptr;

use bootstrap_token_secret::{BootstrapToken, Expiration, ExtraGroup, Usage};

use super::{NEVER, Record, USAGE_AUTHENTICATION, USAGE_SIGNING};
use crate::boundary::answer;
use crate::clock;
use crate::input;
use crate::output::lend;
use crate::token::Token;

/// The token, borrowed until the record is changed or freed. NULL if `record` is NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_token(record: *const Record) -> *const Token {
    answer(ptr::null(), || {
        // SAFETY: the caller's word.
        let record = unsafe { input::borrow(record) }?;
        Some(&raw const record.token)
    })
}

/// The moment from which the token is refused, in Unix seconds, a fraction cut off; `BOOTSTRAP_TOKEN_NEVER` if there is
/// none. 0, which has long passed, if `record` is NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_expiration(record: *const Record) -> i64 {
    answer(0, || {
        // SAFETY: the caller's word.
        let record = unsafe { input::borrow(record) }?;
        let expiration = record.inner.expiration();
        Some(expiration.as_ref().map_or(NEVER, Expiration::unix_seconds))
    })
}

/// Whether the token is refused because it has expired, at `now`, in Unix seconds, and `now_nanoseconds`, 0 to
/// 999,999,999, after it. At exactly its expiration it is. True also if `record` is NULL, for a `now` before 1970, and
/// for a greater `now_nanoseconds`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_is_expired(
    record: *const Record,
    now: i64,
    now_nanoseconds: u32,
) -> bool {
    answer(true, || {
        // SAFETY: the caller's word.
        let record = unsafe { input::borrow(record) }?;
        let now = clock::moment(now, now_nanoseconds).ok()?;
        let expiration = record.inner.expiration();
        Some(expiration.is_some_and(|expiration| expiration.is_expired(now)))
    })
}

/// What the token may be used for: `BOOTSTRAP_TOKEN_USAGE_*`, or-ed. 0 if `record` is NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_usages(record: *const Record) -> u32 {
    answer(0, || {
        // SAFETY: the caller's word.
        let record = unsafe { input::borrow(record) }?;
        let bits = record.inner.usages().iter().map(|usage| match usage {
            Usage::Authentication => USAGE_AUTHENTICATION,
            Usage::Signing => USAGE_SIGNING,
        });
        Some(bits.fold(0, |all, bit| all | bit))
    })
}

/// How many usages there are that the cluster's own components do not know, such as k0s' `controller-join`. 0 if
/// `record` is NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_other_usage_count(record: *const Record) -> usize {
    answer(0, || {
        // SAFETY: the caller's word.
        let record = unsafe { input::borrow(record) }?;
        Some(record.inner.other_usages().len())
    })
}

/// One of the usages that the cluster's own components do not know, without `usage-bootstrap-`: UTF-8, without NUL,
/// borrowed until the record is changed or freed. NULL if there is no such one, or `record` or `len` is NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_other_usage(
    record: *const Record,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        text_of(record, len, |inner| {
            inner.other_usages().get(index).map(String::as_str)
        })
    }
}

/// How many extra groups there are; 0 if `record` is NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_group_count(record: *const Record) -> usize {
    answer(0, || {
        // SAFETY: the caller's word.
        let record = unsafe { input::borrow(record) }?;
        Some(record.inner.groups().iter().len())
    })
}

/// One of the extra groups, in stored order: ASCII, no NUL behind it, borrowed until the record is changed or freed.
/// NULL if there is no such one, or `record` or `len` is NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_group(
    record: *const Record,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        text_of(record, len, |inner| {
            inner.groups().iter().nth(index).map(ExtraGroup::as_str)
        })
    }
}

/// What the token is for, in words: UTF-8, no NUL behind it, borrowed until the record is changed or freed. Empty for
/// none. NULL if `record` or `len` is NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_description(
    record: *const Record,
    len: *mut usize,
) -> *const c_char {
    // SAFETY: the caller's word, for each pointer.
    unsafe { text_of(record, len, |inner| Some(inner.description())) }
}

/// # Safety
/// `record` is NULL or alive, `len` is NULL or may be written to.
unsafe fn text_of(
    record: *const Record,
    len: *mut usize,
    text: impl FnOnce(&BootstrapToken) -> Option<&str>,
) -> *const c_char {
    answer(ptr::null(), || {
        // SAFETY: the caller's word, for each pointer.
        unsafe {
            let record = input::borrow(record)?;
            lend(text(&record.inner)?.as_bytes(), len)
        }
    })
}
