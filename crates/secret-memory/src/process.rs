/// Takes this process's memory away from everybody but root.
///
/// On Unix no core dump is written. On Linux no debugger of the same user may attach, and `/proc/PID/mem` and the like are
/// root's. Programs that this one runs may have debuggers; their limit for core dumps starts at zero, and they may raise it.
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
    // SAFETY: both calls use the limit during the call only.
    unsafe {
        if libc::getrlimit(libc::RLIMIT_CORE, &raw mut limit) == 0 {
            limit.rlim_cur = 0;
            libc::setrlimit(libc::RLIMIT_CORE, &raw const limit);
        }
    }
}

/// A process that is not dumpable writes no core dump either, not even to a program that collects them, for which the limit
/// does not matter.
#[cfg(target_os = "linux")]
fn no_debugger() {
    const NOT_DUMPABLE: libc::c_ulong = 0;
    // SAFETY: it takes a number and changes nothing in memory.
    unsafe {
        libc::prctl(libc::PR_SET_DUMPABLE, NOT_DUMPABLE);
    }
}
