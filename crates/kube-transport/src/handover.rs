use core::task::{Context, Poll};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use http::Request;
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use tower::Service;

use crate::connector::{Peer, Step};

/// Tells whether a request was given to a connection. Add it as an extension of the request. Only clients of
/// [`Transport`](crate::Transport) fill it in.
#[derive(Debug, Clone, Default)]
pub struct Handover(Arc<OnceLock<Watched>>);

#[derive(Debug)]
struct Watched {
    connection: CaptureConnection,
    progress: Progress,
}

impl Handover {
    /// Returns the step that the client had reached, if the request had no connection yet. Nothing of it was sent then.
    pub fn on_the_way(&self) -> Option<(Peer, Step)> {
        let watched = self.0.get()?;
        if watched.connection.connection_metadata().is_some() {
            return None;
        }
        watched.progress.last()
    }
}

/// The current step of a client's last connection.
#[derive(Debug, Clone, Default)]
pub(crate) struct Progress(Arc<Mutex<Option<(Peer, Step)>>>);

impl Progress {
    pub(crate) fn at(&self, peer: &Peer, step: Step) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((peer.clone(), step));
    }

    fn last(&self) -> Option<(Peer, Step)> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// Fills in the [`Handover`] of each request.
#[derive(Clone)]
pub(crate) struct Watch<S> {
    pub(crate) inner: S,
    pub(crate) progress: Progress,
}

impl<S: Service<Request<B>>, B> Service<Request<B>> for Watch<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if let Some(handover) = request.extensions().get::<Handover>().cloned() {
            let watched = Watched {
                connection: capture_connection(&mut request),
                progress: self.progress.clone(),
            };
            // A layer above retries: the first attempt has set it already.
            let _ = handover.0.set(watched);
        }
        self.inner.call(request)
    }
}
