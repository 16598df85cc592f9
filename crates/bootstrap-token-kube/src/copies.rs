use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use http::Extensions;

/// Counts the copies of a request, which tell whether a client repeats it.
///
/// A client that repeats requests keeps a copy of each that it sends, with its extensions: kube's
/// `RetryPolicy::clone_request` does, and its default client has that policy. The caller sees the last answer only.
#[derive(Debug, Default)]
pub(crate) struct Copies(Arc<AtomicU32>);

/// Travels with the request.
struct Mark(Arc<AtomicU32>);

impl Copies {
    /// Counts from here on.
    pub(crate) fn of(extensions: &mut Extensions) -> Self {
        let copies = Self::default();
        extensions.insert(Mark(Arc::clone(&copies.0)));
        copies
    }

    /// Whether there are several: the first is made before anything is sent.
    pub(crate) fn are_several(&self) -> bool {
        self.0.load(Ordering::Relaxed) > 1
    }
}

impl Clone for Mark {
    fn clone(&self) -> Self {
        self.0.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(&self.0))
    }
}
