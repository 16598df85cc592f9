//! The one place where a call from C becomes a call of ours: what fails becomes a code, and so does a panic.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::code::Code;
use crate::error::Error;
use crate::output::Out;
use crate::wiped::Wiped;

/// Why a call did nothing. Its message holds no secret, nor a text that was not understood.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { code, message }
    }

    /// An error of the crates below, with what it says of its source.
    pub(crate) fn of(code: Code, error: &dyn std::error::Error) -> Self {
        let mut message = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            message.push_str(": ");
            message.push_str(&error.to_string());
            source = error.source();
        }
        Self { code, message }
    }

    fn panic() -> Self {
        Self::new(
            Code::Panic,
            "a defect in libbootstrap_token; please report it",
        )
    }
}

/// A call that may fail.
///
/// # Safety
/// `error` is NULL or may be written to.
pub(crate) unsafe fn call(
    error: *mut *mut Error,
    body: impl FnOnce() -> Result<(), Failure>,
) -> Code {
    // What a panic leaves behind is never looked at again: outputs are written last.
    let outcome = catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|_| Err(Failure::panic()));
    let Err(failure) = outcome else {
        return Code::Ok;
    };
    let code = failure.code;
    if !error.is_null() {
        let object = Wiped::new(Error::new(failure)).into_raw();
        // SAFETY: not NULL, and so by the caller's word to be written to.
        unsafe { error.write(object) };
    }
    code
}

/// A question of trust. C takes any number for true, and 0 is also how a result says yes: so such a function returns
/// nothing, and its answer is an output. That is `no` from the start, and stays so if the call fails.
///
/// # Safety
/// `at` and `error` are NULL or may be written to.
pub(crate) unsafe fn question<T>(
    at: *mut T,
    name: &str,
    no: T,
    error: *mut *mut Error,
    body: impl FnOnce() -> Result<T, Failure>,
) {
    // SAFETY: the caller's word, for each pointer.
    unsafe {
        if !at.is_null() {
            at.write(no);
        }
        call(error, || {
            let out = Out::at(at, name)?;
            out.set(body()?);
            Ok(())
        });
    }
}

/// A call that answers with a value: `otherwise` is also the answer to what cannot be asked.
pub(crate) fn answer<T>(otherwise: T, body: impl FnOnce() -> Option<T>) -> T {
    catch_unwind(AssertUnwindSafe(body))
        .ok()
        .flatten()
        .unwrap_or(otherwise)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::ptr;

    #[test]
    fn a_panic_becomes_a_code() {
        let mut error = ptr::null_mut();
        // SAFETY: `error` is a variable.
        let code = unsafe { call(&raw mut error, || panic!("07401b.f395accd246ae52d")) };
        assert_eq!(code, Code::Panic);
        // SAFETY: written by the call.
        let error = unsafe { Box::from_raw(error) };
        assert_eq!(
            error.message().to_str(),
            Ok("a defect in libbootstrap_token; please report it")
        );
        assert_eq!(answer(7, || panic!("again")), 7);
        let mut is_valid = true;
        // SAFETY: `is_valid` is a variable.
        unsafe {
            question(&raw mut is_valid, "", false, ptr::null_mut(), || {
                panic!("once more")
            });
        }
        assert!(!is_valid);
    }
}
