//! Signatures over cluster-info's kubeconfig.

use core::ffi::c_char;

use bootstrap_token::TokenId;
use bootstrap_token_discovery::{DetachedJws, VerifyError, cluster_info};

use crate::boundary::{Failure, call, question};
use crate::bytes::Bytes;
use crate::code::Code;
use crate::error::Error;
use crate::input;
use crate::output::Out;
use crate::token::{Token, copy};

/// Bytes for the key of a signature in cluster-info, `jws-kubeconfig-<id>`, and its NUL.
pub const JWS_KEY_NAME_SIZE: usize = 22;

/// Writes the key under which a token's signature stands in cluster-info, `jws-kubeconfig-<id>`, and a NUL to `buffer`,
/// of at least `BOOTSTRAP_TOKEN_JWS_KEY_NAME_SIZE` bytes.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 2)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_copy_jws_key_name(
    token: *const Token,
    buffer: *mut c_char,
    buffer_size: usize,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        copy(
            token,
            buffer,
            buffer_size,
            error,
            JWS_KEY_NAME_SIZE,
            |buffer, token| {
                buffer.write(&cluster_info::signature_key(token.id()));
            },
        )
    }
}

/// Signs a content as the controller manager signs cluster-info's kubeconfig: a detached JWS, HS256. `*jws` belongs to
/// the caller; it is not secret.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 4)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_jws_sign(
    token: *const Token,
    content: *const c_char,
    content_len: usize,
    jws: *mut *mut Bytes,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(jws, "jws")?;
            let token = input::object(token, "token")?;
            let content = input::bytes(content, content_len, "content")?;
            out.give(Bytes::of(DetachedJws::sign(content, &token.0).as_str()));
            Ok(())
        })
    }
}

/// Checks that a detached JWS is a token's signature over a content, compared as a whole in constant time: `*is_valid` is
/// true if so, and false if not or if the check fails.
///
/// Fails with `JWS_NOT_DETACHED` to `JWS_SIGNATURE`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 6)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_jws_check(
    token: *const Token,
    content: *const c_char,
    content_len: usize,
    jws: *const c_char,
    jws_len: usize,
    is_valid: *mut bool,
    error: *mut *mut Error,
) {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        question(is_valid, "is_valid", false, error, || {
            let token = input::object(token, "token")?;
            let content = input::bytes(content, content_len, "content")?;
            let jws = input::text(jws, jws_len, "jws")?;
            DetachedJws::verify(jws, content, &token.0)?;
            Ok(true)
        });
    }
}

/// Signs a content under a token ID with any key, for a token secret that is not well formed: the controller manager's
/// signer does not look at its form. `*jws` belongs to the caller.
///
/// Fails with `TOKEN_EMPTY` to `TOKEN_CHARACTER` for the ID, and with `JWS_EMPTY_KEY`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(7)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_jws_sign_with_key(
    id: *const c_char,
    id_len: usize,
    key: *const c_char,
    key_len: usize,
    content: *const c_char,
    content_len: usize,
    jws: *mut *mut Bytes,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(jws, "jws")?;
            let id = TokenId::from_bytes(input::bytes(id, id_len, "id")?)?;
            let key = input::bytes(key, key_len, "key")?;
            let content = input::bytes(content, content_len, "content")?;
            out.give(Bytes::of(signed(id, key, content)?.as_str()));
            Ok(())
        })
    }
}

/// Checks that a detached JWS is what `bootstrap_token_jws_sign_with_key` makes, compared as a whole in constant time:
/// `*is_valid` is true if so, and false if not or if the check fails.
///
/// Fails as that does, and with `JWS_SIGNATURE`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(9)
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_jws_check_with_key(
    id: *const c_char,
    id_len: usize,
    key: *const c_char,
    key_len: usize,
    content: *const c_char,
    content_len: usize,
    jws: *const c_char,
    jws_len: usize,
    is_valid: *mut bool,
    error: *mut *mut Error,
) {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        question(is_valid, "is_valid", false, error, || {
            let id = TokenId::from_bytes(input::bytes(id, id_len, "id")?)?;
            let key = input::bytes(key, key_len, "key")?;
            let content = input::bytes(content, content_len, "content")?;
            let jws = input::text(jws, jws_len, "jws")?;
            if signed(id, key, content)?.is(jws) {
                Ok(true)
            } else {
                Err(VerifyError::Signature.into())
            }
        });
    }
}

fn signed(id: TokenId, key: &[u8], content: &[u8]) -> Result<DetachedJws, Failure> {
    DetachedJws::sign_with_key(content, id, key)
        .ok_or_else(|| Failure::new(Code::JwsEmptyKey, "a key of no bytes is no secret"))
}

impl From<VerifyError> for Failure {
    fn from(error: VerifyError) -> Self {
        Self::of(code(error), &error)
    }
}

pub(crate) fn code(error: VerifyError) -> Code {
    match error {
        VerifyError::NotDetached => Code::JwsNotDetached,
        VerifyError::OtherToken(_) => Code::JwsOtherToken,
        VerifyError::Header => Code::JwsHeader,
        VerifyError::Signature => Code::JwsSignature,
        _ => Code::Other,
    }
}
