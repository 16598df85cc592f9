/// Hides this process's memory from everybody except root.
///
/// On Unix, no core dump is written. On Linux, the same user's debuggers cannot attach, and only root can open
/// `/proc/PID/mem` and the like. Child processes can be debugged. Their core dump limit starts at zero, and they may
/// raise it.
pub fn conceal_process() {
    #[cfg(unix)]
    no_core_dump();
    #[cfg(target_os = "linux")]
    no_debugger();
}

#[cfg(unix)]
fn no_core_dump() {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: both calls use the limit only during the call.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_CORE, &raw mut limit) == 0 {
            limit.rlim_cur = 0;
            libc::setrlimit(libc::RLIMIT_CORE, &raw const limit);
        }
    }
}

/// A process that is not dumpable writes no core dump, not even to a collecting program, which ignores the limit.
#[cfg(target_os = "linux")]
fn no_debugger() {
    const NOT_DUMPABLE: libc::c_ulong = 0;
    // SAFETY: it takes a number and changes nothing in memory.
    unsafe {
        libc::prctl(libc::PR_SET_DUMPABLE, NOT_DUMPABLE);
    }
}
