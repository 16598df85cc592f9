//! Keeps each token secret in one place, on the heap.
//!
//! The allocator wipes freed memory. Moving a value on the stack leaves a copy behind, so secrets are read into the
//! heap and stay there, and the stack that was used is wiped.

use core::ops::Deref;

use secret_memory::keep_in_ram;
use zeroize::zeroize_stack;

/// Size of the wiped stack: several times what the deepest call needs in a debug build.
const STACK: usize = 128 << 10;

/// Reads secrets into the heap, where they stay until they are dropped.
pub(crate) fn read<P: Deref, E>(read: impl FnOnce() -> Result<P, E>) -> Result<P, E> {
    let place = use_stack(read)?;
    keep_in_ram(&*place);
    Ok(place)
}

/// Runs work that handles secrets and wipes the stack that it used. The result must not hold a secret.
pub(crate) fn use_stack<T>(work: impl FnOnce() -> T) -> T {
    #[inline(never)]
    fn below<T>(work: impl FnOnce() -> T) -> T {
        work()
    }

    let done = below(work);
    zeroize_stack::<STACK>();
    done
}
