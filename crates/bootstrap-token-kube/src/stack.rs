use zeroize::zeroize_stack;

/// Several times what the deepest of these calls takes in a debug build.
const SIZE: usize = 32 << 10;

/// Works with a token secret that has its place on the heap, and wipes the stack that was used for it. What is returned
/// must not hold one.
pub(crate) fn wiped_after<T>(work: impl FnOnce() -> T) -> T {
    #[inline(never)]
    fn below<T>(work: impl FnOnce() -> T) -> T {
        work()
    }

    let done = below(work);
    zeroize_stack::<SIZE>();
    done
}
