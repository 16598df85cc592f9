/// Keeps the heap's small blocks in one place, for a program of few threads that is run under a limit of address space.
///
/// glibc gives each thread a heap of its own, and reserves 64 MiB of address space and more for each. Under
/// `ulimit -v` there may be no room for them. Does nothing once the program has started another thread.
pub fn use_one_arena() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    if std::fs::read_dir("/proc/self/task").is_ok_and(|threads| threads.count() == 1) {
        // SAFETY: it takes numbers, moves nothing that is allocated, and no other thread allocates.
        unsafe {
            libc::mallopt(libc::M_ARENA_MAX, 1);
        }
    }
}
