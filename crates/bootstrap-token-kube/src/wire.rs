//! Decodes Kubernetes objects from protobuf and JSON. Only needed fields are read; the others are skipped at no cost.
//! From `generated.proto` of `k8s.io/apimachinery` (`runtime`, `meta/v1`) and `k8s.io/api/core/v1`.

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

/// The encoding of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    Protobuf,
    Json,
}

impl Media {
    /// Everything that is not declared as protobuf is tried as JSON.
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

/// Keeps only the position: `serde_json`'s message may quote the unexpected value.
impl From<serde_json::Error> for BadReply {
    fn from(error: serde_json::Error) -> Self {
        Self::NotJson {
            line: error.line(),
            column: error.column(),
        }
    }
}
