//! A list of Secrets in one crossing.

use core::ffi::c_char;
use core::ptr;

use bootstrap_token_secret::StoredToken;

use crate::boundary::{Failure, answer, call};
use crate::code::Code;
use crate::error::Error;
use crate::input;
use crate::output::{Out, lend};
use crate::record::Record;
use crate::secret::read;
use crate::wiped::Wiped;

/// What a list of Secrets holds: for each a record, or why there is none. Never changes, so that threads may share it.
pub struct RecordList(Vec<Entry>);

impl input::Object for RecordList {}

struct Entry {
    name: String,
    /// In a place of its own, which is wiped: a list that grows leaves its old place behind.
    record: Result<Wiped<Record>, Failure>,
}

/// Reads a `SecretList` (or a `List`) as the API server sends it, in JSON: those Secrets in it that are of a bootstrap
/// token's type, in order, each by itself. `*list` belongs to the caller.
///
/// Fails with `SECRET_NOT_JSON` or `SECRET_OTHER_KIND`; a broken Secret is an entry of the list, but an item without a
/// Secret's form (`null`, or a `type` that is a number), which no API server sends, makes the whole list
/// `SECRET_NOT_JSON`, with the item's index in the message.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(3)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_list_from_json(
    json: *const c_char,
    json_len: usize,
    list: *mut *mut RecordList,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(list, "list")?;
            let json = input::bytes(json, json_len, "json")?;
            let secrets = StoredToken::list_from_json(json)?;
            let entries = secrets.map(|secret| Entry {
                name: secret.name,
                record: read(secret.token).map(Wiped::new),
            });
            out.give(RecordList(entries.collect()));
            Ok(())
        })
    }
}

/// How many Secrets there are, broken ones counted; 0 if `list` is NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_list_len(list: *const RecordList) -> usize {
    answer(0, || {
        // SAFETY: the caller's word.
        let list = unsafe { input::borrow(list) }?;
        Some(list.0.len())
    })
}

/// The name of a Secret: UTF-8, no NUL behind it, borrowed until the list is freed. NULL if there is no such Secret,
/// or `list` or `len` is NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_list_name(
    list: *const RecordList,
    index: usize,
    len: *mut usize,
) -> *const c_char {
    answer(ptr::null(), || {
        // SAFETY: the caller's word, for each pointer.
        unsafe {
            let list = input::borrow(list)?;
            lend(list.0.get(index)?.name.as_bytes(), len)
        }
    })
}

/// The record of a Secret: `*record` is borrowed until the list is freed.
///
/// Fails with `INVALID_ARGUMENT` if there is no such Secret, and as `bootstrap_token_record_from_secret_json` if it is
/// broken.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 3)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_list_get(
    list: *const RecordList,
    index: usize,
    record: *mut *const Record,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(record, "record")?;
            let list = input::object(list, "list")?;
            let entry = list.0.get(index).ok_or_else(|| {
                Failure::new(
                    Code::InvalidArgument,
                    format!("'index' is {index}, the list has {} Secrets", list.0.len()),
                )
            })?;
            out.set(&raw const **entry.record.as_ref().map_err(Failure::clone)?);
            Ok(())
        })
    }
}

/// Wipes and frees a list; NULL is taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_list_free(list: *mut RecordList) {
    // SAFETY: the caller's word.
    unsafe { input::free(list) };
}
