//! The objects of Kubernetes that are read here, in protobuf and in JSON, with the fields that are needed; the others
//! are skipped and cost nothing. From `generated.proto` of `k8s.io/apimachinery` (`runtime`, `meta/v1`) and
//! `k8s.io/api/core/v1`.

mod config_map;
mod envelope;
mod protobuf;
mod secret;
mod secret_list;
mod status;
mod time;

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::error::BadReply;
pub(crate) use config_map::{ConfigMap, Wanted};
pub(crate) use envelope::contents;
use protobuf::NotProtobuf;
pub(crate) use secret::Secret;
pub(crate) use secret_list::{Head, SecretList};
pub(crate) use status::Status;

/// How an object is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    Protobuf,
    Json,
}

impl Media {
    /// Anything that does not call itself protobuf is tried as JSON.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let is_protobuf = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|media| {
                media
                    .trim()
                    .eq_ignore_ascii_case("application/vnd.kubernetes.protobuf")
            });
        if is_protobuf {
            Self::Protobuf
        } else {
            Self::Json
        }
    }
}

impl From<NotProtobuf> for BadReply {
    fn from(NotProtobuf: NotProtobuf) -> Self {
        Self::NotProtobuf
    }
}

/// Of `serde_json`'s words, which may hold the value that it did not expect, the place alone.
impl From<serde_json::Error> for BadReply {
    fn from(error: serde_json::Error) -> Self {
        Self::NotJson {
            line: error.line(),
            column: error.column(),
        }
    }
}
