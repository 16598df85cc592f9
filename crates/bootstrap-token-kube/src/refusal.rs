use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::error::{BadReply, Kind, Sender, Status};
use crate::failure::{Failure, Fate};
use crate::mask;
use crate::retry_after::retry_after;
use crate::wire::{self, Media};

/// The longest refusal that is read. Those of the API server are below 1 KiB.
pub(crate) const LIMIT: usize = 256 << 10;

/// What to do with the message of a refusal.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Message<'a> {
    /// Drop it: anybody may have written it.
    Drop,
    /// Redact it. `known` holds words of the request that are not secret.
    Redact { known: &'a str },
}

/// Classifies a reply that is not a success. `body` is `None` if it could not be read.
pub(crate) fn refusal(
    code: StatusCode,
    headers: &HeaderMap,
    body: Option<&Bytes>,
    message: Message<'_>,
) -> Failure {
    let unexpected = || {
        let code = code.as_u16();
        Failure::from(BadReply::Unexpected { code })
    };
    if !code.is_client_error() && !code.is_server_error() {
        // Redirects in particular: following one would send the credentials along.
        return unexpected();
    }
    if code == StatusCode::NETWORK_AUTHENTICATION_REQUIRED {
        // By definition (RFC 6585), something in between sent it.
        return unexpected();
    }
    let said = body.and_then(|body| wire::Status::read(Media::of(headers), body));
    let is_of_proxy = body.is_some() && !said.as_ref().is_some_and(wire::Status::calls_itself_one);
    if is_of_proxy && matches!(code, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) {
        // An API server sends a `Status`; a proxy, a firewall or a login page sends its own page. The latter says
        // nothing about rights or about what exists.
        return unexpected();
    }
    let said = said.unwrap_or_default();
    let sender = match body {
        None => Sender::Unread,
        Some(_) if is_of_proxy => Sender::Anybody,
        Some(_) if said.is_of("configmaps") => Sender::StatusOfConfigMaps,
        Some(_) => Sender::Status,
    };
    let status = Status::new(code, sender);
    let status = match message {
        Message::Drop => status,
        Message::Redact { known } => status.saying(
            mask::reason(&said.reason),
            &mask::redact(&said.message, known),
        ),
    };
    let retry_after = retry_after(headers);
    let fate = match code {
        StatusCode::TOO_MANY_REQUESTS => Fate::NotDone,
        // A server that starts or shuts down rejects requests and says when to retry.
        StatusCode::SERVICE_UNAVAILABLE if retry_after.is_some() => Fate::NotDone,
        StatusCode::INTERNAL_SERVER_ERROR
        | StatusCode::BAD_GATEWAY
        | StatusCode::SERVICE_UNAVAILABLE
        | StatusCode::GATEWAY_TIMEOUT => Fate::Troubled,
        _ => Fate::Final,
    };
    Failure {
        retry_after,
        resume: Some(said.metadata.r#continue)
            .filter(|token| code == StatusCode::GONE && !token.is_empty()),
        ..Failure::new(Kind::Status(status), fate)
    }
}
