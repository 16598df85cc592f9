//! A record to and from the JSON of its Secret.

use core::ffi::c_char;

use bootstrap_token_secret::{Defect, ReadSecretError, StoredToken, keys};

use crate::boundary::{Failure, call};
use crate::bytes::Bytes;
use crate::code::Code;
use crate::error::Error;
use crate::input;
use crate::output::Out;
use crate::record::Record;
use crate::token::{Token, copy};

/// Bytes for the name of a Secret, `bootstrap-token-<id>`, and its NUL.
pub const SECRET_NAME_SIZE: usize = 23;

/// Writes the name of a token's Secret, `bootstrap-token-<id>`, and a NUL to `buffer`, of at least
/// `BOOTSTRAP_TOKEN_SECRET_NAME_SIZE` bytes.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 2)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_copy_secret_name(
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
            SECRET_NAME_SIZE,
            |buffer, token| {
                buffer.write(&keys::secret_name(token.id()));
            },
        )
    }
}

/// Reads a Secret as the API server sends it, in JSON, by kubeadm's rules; an extra group that is not valid, which the
/// API server would refuse the token for, is an error. `*record` belongs to the caller.
///
/// Fails with `SECRET_NOT_JSON` to `SECRET_MALFORMED_EXPIRATION`, or `BAD_GROUP`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(3)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_from_secret_json(
    json: *const c_char,
    json_len: usize,
    record: *mut *mut Record,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(record, "record")?;
            let json = input::bytes(json, json_len, "json")?;
            out.give(read(StoredToken::from_json(json))?);
            Ok(())
        })
    }
}

/// Writes a record as the JSON of its Secret, ready to be sent to the API server. It holds the token secret. `*json`
/// belongs to the caller.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 2)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_expose_secret_json(
    record: *const Record,
    json: *mut *mut Bytes,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(json, "json")?;
            let record = input::object(record, "record")?;
            out.give(Bytes::new(record.inner().expose_json()));
            Ok(())
        })
    }
}

pub(crate) fn read(stored: Result<StoredToken, ReadSecretError>) -> Result<Record, Failure> {
    Ok(Record::new(stored?.into_bootstrap_token()?))
}

impl From<ReadSecretError> for Failure {
    fn from(error: ReadSecretError) -> Self {
        let code = match error {
            ReadSecretError::Empty | ReadSecretError::NotJson { .. } => Code::SecretNotJson,
            ReadSecretError::OtherKind { .. } => Code::SecretOtherKind,
            ReadSecretError::NotBase64 { .. } => Code::SecretNotBase64,
            ReadSecretError::Defect(defect) => return defect.into(),
            _ => Code::Other,
        };
        Self::of(code, &error)
    }
}

impl From<Defect> for Failure {
    fn from(defect: Defect) -> Self {
        let code = match &defect {
            Defect::MissingKey { .. } => Code::SecretMissingKey,
            Defect::WrongName { .. } => Code::SecretWrongName,
            Defect::MalformedId(_) => Code::SecretMalformedId,
            Defect::MalformedSecret(_) => Code::SecretMalformedSecret,
            Defect::MalformedExpiration(_) => Code::SecretMalformedExpiration,
            _ => Code::Other,
        };
        match defect {
            // The group itself stays out of the message.
            Defect::BadGroup { error, .. } => error.into(),
            defect => Self::of(code, &defect),
        }
    }
}
