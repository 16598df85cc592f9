/// Keeps the pages of a value in RAM: they are not swapped out and not in core dumps.
///
/// This lasts until the program ends and affects everything else on these pages. Does nothing if a limit forbids it:
/// see `ulimit -l`.
pub fn keep_in_ram<T: ?Sized>(value: &T) {
    #[cfg(unix)]
    keep(core::ptr::from_ref(value).cast(), size_of_val(value));
    #[cfg(not(unix))]
    let _ = value;
}

#[cfg(unix)]
fn keep(from: *const u8, length: usize) {
    // SAFETY: it reads a constant of the system.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
    let Ok(page) = usize::try_from(page) else {
        return;
    };
    let before = from.addr() % page;
    let pages = from.wrapping_sub(before).cast_mut().cast();
    let length = length + before;
    // SAFETY: the pages are mapped, as a value is on them. Their content does not change.
    unsafe {
        libc::mlock(pages, length);
        #[cfg(target_os = "linux")]
        libc::madvise(pages, length, libc::MADV_DONTDUMP);
    }
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Returns the flags of the page at an address: `VmFlags` of `proc_pid_smaps(5)`.
    fn flags(address: usize) -> String {
        let maps = fs::read_to_string("/proc/self/smaps").unwrap();
        let mut is_it = false;
        for line in maps.lines() {
            let range = line
                .split(' ')
                .next()
                .and_then(|range| range.split_once('-'));
            if let Some((from, to)) = range {
                let at = |text| usize::from_str_radix(text, 16).unwrap();
                is_it = (at(from)..at(to)).contains(&address);
            } else if let Some(flags) = line.strip_prefix("VmFlags:").filter(|_| is_it) {
                return flags.to_owned() + " ";
            }
        }
        panic!("no page at {address:#x}")
    }

    #[test]
    fn a_value_stays_in_ram_and_out_of_dumps() {
        let values: Vec<_> = (0_u8..4).map(|n| vec![n; 8192]).collect();
        let (last, rest) = values.split_last().unwrap();
        keep_in_ram(&**last);
        let mut flags_of_pages = last.chunks(4096).map(|page| flags(page.as_ptr().addr()));
        assert!(flags_of_pages.all(|flags| flags.contains(" lo ") && flags.contains(" dd ")));
        let first = flags(rest[0].as_ptr().addr());
        assert!(
            !first.contains(" lo ") && !first.contains(" dd "),
            "{first}"
        );
        assert!(last.iter().all(|byte| *byte == 3));
        keep_in_ram(&());
    }
}
