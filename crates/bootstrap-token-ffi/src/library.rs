//! What the library says of itself.

use core::ffi::c_char;

use crate::code::Code;

/// Changes when a program that was built against an older header would not work any more.
pub const ABI_VERSION: u32 = 2;

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

/// The ABI that this library has. A program that loads it by name compares this with
/// `BOOTSTRAP_TOKEN_ABI_VERSION` of the header that it was written against, and goes on only if they are equal.
#[unsafe(no_mangle)]
pub extern "C" fn bootstrap_token_abi_version() -> u32 {
    ABI_VERSION
}

/// The version of this library, such as `0.1.0`: ends with NUL, lives for ever.
#[unsafe(no_mangle)]
pub extern "C" fn bootstrap_token_version() -> *const c_char {
    VERSION.as_ptr().cast()
}

/// The name of a code, such as `BOOTSTRAP_TOKEN_RESULT_OK`: ends with NUL, lives for ever. A number that is no code's
/// has the name `BOOTSTRAP_TOKEN_RESULT_UNKNOWN`.
#[unsafe(no_mangle)]
pub extern "C" fn bootstrap_token_result_name(result: u32) -> *const c_char {
    Code::describe(result)
        .map_or(c"BOOTSTRAP_TOKEN_RESULT_UNKNOWN", |(name, _)| name)
        .as_ptr()
}

/// What a code means, in general: ends with NUL, lives for ever. An error object tells more.
#[unsafe(no_mangle)]
pub extern "C" fn bootstrap_token_result_message(result: u32) -> *const c_char {
    Code::describe(result)
        .map_or(c"a number that is no result's", |(_, message)| message)
        .as_ptr()
}
