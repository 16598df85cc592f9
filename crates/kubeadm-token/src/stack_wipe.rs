//! Token secrets stay in one place.
//!
//! What is freed is wiped by the allocator. A value that is moved on the stack leaves its old place as it was, so that
//! secrets are read into the heap, stay there, and the stack that was used for it is wiped.

use core::ops::Deref;

use secret_memory::keep_in_ram;
use zeroize::zeroize_stack;

/// Several times what the deepest of these calls takes in a debug build.
const STACK: usize = 128 << 10;

/// Reads secrets into a place on the heap, where they stay until they are dropped.
pub(crate) fn read<P: Deref, E>(read: impl FnOnce() -> Result<P, E>) -> Result<P, E> {
    let place = use_stack(read)?;
    keep_in_ram(&*place);
    Ok(place)
}

/// Works with secrets, and wipes the stack that was used for it. What is returned must not hold one.
pub(crate) fn use_stack<T>(work: impl FnOnce() -> T) -> T {
    #[inline(never)]
    fn below<T>(work: impl FnOnce() -> T) -> T {
        work()
    }

    let done = below(work);
    zeroize_stack::<STACK>();
    done
}
