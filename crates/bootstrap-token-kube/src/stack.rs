use zeroize::zeroize_stack;

/// Several times the stack of the deepest call in a debug build.
const SIZE: usize = 32 << 10;

/// Runs `work` on a token secret that is on the heap, then wipes the stack it used. The result must not hold a token
/// secret.
pub(crate) fn wiped_after<T>(work: impl FnOnce() -> T) -> T {
    #[inline(never)]
    fn below<T>(work: impl FnOnce() -> T) -> T {
        work()
    }

    let done = below(work);
    zeroize_stack::<SIZE>();
    done
}
