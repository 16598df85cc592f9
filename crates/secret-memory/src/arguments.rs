use core::ops::Range;

/// Overwrites parts of this process's arguments with `x` in the system's copy. `ps`, `/proc/PID/cmdline` and
/// [`std::env::args`] then show that.
///
/// `secrets` returns the ranges to overwrite in each argument. Does nothing if the program has started another thread,
/// which may be reading the arguments.
pub fn mask_arguments<I>(secrets: impl Fn(&[u8]) -> I)
where
    I: IntoIterator<Item = Range<usize>>,
{
    #[cfg(target_os = "linux")]
    linux::mask(secrets);
    #[cfg(not(target_os = "linux"))]
    let _ = secrets;
}

#[cfg(target_os = "linux")]
mod linux {
    use core::ops::Range;
    use core::ptr;
    use std::fs;
    use std::os::unix::ffi::OsStringExt;

    use zeroize::Zeroizing;

    const MASK: u8 = b'x';

    pub(super) fn mask<I>(secrets: impl Fn(&[u8]) -> I)
    where
        I: IntoIterator<Item = Range<usize>>,
    {
        let args = std::env::args_os().map(OsStringExt::into_vec);
        let args: Vec<_> = args.map(Zeroizing::new).collect();
        let mut secret = Vec::new();
        let mut start = 0;
        for arg in &args {
            for range in secrets(arg) {
                let (from, to) = (range.start.min(arg.len()), range.end.min(arg.len()));
                secret.extend(start + from..start + to);
            }
            // Each ends with a zero.
            start += arg.len() + 1;
        }
        let Some(area) = (if secret.is_empty() { None } else { area() }) else {
            return;
        };
        // If the lengths do not match, the area is not the original one.
        if area.len() != start {
            return;
        }
        let first: *mut u8 = ptr::with_exposed_provenance_mut(area.start);
        for at in secret {
            // SAFETY: the kernel has put the arguments there, writable, for this process. This is the only thread and
            // holds no reference to them. The zero at the end of an argument is not overwritten.
            unsafe { first.add(at).write_volatile(MASK) };
        }
    }

    /// Returns where the kernel has put the arguments, or `None` if there are other threads. See `proc_pid_stat(5)`.
    fn area() -> Option<Range<usize>> {
        const NUM_THREADS: usize = 20;
        const ARG_START: usize = 48;
        const ARG_END: usize = 49;
        // The second field, the program's name, is in parentheses and may hold anything.
        const AFTER_NAME: usize = 3;

        let stat = fs::read("/proc/self/stat").ok()?;
        let end = stat.iter().rposition(|byte| *byte == b')')?;
        let fields: Vec<_> = str::from_utf8(&stat[end + 1..])
            .ok()?
            .split_whitespace()
            .collect();
        let field = |number: usize| fields.get(number - AFTER_NAME)?.parse().ok();
        (field(NUM_THREADS)? == 1).then_some(field(ARG_START)?..field(ARG_END)?)
    }
}
