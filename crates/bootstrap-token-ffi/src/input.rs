//! What a caller passes, checked before anything is done with it.

use core::ffi::c_char;
use core::slice;

use crate::boundary::{Failure, answer};
use crate::code::Code;
use crate::wiped::Wiped;

/// What a caller has a pointer to.
pub(crate) trait Object {
    /// Whether it was wiped. Only what lies in a caller's memory can be seen to be.
    fn is_wiped(&self) -> bool {
        false
    }
}

/// An object that a noun asks about; `None` for NULL, and for one that was wiped.
///
/// # Safety
/// `object` is NULL or one that this library made and that is not freed.
pub(crate) unsafe fn borrow<'a, T: Object>(object: *const T) -> Option<&'a T> {
    // SAFETY: the caller's word.
    unsafe { object.as_ref() }.filter(|object| !object.is_wiped())
}

/// An object that must be there.
///
/// # Safety
/// As [`borrow`].
pub(crate) unsafe fn object<'a, T: Object>(object: *const T, name: &str) -> Result<&'a T, Failure> {
    // SAFETY: the caller's word.
    let object = unsafe { object.as_ref() }.ok_or_else(|| null(name))?;
    if object.is_wiped() {
        return Err(Failure::new(
            Code::InvalidArgument,
            format!("'{name}' was wiped, or its memory was overwritten"),
        ));
    }
    Ok(object)
}

/// An object that is to be changed.
///
/// # Safety
/// As [`borrow`], and nobody else uses it meanwhile.
pub(crate) unsafe fn object_mut<'a, T: Object>(
    object: *mut T,
    name: &str,
) -> Result<&'a mut T, Failure> {
    // SAFETY: the caller's word.
    unsafe { object.as_mut() }.ok_or_else(|| null(name))
}

/// Ends an object's life; NULL is taken.
///
/// # Safety
/// `object` is NULL or one that this library gave away, and it is not used again.
pub(crate) unsafe fn free<T: Object>(object: *mut T) {
    if !object.is_null() {
        answer((), || {
            // SAFETY: by the caller's word it came from `Out::give`, and comes back once.
            let object = unsafe { Wiped::from_raw(object) };
            if object.is_wiped() {
                // Most likely freed before. To wipe it again would wipe the mark by which the allocator sees that.
                object.release();
            }
            Some(())
        });
    }
}

/// Bytes by pointer and length. NULL stands for none, if the length is 0.
///
/// # Safety
/// `len` bytes can be read at `at`, and nobody changes them meanwhile.
pub(crate) unsafe fn bytes<'a>(
    at: *const c_char,
    len: usize,
    name: &str,
) -> Result<&'a [u8], Failure> {
    if len == 0 {
        return Ok(&[]);
    }
    if at.is_null() {
        return Err(null(name));
    }
    if isize::try_from(len).is_err() {
        return Err(Failure::new(
            Code::InvalidArgument,
            format!("the length of '{name}' is more than memory can hold"),
        ));
    }
    // SAFETY: the caller's word, for a length that a slice may have.
    Ok(unsafe { slice::from_raw_parts(at.cast::<u8>(), len) })
}

/// A text in UTF-8 by pointer and length.
///
/// # Safety
/// As [`bytes`].
pub(crate) unsafe fn text<'a>(
    at: *const c_char,
    len: usize,
    name: &str,
) -> Result<&'a str, Failure> {
    // SAFETY: the caller's word.
    let bytes = unsafe { bytes(at, len, name) }?;
    core::str::from_utf8(bytes).map_err(|error| {
        Failure::new(
            Code::InvalidUtf8,
            format!("byte {} of '{name}' is not UTF-8", error.valid_up_to() + 1),
        )
    })
}

pub(crate) fn null(name: &str) -> Failure {
    Failure::new(Code::NullPointer, format!("'{name}' is NULL"))
}
