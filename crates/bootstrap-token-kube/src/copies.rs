use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use http::Extensions;

/// Counts the copies of a request, to detect a client that repeats it.
///
/// Such a client keeps a copy of each request it sends, with its extensions. kube does so in
/// `RetryPolicy::clone_request`, which its default client uses. The caller sees only the last answer.
#[derive(Debug, Default)]
pub(crate) struct Copies(Arc<AtomicU32>);

/// The mark that travels with the request.
struct Mark(Arc<AtomicU32>);

impl Copies {
    /// Starts counting.
    pub(crate) fn of(extensions: &mut Extensions) -> Self {
        let copies = Self::default();
        extensions.insert(Mark(Arc::clone(&copies.0)));
        copies
    }

    /// Returns whether the request was repeated. The first copy is made before anything is sent.
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
