//! The protobuf messages of Kubernetes that are read here, with the fields that are needed; the others are
//! skipped. From `generated.proto` of `k8s.io/apimachinery` (`runtime`, `meta/v1`) and `k8s.io/api/core/v1`.

use bytes::Bytes;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1 as core_v1;
use k8s_openapi::apimachinery::pkg::apis::meta::v1 as meta_v1;
use k8s_openapi::jiff::Timestamp;
use prost::Message;

/// What every message begins with: `protoEncodingPrefix` in `runtime/serializer/protobuf`.
pub(crate) const MAGIC: &[u8] = b"k8s\0";

/// `runtime.Unknown`: the envelope. Its `raw` is a slice of the reply, not a copy.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Unknown {
    #[prost(message, optional, tag = "1")]
    pub(crate) type_meta: Option<TypeMeta>,
    #[prost(bytes = "bytes", tag = "2")]
    pub(crate) raw: Bytes,
}

/// `runtime.TypeMeta`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct TypeMeta {
    #[prost(string, tag = "1")]
    pub(crate) api_version: String,
    #[prost(string, tag = "2")]
    pub(crate) kind: String,
}

/// `core/v1.SecretList`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct SecretList {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ListMeta>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) items: Vec<Secret>,
}

/// `meta/v1.ListMeta`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ListMeta {
    #[prost(string, tag = "3")]
    pub(crate) r#continue: String,
}

/// `core/v1.Secret`. `Debug` shows its data.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Secret {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ObjectMeta>,
    /// A map is a list of entries on the wire; it becomes a map once, below.
    #[prost(message, repeated, tag = "2")]
    pub(crate) data: Vec<Entry>,
    #[prost(string, tag = "3")]
    pub(crate) r#type: String,
}

/// An entry of `core/v1.Secret.data`. `Debug` shows it.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Entry {
    #[prost(string, tag = "1")]
    pub(crate) key: String,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) value: Vec<u8>,
}

/// `meta/v1.ObjectMeta`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ObjectMeta {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "3")]
    pub(crate) namespace: String,
    #[prost(message, optional, tag = "9")]
    pub(crate) deletion_timestamp: Option<Time>,
}

/// `meta/v1.Time`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Time {
    #[prost(int64, tag = "1")]
    pub(crate) seconds: i64,
    #[prost(int32, tag = "2")]
    pub(crate) nanos: i32,
}

/// `meta/v1.Status`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Status {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ListMeta>,
    #[prost(string, tag = "3")]
    pub(crate) message: String,
    #[prost(string, tag = "4")]
    pub(crate) reason: String,
}

impl From<Secret> for core_v1::Secret {
    fn from(secret: Secret) -> Self {
        let metadata = secret.metadata.unwrap_or_default();
        core_v1::Secret {
            metadata: meta_v1::ObjectMeta {
                name: some(metadata.name),
                namespace: some(metadata.namespace),
                deletion_timestamp: metadata.deletion_timestamp.map(Into::into),
                ..meta_v1::ObjectMeta::default()
            },
            type_: some(secret.r#type),
            data: Some(
                secret
                    .data
                    .into_iter()
                    .map(|entry| (entry.key, ByteString(entry.value)))
                    .collect(),
            ),
            ..core_v1::Secret::default()
        }
    }
}

impl From<Time> for meta_v1::Time {
    fn from(time: Time) -> Self {
        // That there is a time is what matters: an object that has one is being deleted.
        meta_v1::Time(Timestamp::new(time.seconds, time.nanos).unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
