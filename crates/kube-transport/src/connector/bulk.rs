//! Reduces wake-ups while a long reply arrives.

mod low_water;
#[cfg(test)]
mod tests;

use core::pin::Pin;
use core::task::{Context, Poll, ready};
use core::time::Duration;
use std::io;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

/// A TCP connection that, once a reply is long, wakes its reader for every [`PIECE`] bytes, or after [`LONGEST_WAIT`].
/// An API server sends a list in pieces of 4 KiB, and waking up for one costs more than reading it.
///
/// The system is asked for it by `SO_RCVLOWAT` (socket(7)). Where [`low_water`] cannot set that, nothing changes.
pub(super) struct Bulk {
    stream: TcpStream,
    /// Bytes received since the last write.
    received: usize,
    /// Whether the system refused to wake by piece. It is not asked again.
    refused: bool,
    /// Whether the reader is to be woken for a whole piece only.
    by_piece: bool,
    /// The timer that wakes it anyway.
    wake: Pin<Box<Sleep>>,
}

/// The length from which a reply is long.
const LONG: usize = 64 << 10;
/// As much as one system call reads.
const PIECE: usize = super::READ;
/// The resolution of tokio's timers.
const LONGEST_WAIT: Duration = Duration::from_millis(1);

impl Bulk {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self {
            stream,
            received: 0,
            refused: false,
            by_piece: false,
            wake: Box::pin(sleep(Duration::ZERO)),
        }
    }

    fn received(&mut self, bytes: usize) {
        self.received = self.received.saturating_add(bytes);
        if self.received >= LONG && !self.by_piece && !self.refused {
            self.by_piece = low_water::set(&self.stream, PIECE).is_ok();
            self.refused = !self.by_piece;
        }
        if self.by_piece {
            self.wake.as_mut().reset(Instant::now() + LONGEST_WAIT);
        }
    }

    /// Wakes the reader for every byte again, at once if bytes are waiting.
    fn wake_for_every_byte(&mut self) -> io::Result<()> {
        if !self.by_piece {
            return Ok(());
        }
        self.by_piece = false;
        low_water::set(&self.stream, 1)
    }

    /// Prepares for the next reply.
    fn expect_reply(&mut self) -> io::Result<()> {
        self.received = 0;
        self.wake_for_every_byte()
    }
}

impl AsyncRead for Bulk {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut self.stream).poll_read(cx, buf) {
            self.received(buf.filled().len() - before);
            return Poll::Ready(read);
        }
        if self.by_piece {
            ready!(self.wake.as_mut().poll(cx));
            self.wake_for_every_byte()?;
        }
        Poll::Pending
    }
}

impl AsyncWrite for Bulk {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.expect_reply()?;
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.expect_reply()?;
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
