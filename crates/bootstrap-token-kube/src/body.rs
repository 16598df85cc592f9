use bytes::Bytes;
use http_body_util::BodyExt;
use kube::client::Body;
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroize;

/// Why the body of a reply could not be read.
#[derive(Debug)]
pub(crate) enum Unread {
    TooLong,
    TooLate,
    Broken(kube::Error),
}

/// Reads a whole body of at most `limit` bytes and allocates `expected` bytes up front. The body may hold token
/// secrets: it is wiped when its last slice is dropped.
pub(crate) async fn read(
    body: Body,
    limit: usize,
    expected: usize,
    until: Instant,
) -> Result<Bytes, Unread> {
    // One timer for all frames: a page arrives in hundreds of them.
    let body = timeout_at(until, read_all(body, limit, expected)).await;
    body.unwrap_or(Err(Unread::TooLate))
}

async fn read_all(mut body: Body, limit: usize, expected: usize) -> Result<Bytes, Unread> {
    let mut buffer = Buffer(Vec::with_capacity(expected.min(limit)));
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(Unread::Broken)?;
        let Some(data) = frame.data_ref() else {
            continue; // trailers
        };
        if data.len() > limit.saturating_sub(buffer.0.len()) {
            return Err(Unread::TooLong);
        }
        buffer.append(data, limit);
    }
    Ok(Bytes::from_owner(buffer.shrunk()))
}

/// The bytes read so far. Only these are wiped: unused capacity is never touched.
struct Buffer(Vec<u8>);

impl Buffer {
    /// Appends without freeing memory that still holds the body, as a growing `Vec` would. The caller checks the limit.
    fn append(&mut self, data: &[u8], limit: usize) {
        let length = self.0.len().saturating_add(data.len());
        if length > self.0.capacity() {
            let capacity = length.max(self.0.capacity().saturating_mul(2).min(limit));
            *self = self.copy(capacity);
        }
        self.0.extend_from_slice(data);
    }

    /// Drops the spare capacity if it exceeds the length: callers may keep a whole list.
    fn shrunk(self) -> Self {
        if self.0.capacity() / 2 > self.0.len() {
            return self.copy(self.0.len());
        }
        self
    }

    fn copy(&self, capacity: usize) -> Self {
        let mut copy = Self(Vec::with_capacity(capacity));
        copy.0.extend_from_slice(&self.0);
        copy
    }
}

impl AsRef<[u8]> for Buffer {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.0.as_mut_slice().zeroize();
    }
}
