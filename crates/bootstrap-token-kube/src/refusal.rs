use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use prost::Message;
use serde::Deserialize;

use crate::error::{BadReply, Kind, Status, Voice};
use crate::failure::{Failure, Fate};
use crate::mask;
use crate::reply::Media;
use crate::retry_after::retry_after;
use crate::wire;

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
        Failure::new(Kind::BadReply(BadReply::Unexpected { code }), Fate::Final)
    };
    if !code.is_client_error() && !code.is_server_error() {
        // Redirects above all: they are not followed, since credentials would be sent along.
        return unexpected();
    }
    if code == StatusCode::NETWORK_AUTHENTICATION_REQUIRED {
        // By its very definition (RFC 6585) it comes from what stands in between.
        return unexpected();
    }
    let said = body.and_then(|body| Said::read(Media::of(headers), body));
    let is_of_proxy = body.is_some() && !said.as_ref().is_some_and(|said| said.is_status);
    if is_of_proxy && matches!(code, StatusCode::FORBIDDEN | StatusCode::NOT_FOUND) {
        // An API server says so in a `Status`; a proxy, a firewall or a login page in a page of its own. It is told
        // neither who lacks a right, nor that something is not there.
        return unexpected();
    }
    let said = said.unwrap_or_default();
    let voice = match body {
        None => Voice::Unread,
        Some(_) if is_of_proxy => Voice::Anybody,
        Some(_) if said.resource == "configmaps" => Voice::StatusOfConfigMaps,
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
        resume: Some(said.r#continue).filter(|token| code == StatusCode::GONE && !token.is_empty()),
        ..Failure::new(Kind::Status(status), fate)
    }
}

/// What a `Status` object says; a body that is none says nothing.
#[derive(Default)]
struct Said {
    /// Whether it calls itself one.
    is_status: bool,
    reason: String,
    message: String,
    r#continue: String,
    /// `details.kind`, which is the name of a resource: none where a path was refused that leads to no resource.
    resource: String,
}

/// What is read of a `Status` in JSON.
#[derive(Default, Deserialize)]
#[serde(default)]
struct JsonStatus {
    kind: String,
    reason: String,
    message: String,
    metadata: JsonMetadata,
    details: Option<JsonDetails>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct JsonDetails {
    kind: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct JsonMetadata {
    r#continue: String,
}

impl Said {
    fn read(media: Media, body: &Bytes) -> Option<Self> {
        match media {
            Media::Protobuf => {
                let body = body
                    .starts_with(wire::MAGIC)
                    .then(|| body.slice(wire::MAGIC.len()..))?;
                let envelope = wire::Unknown::decode(body).ok()?;
                let status = wire::Status::decode(envelope.raw).ok()?;
                (envelope.type_meta?.kind == "Status").then(|| Self {
                    is_status: true,
                    reason: status.reason,
                    message: status.message,
                    r#continue: status.metadata.unwrap_or_default().r#continue,
                    resource: status.details.unwrap_or_default().kind,
                })
            }
            Media::Json => {
                let status: JsonStatus = serde_json::from_slice(body).ok()?;
                Some(Self {
                    is_status: status.kind == "Status",
                    reason: status.reason,
                    message: status.message,
                    r#continue: status.metadata.r#continue,
                    resource: status.details.unwrap_or_default().kind,
                })
            }
        }
    }
}
