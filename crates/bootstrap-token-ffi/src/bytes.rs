//! Bytes that a call made, of a length that the caller could not know.

use core::ffi::c_char;
use core::ptr;

use zeroize::Zeroizing;

use crate::boundary::answer;
use crate::input;
use crate::output::first_byte;

/// Bytes that a call made. They belong to who asked for them, and are wiped when freed.
pub struct Bytes(Zeroizing<Vec<u8>>);

impl input::Object for Bytes {}

impl Bytes {
    pub(crate) fn new(bytes: Zeroizing<Vec<u8>>) -> Self {
        Self(bytes)
    }

    pub(crate) fn of(text: &str) -> Self {
        Self(Zeroizing::new(text.as_bytes().to_vec()))
    }
}

/// The first byte, borrowed until the bytes are freed. No NUL stands behind the last. NULL if `bytes` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_bytes_data(bytes: *const Bytes) -> *const c_char {
    answer(ptr::null(), || {
        // SAFETY: the caller's word.
        let bytes = unsafe { input::borrow(bytes) }?;
        Some(first_byte(&bytes.0))
    })
}

/// How many there are; 0 if `bytes` is NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_bytes_len(bytes: *const Bytes) -> usize {
    answer(0, || {
        // SAFETY: the caller's word.
        let bytes = unsafe { input::borrow(bytes) }?;
        Some(bytes.0.len())
    })
}

/// Wipes and frees bytes; NULL is taken.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn bootstrap_token_bytes_free(bytes: *mut Bytes) {
    // SAFETY: the caller's word.
    unsafe { input::free(bytes) };
}
