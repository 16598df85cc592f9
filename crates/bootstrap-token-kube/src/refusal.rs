use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::error::{BadReply, Kind, Status, Voice};
use crate::failure::{Failure, Fate};
use crate::mask;
use crate::retry_after::retry_after;
use crate::wire::{self, Media};

/// The most of a refusal that is read; the API server's are below one KiB.
pub(crate) const LIMIT: usize = 256 << 10;

/// What to do with the words of a refusal.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Words<'a> {
    /// They may be anybody's, and are forgotten.
    Forget,
    /// They are kept as far as they can be shown. What was in the request and is no secret, may be.
    Keep { known: &'a str },
}

/// What a reply means that does not say yes. `body` is `None` where it could not be read.
pub(crate) fn refusal(
    code: StatusCode,
    headers: &HeaderMap,
    body: Option<&Bytes>,
    words: Words<'_>,
) -> Failure {
    let unexpected = || {
        let code = code.as_u16();
        Failure::from(BadReply::Unexpected { code })
    };
    if !code.is_client_error() && !code.is_server_error() {
        // Redirects above all: they are not followed, since credentials would be sent along.
        return unexpected();
    }
    if code == StatusCode::NETWORK_AUTHENTICATION_REQUIRED {
        // By its very definition (RFC 6585) it comes from what stands in between.
        return unexpected();
    }
    let said = body.and_then(|body| wire::Status::read(Media::of(headers), body));
    let is_of_proxy = body.is_some() && !said.as_ref().is_some_and(wire::Status::calls_itself_one);
    if is_of_proxy && matches!(code, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) {
        // An API server says so in a `Status`; a proxy, a firewall or a login page in a page of its own. It is told
        // neither who lacks a right, nor that something is not there.
        return unexpected();
    }
    let said = said.unwrap_or_default();
    let voice = match body {
        None => Voice::Unread,
        Some(_) if is_of_proxy => Voice::Anybody,
        Some(_) if said.is_of("configmaps") => Voice::StatusOfConfigMaps,
        Some(_) => Voice::Status,
    };
    let status = Status::new(code, voice);
    let status = match words {
        Words::Forget => status,
        Words::Keep { known } => status.saying(
            mask::reason(&said.reason),
            &mask::shown(&said.message, known),
        ),
    };
    let retry_after = retry_after(headers);
    let fate = match code {
        StatusCode::TOO_MANY_REQUESTS => Fate::NotDone,
        // A server that is starting or shutting down turns requests away with a time to come back.
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
