use std::io;

use tokio::net::TcpStream;

/// Sets from how many received bytes on a reader is woken. One that waits is woken if there are as many already.
///
/// # Errors
/// The system cannot: only Linux since 4.18 looks for readers that wait (`tcp_set_rcvlowat`).
#[cfg(target_os = "linux")]
pub(super) fn set(stream: &TcpStream, bytes: usize) -> io::Result<()> {
    use std::sync::LazyLock;

    static WAKES_READERS: LazyLock<bool> = LazyLock::new(|| linux::release() >= Some((4, 18)));
    if *WAKES_READERS {
        linux::set(stream, bytes)
    } else {
        Err(io::ErrorKind::Unsupported.into())
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn set(_: &TcpStream, _: usize) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "a socket option that no safe library sets")]
mod linux {
    use core::ffi::CStr;
    use core::mem::MaybeUninit;
    use std::io;
    use std::os::fd::AsRawFd;

    use tokio::net::TcpStream;

    pub(super) fn set(stream: &TcpStream, bytes: usize) -> io::Result<()> {
        let bytes = libc::c_int::try_from(bytes).map_err(io::Error::other)?;
        let length = size_of_val(&bytes).try_into().map_err(io::Error::other)?;
        // SAFETY: the descriptor is open as long as the stream is borrowed, and the number is read during the call only.
        let failed = unsafe {
            libc::setsockopt(
                stream.as_raw_fd(),
                libc::SOL_SOCKET,
                libc::SO_RCVLOWAT,
                (&raw const bytes).cast(),
                length,
            )
        };
        if failed == 0 {
            Ok(())
        } else {
            Err(io::Error::last_os_error())
        }
    }

    /// The kernel's major and minor version.
    pub(super) fn release() -> Option<(u32, u32)> {
        let mut names = MaybeUninit::uninit();
        // SAFETY: it writes what it is given room for.
        if unsafe { libc::uname(names.as_mut_ptr()) } != 0 {
            return None;
        }
        // SAFETY: the call succeeded, so it was written.
        let names = unsafe { names.assume_init() };
        // SAFETY: each name ends with a zero.
        let release = unsafe { CStr::from_ptr(names.release.as_ptr()) };
        parse(release.to_str().ok()?)
    }

    /// `6.1.0-18-amd64` is 6.1.
    pub(super) fn parse(release: &str) -> Option<(u32, u32)> {
        let mut numbers = release.split(|c: char| !c.is_ascii_digit());
        Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::linux::{parse, release};

    #[test]
    fn the_version_of_a_kernel() {
        assert_eq!(parse("6.1.0-18-amd64"), Some((6, 1)));
        assert_eq!(parse("4.18"), Some((4, 18)));
        assert_eq!(parse("4.4.0-19041-Microsoft"), Some((4, 4)));
        assert_eq!(parse("unknown"), None);
        assert!(release() >= Some((2, 6)), "{:?}", release());
    }
}
