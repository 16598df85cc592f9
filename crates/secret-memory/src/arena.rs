/// Keeps the whole heap in one place, for a program of few threads that is run under a limit of address space.
///
/// glibc gives each thread a heap of its own, and reserves 64 MiB of address space and more for each. Under
/// `ulimit -v` that may be what the program has no room for. Call it before there is another thread.
pub fn use_one_arena() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: it takes numbers, and moves nothing that is allocated.
    unsafe {
        libc::mallopt(libc::M_ARENA_MAX, 1);
    }
}
