use core::task::{Context, Poll};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use http::Request;
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use tower::Service;

use crate::connector::{Peer, Step};

/// Tells of a request whether it was given to a connection. As an extension of the request, it is filled in by a client
/// of [`Transport`](crate::Transport), and by no other.
#[derive(Debug, Clone, Default)]
pub struct Handover(Arc<OnceLock<Watched>>);

#[derive(Debug)]
struct Watched {
    connection: CaptureConnection,
    progress: Progress,
}

impl Handover {
    /// How far the client has come on the way to a connection, if it had none for the request: nothing of it was sent
    /// then.
    pub fn on_the_way(&self) -> Option<(Peer, Step)> {
        let watched = self.0.get()?;
        if watched.connection.connection_metadata().is_some() {
            return None;
        }
        watched.progress.last()
    }
}

/// The step that a client's last connection has come to.
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
            // A second attempt of a layer above: the first has been there.
            let _ = handover.0.set(watched);
        }
        self.inner.call(request)
    }
}
