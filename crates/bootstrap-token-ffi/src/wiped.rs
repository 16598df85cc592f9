//! The memory of an object that a caller has.

use core::mem::{ManuallyDrop, MaybeUninit};
use core::ops::Deref;
use core::ptr;

use zeroize::Zeroize as _;

/// An object in a place of its own, all of which is wiped: a field wipes itself, but between and behind the fields there
/// may be bytes of whatever was on the stack where the object was made.
pub(crate) struct Wiped<T>(ManuallyDrop<Box<T>>);

impl<T> Wiped<T> {
    pub(crate) fn new(object: T) -> Self {
        Self(ManuallyDrop::new(Box::new(object)))
    }

    /// Gives it away, until [`from_raw`](Self::from_raw).
    pub(crate) fn into_raw(self) -> *mut T {
        let mut kept = ManuallyDrop::new(self);
        // SAFETY: it is taken once, since what is kept is not dropped.
        Box::into_raw(unsafe { ManuallyDrop::take(&mut kept.0) })
    }

    /// # Safety
    /// `object` came from [`into_raw`](Self::into_raw), and comes back once.
    pub(crate) unsafe fn from_raw(object: *mut T) -> Self {
        // SAFETY: the caller's word.
        Self(ManuallyDrop::new(unsafe { Box::from_raw(object) }))
    }

    /// Gives the memory back as it is.
    pub(crate) fn release(self) {
        let object = self.into_raw();
        // SAFETY: it is there, and its memory is a box's from now on, of which nothing need be valid.
        drop(unsafe { Box::from_raw(object.cast::<MaybeUninit<T>>()) });
    }
}

impl<T> Deref for Wiped<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Drop for Wiped<T> {
    fn drop(&mut self) {
        // SAFETY: it is not used again.
        let object = Box::into_raw(unsafe { ManuallyDrop::take(&mut self.0) });
        // SAFETY: it is there, and its memory is a box's from now on, of which nothing need be valid.
        let mut memory = unsafe {
            ptr::drop_in_place(object);
            Box::from_raw(object.cast::<MaybeUninit<T>>())
        };
        memory.zeroize();
    }
}
