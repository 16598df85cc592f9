//! Where a caller wants an answer, checked before anything is done and written last.

use core::ffi::{c_char, c_void};
use core::ptr::{self, NonNull};

use crate::boundary::Failure;
use crate::code::Code;
use crate::input::null;
use crate::wiped::Wiped;

/// A place for a value.
pub(crate) struct Out<T>(NonNull<T>);

impl<T> Out<T> {
    /// # Safety
    /// `at` is NULL or may be written to.
    pub(crate) unsafe fn at(at: *mut T, name: &str) -> Result<Self, Failure> {
        NonNull::new(at).map(Self).ok_or_else(|| null(name))
    }

    pub(crate) fn set(self, value: T) {
        // SAFETY: by the word that `at` was given.
        unsafe { self.0.write(value) }
    }
}

impl<T> Out<*mut T> {
    /// Gives an object away.
    pub(crate) fn give(self, object: T) {
        self.set(Wiped::new(object).into_raw());
    }
}

/// A caller's memory for an object, which may lie at any address.
pub(crate) struct Storage<T>(NonNull<T>);

impl<T> Storage<T> {
    /// # Safety
    /// `at` is NULL, or `size` bytes may be written there; `needed` are enough for the object, which any address suits.
    pub(crate) unsafe fn at(
        at: *mut c_void,
        size: usize,
        needed: usize,
        name: &str,
    ) -> Result<Self, Failure> {
        let at = NonNull::new(at.cast()).ok_or_else(|| null(name))?;
        has_room(size, needed, name)?;
        Ok(Self(at))
    }

    /// Puts an object there; where it then is.
    pub(crate) fn hold(self, object: T) -> *mut T {
        // SAFETY: there is room for it, by the word that `at` was given.
        unsafe { self.0.write(object) }
        self.0.as_ptr()
    }
}

fn has_room(size: usize, needed: usize, name: &str) -> Result<(), Failure> {
    if size >= needed {
        return Ok(());
    }
    Err(Failure::new(
        Code::BufferTooSmall,
        format!("'{name}' has {size} bytes, {needed} are needed"),
    ))
}

/// A caller's buffer for a text that ends with NUL.
pub(crate) struct Buffer {
    at: NonNull<c_char>,
    /// Of the text that there is room for.
    length: usize,
}

impl Buffer {
    /// With room for a text of `length` bytes and its NUL.
    ///
    /// # Safety
    /// `at` is NULL, or `size` bytes may be written there.
    pub(crate) unsafe fn at(
        at: *mut c_char,
        size: usize,
        length: usize,
        name: &str,
    ) -> Result<Self, Failure> {
        let at = NonNull::new(at).ok_or_else(|| null(name))?;
        has_room(size, length + 1, name)?;
        Ok(Self { at, length })
    }

    /// Writes a text, of the length that it was made for.
    pub(crate) fn write(self, text: &str) {
        assert!(
            text.len() == self.length,
            "there is room for {} bytes, not for {}",
            self.length,
            text.len()
        );
        let at = self.at.as_ptr();
        // SAFETY: there is room for it and the NUL, by the word that `at` was given.
        unsafe {
            ptr::copy_nonoverlapping(text.as_ptr().cast(), at, text.len());
            at.add(text.len()).write(0);
        }
    }
}

/// Lends a text that is not NUL-terminated; NULL if there is no place for its length.
///
/// # Safety
/// `len` is NULL or may be written to.
pub(crate) unsafe fn lend(text: &[u8], len: *mut usize) -> Option<*const c_char> {
    let len = NonNull::new(len)?;
    // SAFETY: not NULL, and the caller's word.
    unsafe { len.write(text.len()) };
    Some(first_byte(text))
}

/// Where a text is, and for an empty one a place that can be read: Rust has an address for it that is none, 0x1, at which
/// Go's runtime ends the program.
pub(crate) fn first_byte(text: &[u8]) -> *const c_char {
    if text.is_empty() {
        c"".as_ptr()
    } else {
        text.as_ptr().cast()
    }
}
