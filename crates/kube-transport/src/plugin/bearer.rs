use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::Arc;
use std::time::SystemTime;

use http::header::AUTHORIZATION;
use http::{HeaderValue, Request};
use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tower::{BoxError, Service};

use super::{Plugin, PluginError, Token};

/// A plugin's token, and the plugin that gives another when it expires.
#[derive(Clone)]
pub(crate) struct Renewal {
    plugin: Plugin,
    token: Arc<Mutex<Token>>,
}

impl Renewal {
    pub(super) fn new(plugin: Plugin, token: Token) -> Self {
        Self {
            plugin,
            token: Arc::new(Mutex::new(token)),
        }
    }

    /// The token's header. One that has expired is renewed first, as client-go does.
    async fn header(&self) -> Result<HeaderValue, BoxError> {
        let mut token = Arc::clone(&self.token).lock_owned().await;
        let now = SystemTime::now();
        if token.expires.is_some_and(|expires| expires <= now) {
            let plugin = self.plugin.clone();
            // The lock goes along: if this request is given up, the plugin still runs once, for the next request.
            let renewed = spawn_blocking(move || {
                *token = plugin.renew()?;
                Ok::<_, PluginError>(token)
            });
            token = renewed.await??;
        }
        Ok(token.header.clone())
    }
}

/// Adds a plugin's token, if any, to each request.
#[derive(Clone)]
pub(crate) struct Bearer<S> {
    pub(crate) inner: S,
    pub(crate) token: Option<Renewal>,
}

impl<S, B> Service<Request<B>> for Bearer<S>
where
    S: Service<Request<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let next = self.inner.clone();
        let mut ready = core::mem::replace(&mut self.inner, next);
        let token = self.token.clone();
        Box::pin(async move {
            if let Some(token) = token {
                let header = token.header().await?;
                request.headers_mut().insert(AUTHORIZATION, header);
            }
            ready.call(request).await.map_err(Into::into)
        })
    }
}
