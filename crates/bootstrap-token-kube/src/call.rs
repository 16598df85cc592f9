use core::time::Duration;
use std::time::SystemTime;

use bytes::Bytes;
use http::HeaderMap;
use http::header::DATE;
use k8s_openapi::jiff;
use kube::Client;
use kube::client::Body;
use kube_transport::Handover;
use tokio::time::{Instant, sleep, timeout_at};
use tracing::{debug, trace};

use crate::backoff::Backoff;
use crate::body::{self, Unread};
use crate::copies::Copies;
use crate::error::{BadReply, Error, Kind, Waiting};
use crate::failure::{Failure, Fate};
use crate::policy::Policy;
use crate::refusal::{self, Words, refusal};
use crate::reply::Reply;
use crate::request::{Purpose, Request};
use crate::transport;
use crate::wire::Media;

/// One call of the library's: as many attempts at one or more requests as the deadline leaves time for.
pub(crate) struct Call<'a> {
    client: &'a Client,
    pub(crate) purpose: Purpose,
    deadline: Duration,
    until: Instant,
    /// Whether an attempt that failed may have been carried out.
    pub(crate) unsettled: bool,
    /// What the server's clock showed when it last answered: the `Date` header.
    pub(crate) server_time: Option<SystemTime>,
}

impl<'a> Call<'a> {
    /// The least time that an attempt must have before it: one that is bound to be too late would only
    /// hide why those before it failed.
    const SHORTEST: Duration = Duration::from_millis(100);

    pub(crate) fn new(client: &'a Client, policy: &Policy, purpose: Purpose) -> Self {
        let now = Instant::now();
        // A deadline beyond what the clock can tell is as good as one in thirty years.
        let far = Duration::from_secs(30 * 365 * 24 * 60 * 60);
        let deadline = policy.deadline.min(far);
        Self {
            client,
            purpose,
            deadline,
            until: now + deadline,
            unsettled: false,
            server_time: None,
        }
    }

    /// Sends a request until it is answered for good or the time is up. `again` says which failures are
    /// worth another attempt.
    pub(crate) async fn send(
        &mut self,
        request: &Request,
        again: fn(Fate) -> bool,
    ) -> Result<Reply, Failure> {
        let mut attempts = Attempts::new();
        loop {
            let failure = match self.attempt(request, &attempts).await {
                Ok(reply) => return Ok(reply),
                Err(failure) => failure,
            };
            self.unsettled |= failure.fate.is_unknown();
            if !again(failure.fate) {
                return Err(failure);
            }
            self.pause(&mut attempts, failure).await?;
        }
    }

    async fn attempt(&mut self, request: &Request, attempts: &Attempts) -> Result<Reply, Failure> {
        let started = Instant::now();
        let outcome = self.exchange(request, attempts).await;
        let (method, path) = (request.method().as_str(), request.path());
        let elapsed = started.elapsed();
        match &outcome {
            Ok(_) => debug!(method, path, ?elapsed, "answered"),
            Err(Failure { kind, fate, .. }) => {
                debug!(method, path, ?elapsed, ?fate, "failed: {kind}");
            }
        }
        outcome
    }

    async fn exchange(&mut self, request: &Request, attempts: &Attempts) -> Result<Reply, Failure> {
        if Instant::now() >= self.until {
            // It would be sent all the same, with nobody to wait for the answer.
            let late = self.too_late(Waiting::Turn);
            return Err(Failure {
                fate: Fate::NotDone,
                ..late
            });
        }
        trace!(
            method = request.method().as_str(),
            path = request.path(),
            attempt = attempts.failed + 1,
            "sending"
        );
        let mut http = request
            .to_http()
            .map_err(|error| Failure::new(Kind::Client, Fate::Final).caused_by(error))?;
        let handover = Handover::default();
        http.extensions_mut().insert(handover.clone());
        let copies = Copies::of(http.extensions_mut());
        let began = Instant::now();
        let reply = timeout_at(self.until, self.client.send(http)).await;
        // What came before the last answer may have been carried out.
        self.unsettled |= copies.are_several();
        let reply = match reply {
            Err(_) => {
                let unsent = transport::unsent(&handover, self.waited(began));
                return Err(unsent.unwrap_or_else(|| self.too_late(Waiting::Reply)));
            }
            Ok(Err(error)) => return Err(transport::failure(error)),
            Ok(Ok(reply)) => reply,
        };
        let (head, body) = reply.into_parts();
        self.server_time = date(&head.headers).or(self.server_time);
        let media = Media::of(&head.headers);
        trace!(status = head.status.as_u16(), ?media, "reply");
        if head.status.is_success() {
            let body = match request.limit {
                Some(limit) => self.read(body, limit, request.expected).await?,
                None => Bytes::new(),
            };
            return Ok(Reply { media, body });
        }
        // Words that are too long, or come too late, are done without; with a connection that broke there
        // may be another chance to hear them. That the request was refused is known without them.
        let words = match body::read(body, refusal::LIMIT, 0, self.until).await {
            Ok(words) => Some(words),
            Err(Unread::TooLong | Unread::TooLate) => None,
            Err(Unread::Broken(error)) if head.status.is_client_error() => {
                return Err(Failure {
                    fate: Fate::NotDone,
                    ..cut_off(error)
                });
            }
            Err(Unread::Broken(error)) => return Err(cut_off(error)),
        };
        let known = self.purpose.known(request);
        let listen = if self.purpose.is_verified() {
            Words::Keep { known: &known }
        } else {
            Words::Forget
        };
        Err(refusal(head.status, &head.headers, words.as_ref(), listen))
    }

