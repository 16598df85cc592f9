//! Rules of single parts, for programs that handle Secrets of their own.

use core::ffi::c_char;

use bootstrap_token::TokenId;
use bootstrap_token_secret::{
    Expiration, ExtraGroup, ExtraGroups, ParseExpirationError, Usage, keys,
};

use crate::boundary::{Failure, answer, call, question};
use crate::bytes::Bytes;
use crate::clock;
use crate::code::Code;
use crate::error::Error;
use crate::input;
use crate::output::{Buffer, Out};
use crate::record::{USAGE_AUTHENTICATION, USAGE_SIGNING};
use crate::token::ID_SIZE;

/// Whether a text is a token ID: `[a-z0-9]{6}`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_id_is_valid(id: *const c_char, id_len: usize) -> bool {
    answer(false, || {
        // SAFETY: the caller's word.
        let id = unsafe { input::bytes(id, id_len, "id") }.ok()?;
        Some(TokenId::from_bytes(id).is_ok())
    })
}

/// Whether a text is an extra group: `system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_group_is_valid(
    group: *const c_char,
    group_len: usize,
) -> bool {
    answer(false, || {
        // SAFETY: the caller's word.
        let group = unsafe { input::text(group, group_len, "group") }.ok()?;
        Some(group.parse::<ExtraGroup>().is_ok())
    })
}

/// The bit of a usage by its name, `authentication` or `signing`, in `*usage`: one of `BOOTSTRAP_TOKEN_USAGE_*`.
///
/// Fails with `UNKNOWN_USAGE`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(3)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_usage_parse(
    name: *const c_char,
    name_len: usize,
    usage: *mut u32,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(usage, "usage")?;
            let known = input::text(name, name_len, "name")?.parse();
            out.set(
                match known.map_err(|error| Failure::of(Code::UnknownUsage, &error))? {
                    Usage::Authentication => USAGE_AUTHENTICATION,
                    Usage::Signing => USAGE_SIGNING,
                },
            );
            Ok(())
        })
    }
}

/// The groups that a token's bearer is in, by the value of `auth-extra-groups` in its Secret: sorted, none twice,
/// `system:bootstrappers` among them, commas between. `*groups` belongs to the caller.
///
/// Fails with `BAD_GROUP`, for which the API server refuses the token.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(3)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_groups_identity(
    extra_groups: *const c_char,
    extra_groups_len: usize,
    groups: *mut *mut Bytes,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(groups, "groups")?;
            let value = input::text(extra_groups, extra_groups_len, "extra_groups")?;
            let groups: ExtraGroups = value.parse()?;
            out.give(Bytes::of(&groups.identity().join(",")));
            Ok(())
        })
    }
}

/// Writes the token ID in the name of a Secret, and a NUL, to `buffer`, of at least `BOOTSTRAP_TOKEN_ID_SIZE` bytes.
///
/// Fails with `SECRET_WRONG_NAME` if the name is not `bootstrap-token-` and a token ID.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(3)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_copy_id_in_secret_name(
    name: *const c_char,
    name_len: usize,
    buffer: *mut c_char,
    buffer_size: usize,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let buffer = Buffer::at(buffer, buffer_size, ID_SIZE - 1, "buffer")?;
            let name = input::text(name, name_len, "name")?;
            let id = keys::id_in_name(name).ok_or_else(|| {
                Failure::new(
                    Code::SecretWrongName,
                    "the name is not bootstrap-token- and a token ID",
                )
            })?;
            buffer.write(id.as_str());
            Ok(())
        })
    }
}

/// Checks how much time is left to a token by the value of `expiration` in its Secret (RFC 3339, or empty for a token that
/// never expires), at `now` and `now_nanoseconds`, 0 to 999,999,999, after it. `*remaining_nanoseconds` is `INT64_MAX`
/// for more than 292 years and for ever, and 0 if nothing is left or if the check fails.
///
/// Fails with `EXPIRED` when nothing is left, with `SECRET_MALFORMED_EXPIRATION`, for which the cluster takes a token as
/// expired, and with `INVALID_ARGUMENT` for a `now` before 1970.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(5)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_expiration_check(
    expiration: *const c_char,
    expiration_len: usize,
    now: i64,
    now_nanoseconds: u32,
    remaining_nanoseconds: *mut i64,
    error: *mut *mut Error,
) {
    let (at, name) = (remaining_nanoseconds, "remaining_nanoseconds");
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        question(at, name, 0, error, || {
            let expiration = input::text(expiration, expiration_len, "expiration")?;
            let now = clock::moment(now, now_nanoseconds)?;
            if expiration.is_empty() {
                return Ok(i64::MAX);
            }
            let expiration: Expiration = expiration.parse()?;
            let remaining = expiration.remaining_nanos(now);
            if remaining <= 0 {
                return Err(Failure::new(Code::Expired, "it has expired"));
            }
            Ok(i64::try_from(remaining).unwrap_or(i64::MAX))
        });
    }
}

impl From<ParseExpirationError> for Failure {
    fn from(error: ParseExpirationError) -> Self {
        Self::of(Code::SecretMalformedExpiration, &error)
    }
}
