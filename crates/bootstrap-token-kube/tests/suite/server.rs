//! A scripted server: one answer per request. Fails if there are too few or too many requests.

use std::io;
use std::time::Duration;

use bootstrap_token_kube::BootstrapTokens;
use bytes::Bytes;
use futures::stream::{self, StreamExt};
use http::header::{HeaderName, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, StreamBody};
use kube::Client;
use kube::client::Body;
use tokio::time::{Instant, sleep};
use tower_test::mock;

type ResponseBody = UnsyncBoxBody<Bytes, io::Error>;

/// A request that the server received.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) at: Duration,
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Seen {
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.target)
    }
}

#[derive(Clone)]
pub(crate) struct Answer {
    code: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    end: End,
    /// The delay before the answer.
    after: Duration,
}

#[derive(Clone, Copy, PartialEq)]
enum End {
    Whole,
    CutOff,
    Stalled,
    /// No answer.
    Silent,
    /// The connection breaks before the answer.
    Broken,
    /// The connection is refused.
    Refused,
}

impl Answer {
    pub(crate) fn new(code: u16, media: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", media.parse().unwrap());
        Self {
            code: StatusCode::from_u16(code).unwrap(),
            headers,
            body: body.into(),
            end: End::Whole,
            after: Duration::ZERO,
        }
    }

    pub(crate) fn json(code: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(code, "application/json", body)
    }

    pub(crate) fn protobuf(code: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::new(code, "application/vnd.kubernetes.protobuf", body)
    }

    /// Builds a `Status` as the API server does.
    pub(crate) fn status(code: u16, reason: &str, message: &str) -> Self {
        let status = serde_json::json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": message, "reason": reason, "details": {"kind": "secrets"}, "code": code,
        });
        Self::json(code, status.to_string())
    }

    pub(crate) fn already_exists() -> Self {
        Self::status(
            409,
            "AlreadyExists",
            r#"secrets "bootstrap-token-07401b" already exists"#,
        )
    }

    pub(crate) fn not_found() -> Self {
        Self::status(
            404,
            "NotFound",
            r#"secrets "bootstrap-token-07401b" not found"#,
        )
    }

    pub(crate) fn throttled(retry_after: &str) -> Self {
        Self::status(
            429,
            "TooManyRequests",
            "The server is busy, please try again later.",
        )
        .header(RETRY_AFTER, retry_after)
    }

    pub(crate) fn header(mut self, name: HeaderName, value: &str) -> Self {
        self.headers
            .insert(name, HeaderValue::from_str(value).unwrap());
        self
    }

    pub(crate) fn with_body(&self, body: Vec<u8>) -> Self {
        Self {
            body,
            ..self.clone()
        }
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.body
    }

    pub(crate) fn says_yes(&self) -> bool {
        self.code.is_success() && matches!(self.end, End::Whole | End::CutOff)
    }

    pub(crate) fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }

    pub(crate) fn cut_off(self) -> Self {
        Self {
            end: End::CutOff,
            ..self
        }
    }

    pub(crate) fn stalled(self) -> Self {
        Self {
            end: End::Stalled,
            ..self
        }
    }

    pub(crate) fn silent() -> Self {
        Self {
            end: End::Silent,
            ..Self::json(200, "")
        }
    }

    pub(crate) fn broken() -> Self {
        Self {
            end: End::Broken,
            ..Self::json(200, "")
        }
    }

    pub(crate) fn refused() -> Self {
        Self {
            end: End::Refused,
            ..Self::json(200, "")
        }
    }

    fn respond(self) -> Response<ResponseBody> {
        // In pieces that the client must join.
        let pieces: Vec<_> = self
            .body
            .chunks(1000)
            .map(|piece| Ok(Frame::data(Bytes::copy_from_slice(piece))))
            .collect();
        let pieces = stream::iter(pieces);
        let body = match self.end {
            End::CutOff => StreamBody::new(pieces.chain(stream::iter([Err(io::Error::other(
                "connection closed before message completed",
            ))])))
            .boxed_unsync(),
            End::Stalled => StreamBody::new(pieces.chain(stream::pending())).boxed_unsync(),
            _ => StreamBody::new(pieces).boxed_unsync(),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.code;
        *response.headers_mut() = self.headers;
        response
    }
}

/// Runs `call` against a server that gives exactly these answers.
pub(crate) async fn serve<T>(
    answers: impl IntoIterator<Item = Answer>,
    call: impl AsyncFnOnce(BootstrapTokens) -> T,
) -> (T, Vec<Seen>) {
    converse(answers.into_iter().collect(), None, call).await
}

/// Runs `call` against a server that gives these answers, then `last` forever.
pub(crate) async fn serve_on<T>(
    answers: impl IntoIterator<Item = Answer>,
    last: Answer,
    call: impl AsyncFnOnce(BootstrapTokens) -> T,
) -> (T, Vec<Seen>) {
    converse(answers.into_iter().collect(), Some(last), call).await
}

async fn converse<T>(
    answers: Vec<Answer>,
    last: Option<Answer>,
    call: impl AsyncFnOnce(BootstrapTokens) -> T,
) -> (T, Vec<Seen>) {
    let start = Instant::now();
    let (service, mut handle) = mock::pair::<Request<Body>, Response<ResponseBody>>();
    let tokens = BootstrapTokens::new(Client::new(service, "default"));
    let server = async {
        let mut seen = Vec::new();
        let mut kept = Vec::new();
        let mut answers = answers.into_iter();
        while let Some((request, send)) = handle.next_request().await {
            let (head, body) = request.into_parts();
            let at = start.elapsed();
            seen.push(Seen {
                at,
                method: head.method,
                target: head.uri.to_string(),
                headers: head.headers,
                body: body.collect_bytes().await.unwrap(),
            });
            let answer = answers
                .next()
                .or_else(|| last.clone())
                .unwrap_or_else(|| panic!("a request too many: {seen:#?}"));
            sleep(answer.after).await;
            match answer.end {
                End::Silent => kept.push(send),
                End::Broken => send.send_error(io::Error::from(io::ErrorKind::ConnectionReset)),
                End::Refused => send.send_error(io::Error::from(io::ErrorKind::ConnectionRefused)),
                _ => send.send_response(answer.respond()),
            }
        }
        assert_eq!(answers.count(), 0, "requests too few: {seen:#?}");
        seen
    };
    // The call owns the client: when it ends, no more requests can come.
    tokio::join!(call(tokens), server)
}
