use std::io;

use tokio::net::TcpStream;

/// From how many received bytes on a reader is woken. Linux wakes one that waits if there are as many already.
#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "a socket option that no safe library sets")]
pub(super) fn set(stream: &TcpStream, bytes: usize) -> io::Result<()> {
    use std::os::fd::AsRawFd;

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

/// Only Linux heeds the option when it wakes a reader that waits for several things.
#[cfg(not(target_os = "linux"))]
pub(super) fn set(_: &TcpStream, _: usize) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
