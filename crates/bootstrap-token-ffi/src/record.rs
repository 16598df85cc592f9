//! Records: a token with all that the cluster is told about it.

use bootstrap_token_secret::BootstrapToken;

use crate::boundary::call;
use crate::clock;
use crate::code::Code;
use crate::error::Error;
use crate::input;
use crate::output::Out;
use crate::token::Token;

pub mod get;
pub mod set;

const _: () = assert!(DEFAULT_TTL.unsigned_abs() == BootstrapToken::DEFAULT_TTL.as_secs());

/// How many seconds kubeadm lets a token live by default.
pub const DEFAULT_TTL: i64 = 86_400;
/// The expiration of a token that never expires.
pub const NEVER: i64 = 0x7FFF_FFFF_FFFF_FFFF;
/// The usage of a token as a bearer token at the API server.
pub const USAGE_AUTHENTICATION: u32 = 1;
/// The usage of a token as the key that signs cluster-info.
pub const USAGE_SIGNING: u32 = 2;

/// A token with its expiration, usages, extra groups and description: what stands in the Secret
/// `bootstrap-token-<id>`. Every part of it is well formed. Wiped when freed. Threads may share it while none changes
/// it.
pub struct Record {
    /// A copy, which can be lent.
    token: Token,
    inner: BootstrapToken,
}

impl input::Object for Record {}

impl Record {
    pub(crate) fn new(inner: BootstrapToken) -> Self {
        let token = Token(inner.token().clone());
        Self { token, inner }
    }

    pub(crate) fn inner(&self) -> &BootstrapToken {
        &self.inner
    }

    fn change(&mut self, change: impl FnOnce(BootstrapToken) -> BootstrapToken) {
        self.inner = change(self.inner.clone());
    }
}

/// Makes a record of a token, which is copied, as `kubeadm token create` makes it when it is told nothing else: with both
/// usages and the group `BOOTSTRAP_TOKEN_DEFAULT_GROUP`, without description, and refused from
/// `BOOTSTRAP_TOKEN_DEFAULT_TTL` seconds after `now`, in Unix seconds. `*record` belongs to the caller.
///
/// Fails with `INVALID_ARGUMENT` for a `now` before 1970, and with `EXPIRATION_OUT_OF_RANGE`.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 3)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_new(
    token: *const Token,
    now: i64,
    record: *mut *mut Record,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(record, "record")?;
            let token = input::object(token, "token")?.0.clone();
            out.give(Record::new(BootstrapToken::with_defaults(
                token,
                clock::second(now)?,
            )?));
            Ok(())
        })
    }
}

/// Makes a record of a token, which is copied, with nothing: no description, no usages, no groups, never expiring.
/// `*record` belongs to the caller.
///
/// cbindgen:postfix=BOOTSTRAP_TOKEN_NONNULL(1, 2)
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_new_bare(
    token: *const Token,
    record: *mut *mut Record,
    error: *mut *mut Error,
) -> Code {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        call(error, || {
            let out = Out::at(record, "record")?;
            let token = input::object(token, "token")?;
            out.give(Record::new(BootstrapToken::new(token.0.clone())));
            Ok(())
        })
    }
}

/// Wipes and frees a record; NULL is taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_record_free(record: *mut Record) {
    // SAFETY: the caller's word.
    unsafe { input::free(record) };
}
