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
use crate::refusal::{self, Message, refusal};
use crate::reply::Reply;
use crate::request::{Purpose, Request};
use crate::transport;
use crate::wire::Media;

/// One call to the library: as many attempts at one or more requests as fit before the deadline.
pub(crate) struct Call<'a> {
    client: &'a Client,
    pub(crate) purpose: Purpose,
    deadline: Duration,
    until: Instant,
    /// Whether a failed attempt may have been carried out.
    pub(crate) unsettled: bool,
    /// The server's clock in its last answer: the `Date` header.
    pub(crate) server_time: Option<SystemTime>,
}

impl<'a> Call<'a> {
    /// The shortest time left for an attempt. A shorter one would time out and hide why the earlier attempts failed.
    const SHORTEST: Duration = Duration::from_millis(100);

    pub(crate) fn new(client: &'a Client, policy: &Policy, purpose: Purpose) -> Self {
        let now = Instant::now();
        // A deadline that overflows the clock is cut to thirty years.
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

    /// Sends a request until its outcome is final or the time is up. `should_retry` decides which failures are retried.
    pub(crate) async fn send(
        &mut self,
        request: &Request,
        should_retry: fn(Fate) -> bool,
    ) -> Result<Reply, Failure> {
        let mut attempts = Attempts::new();
        loop {
            let failure = match self.attempt(request, &attempts).await {
                Ok(reply) => return Ok(reply),
                Err(failure) => failure,
            };
            self.unsettled |= failure.fate.is_unknown();
            if !should_retry(failure.fate) {
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
            // Without this check, the request would be sent and nobody would wait for the answer.
            let late = self.deadline_failure(Waiting::Turn);
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
        // A copy sent before the last answer may have been carried out.
        self.unsettled |= copies.are_several();
        let reply = match reply {
            Err(_) => {
                let unsent = transport::unsent(&handover, self.elapsed_since(began));
                return Err(unsent.unwrap_or_else(|| self.deadline_failure(Waiting::Reply)));
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
        // The refusal counts even if its message is too long or too late. After a broken connection, another attempt
        // may get the message.
        let message = match body::read(body, refusal::LIMIT, 0, self.until).await {
            Ok(message) => Some(message),
            Err(Unread::TooLong | Unread::TooLate) => None,
            Err(Unread::Broken(error)) if head.status.is_client_error() => {
                return Err(Failure {
                    fate: Fate::NotDone,
                    ..cut_off(error)
                });
            }
            Err(Unread::Broken(error)) => return Err(cut_off(error)),
        };
        let known = self.purpose.public_words(request);
        let usage = if self.purpose.is_verified() {
            Message::Redact { known: &known }
        } else {
            Message::Drop
        };
        Err(refusal(head.status, &head.headers, message.as_ref(), usage))
    }

    async fn read(&self, body: Body, limit: usize, expected: usize) -> Result<Bytes, Failure> {
        body::read(body, limit, expected, self.until)
            .await
            .map_err(|unread| match unread {
                Unread::TooLong => BadReply::TooLong { limit }.into(),
                Unread::TooLate => self.deadline_failure(Waiting::Body),
                Unread::Broken(error) => cut_off(error),
            })
    }

    /// Returns the time since `since`, rounded to tenths of a second for error messages.
    fn elapsed_since(&self, since: Instant) -> Duration {
        let tenths = since.elapsed().as_secs_f64() * 10.0;
        Duration::from_secs_f64(tenths.round() / 10.0).min(self.deadline)
    }

    fn deadline_failure(&self, waiting: Waiting) -> Failure {
        let deadline = self.deadline;
        Failure::new(Kind::Deadline { deadline, waiting }, Fate::TooLate)
    }

    /// Extends the deadline by the duration of an operation that has its own deadline.
    pub(crate) fn extend_deadline(&mut self, by: Duration) {
        self.until += by;
    }

    /// Waits before the next attempt.
    ///
    /// # Errors
    /// Returns `failure` if the deadline would pass during the pause.
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

    /// Converts the failure to the public error.
    pub(crate) fn error(&self, failure: Failure) -> Error {
        let retried = failure.is_last_of_several.then_some(self.deadline);
        Error::new(self.purpose, failure.kind)
            .caused_by(failure.source)
            .unsettled(self.unsettled)
            .retried_for(retried)
            .asked_to_wait(failure.retry_after)
    }
}

/// The attempts at one request. Each request starts with fresh pauses.
pub(crate) struct Attempts {
    backoff: Backoff,
    /// The number of failed attempts that were retried.
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

/// Parses the `Date` header: RFC 9110 uses the format of mail.
fn date(headers: &HeaderMap) -> Option<SystemTime> {
    let text = headers.get(DATE)?.to_str().ok()?;
    let time = jiff::fmt::rfc2822::parse(text).ok()?;
    Some(time.timestamp().into())
}

fn cut_off(error: kube::Error) -> Failure {
    Failure::new(Kind::BadReply(BadReply::CutOff), Fate::Lost).caused_by(error)
}

/// For idempotent requests: retries every failure that may be temporary.
pub(crate) fn idempotent(fate: Fate) -> bool {
    matches!(fate, Fate::NotDone | Fate::Lost | Fate::Troubled)
}
