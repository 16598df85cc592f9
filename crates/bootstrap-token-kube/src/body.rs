use bytes::Bytes;
use http_body_util::BodyExt;
use kube::client::Body;
use tokio::time::{Instant, timeout_at};
use zeroize::Zeroizing;

/// Why the body of a reply could not be had.
#[derive(Debug)]
pub(crate) enum Unread {
    TooLong,
    TooLate,
    Broken(kube::Error),
}

/// Reads a whole body of at most `limit` bytes. It may hold token secrets: it is wiped when the last slice
/// of it is dropped.
pub(crate) async fn read(mut body: Body, limit: usize, until: Instant) -> Result<Bytes, Unread> {
    let mut whole = Zeroizing::new(Vec::new());
    loop {
        let frame = match timeout_at(until, body.frame()).await {
            Err(_) => return Err(Unread::TooLate),
            Ok(None) => return Ok(Bytes::from_owner(whole)),
            Ok(Some(Err(error))) => return Err(Unread::Broken(error)),
            Ok(Some(Ok(frame))) => frame,
        };
        let Some(data) = frame.data_ref() else {
            continue; // trailers
        };
        if data.len() > limit.saturating_sub(whole.len()) {
            return Err(Unread::TooLong);
        }
        append(&mut whole, data);
    }
}

/// Appends without ever freeing memory that still holds what was read, as growing a `Vec` does.
fn append(whole: &mut Zeroizing<Vec<u8>>, data: &[u8]) {
    let length = whole.len().saturating_add(data.len());
    if length > whole.capacity() {
        let capacity = length.max(whole.capacity().saturating_mul(2));
        let mut larger = Zeroizing::new(Vec::with_capacity(capacity));
        larger.extend_from_slice(whole);
        *whole = larger;
    }
    whole.extend_from_slice(data);
}
