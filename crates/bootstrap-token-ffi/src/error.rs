//! The error object that a caller may ask for.

use core::ffi::c_char;
use core::ptr;
use std::ffi::CString;

use crate::boundary::{Failure, answer};
use crate::code::Code;
use crate::input;

/// Why a call failed: a code and a message. It belongs to who asked for it.
pub struct Error {
    code: Code,
    message: CString,
}

impl input::Object for Error {}

impl Error {
    pub(crate) fn new(failure: Failure) -> Self {
        let text: Vec<u8> = failure.message.into_bytes();
        let without_nul: Vec<u8> = text.into_iter().filter(|byte| *byte != 0).collect();
        Self {
            code: failure.code,
            // There is no NUL left in it.
            message: CString::new(without_nul).unwrap_or_default(),
        }
    }

    #[cfg(test)]
    pub(crate) fn message(&self) -> &core::ffi::CStr {
        &self.message
    }
}

/// The code that the failed call returned; `BOOTSTRAP_TOKEN_RESULT_NULL_POINTER` if `error` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_error_code(error: *const Error) -> Code {
    answer(Code::NullPointer, || {
        // SAFETY: the caller's word.
        let error = unsafe { input::borrow(error) }?;
        Some(error.code)
    })
}

/// What was found, where, and what is wanted instead: UTF-8, ends with NUL, borrowed until the error is freed. Never
/// holds a secret, nor a text that was not understood. NULL if `error` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_error_message(error: *const Error) -> *const c_char {
    answer(ptr::null(), || {
        // SAFETY: the caller's word.
        let error = unsafe { input::borrow(error) }?;
        Some(error.message.as_ptr())
    })
}

/// Frees an error; NULL is taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_error_free(error: *mut Error) {
    // SAFETY: the caller's word.
    unsafe { input::free(error) };
}