    async fn read(&self, body: Body, limit: usize, expected: usize) -> Result<Bytes, Failure> {
        body::read(body, limit, expected, self.until)
            .await
            .map_err(|unread| match unread {
                Unread::TooLong => BadReply::TooLong { limit }.into(),
                Unread::TooLate => self.too_late(Waiting::Body),
                Unread::Broken(error) => cut_off(error),
            })
    }

    /// How long since then, in the tenths of a second that a person would write: it stands in errors.
    fn waited(&self, since: Instant) -> Duration {
        let tenths = since.elapsed().as_secs_f64() * 10.0;
        Duration::from_secs_f64(tenths.round() / 10.0).min(self.deadline)
    }

    fn too_late(&self, waiting: Waiting) -> Failure {
        let deadline = self.deadline;
        Failure::new(Kind::Deadline { deadline, waiting }, Fate::TooLate)
    }

    /// Puts the deadline off by what something else took that has a deadline of its own.
    pub(crate) fn put_off(&mut self, by: Duration) {
        self.until += by;
    }

    /// Waits before the next attempt.
    ///
    /// # Errors
    /// The deadline would pass over it: what failed is the end.
    pub(crate) async fn pause(
        &self,
        attempts: &mut Attempts,
        failure: Failure,
    ) -> Result<(), Failure> {
        let pause = attempts
            .backoff
            .pause()
            .max(failure.retry_after.unwrap_or_default());
        let left = self.until.saturating_duration_since(Instant::now());
        if pause.saturating_add(Self::SHORTEST) >= left {
            let is_last_of_several = attempts.failed > 0;
            return Err(Failure {
                is_last_of_several,
                ..failure
            });
        }
        debug!(?pause, "trying again");
        attempts.failed = attempts.failed.saturating_add(1);
        sleep(pause).await;
        Ok(())
    }

    /// The failure as the caller of the library sees it.
    pub(crate) fn error(&self, failure: Failure) -> Error {
        let retried = failure.is_last_of_several.then_some(self.deadline);
        Error::new(self.purpose, failure.kind)
            .caused_by(failure.source)
            .unsettled(self.unsettled)
            .retried_for(retried)
            .asked_to_wait(failure.retry_after)
    }
}

/// The attempts at one thing, which has its own pauses whatever was asked before it.
pub(crate) struct Attempts {
    backoff: Backoff,
    /// Those that failed and were repeated.
    failed: u32,
}

impl Attempts {
    pub(crate) fn new() -> Self {
        Self {
            backoff: Backoff::new(),
            failed: 0,
        }
    }
}

/// RFC 9110 has it in the form of mail.
fn date(headers: &HeaderMap) -> Option<SystemTime> {
    let text = headers.get(DATE)?.to_str().ok()?;
    let time = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(time.timestamp().into())
}

fn cut_off(error: kube::Error) -> Failure {
    Failure::new(Kind::BadReply(BadReply::CutOff), Fate::Lost).caused_by(error)
}

/// For requests that may be sent twice: whatever may pass is worth another attempt.
pub(crate) fn idempotent(fate: Fate) -> bool {
    matches!(fate, Fate::NotDone | Fate::Lost | Fate::Troubled)
}
