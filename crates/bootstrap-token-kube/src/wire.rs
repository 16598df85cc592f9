//! The protobuf messages of Kubernetes that are read here, with the fields that are needed; the others are
//! skipped. From `generated.proto` of `k8s.io/apimachinery` (`runtime`, `meta/v1`) and `k8s.io/api/core/v1`.
//! `Debug` shows no value of a Secret, nor bytes that are not read yet.

use core::fmt;
use std::collections::BTreeMap;

use bytes::Bytes;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1 as core_v1;
use k8s_openapi::apimachinery::pkg::apis::meta::v1 as meta_v1;
use k8s_openapi::jiff::Timestamp;
use prost::Message;
use zeroize::Zeroizing;

/// What every message begins with: `protoEncodingPrefix` in `runtime/serializer/protobuf`.
pub(crate) const MAGIC: &[u8] = b"k8s\0";

/// `runtime.Unknown`: the envelope. Its `raw` is a slice of the reply, not a copy.
#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
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

/// `core/v1.SecretList`. Its items are read when they are looked at: each a [`Secret`], a slice of the reply.
#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(crate) struct SecretList {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ListMeta>,
    #[prost(bytes = "bytes", repeated, tag = "2")]
    pub(crate) items: Vec<Bytes>,
}

/// `meta/v1.ListMeta`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ListMeta {
    #[prost(string, tag = "3")]
    pub(crate) r#continue: String,
}

/// `core/v1.Secret`.
#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(crate) struct Secret {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ObjectMeta>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) data: Vec<Entry>,
    #[prost(string, tag = "3")]
    pub(crate) r#type: String,
}

/// An entry of `core/v1.Secret.data`; both halves are slices of the reply.
#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(crate) struct Entry {
    /// A protobuf string, but not checked to be UTF-8 until it is looked at: [`Entry::key`].
    #[prost(bytes = "bytes", tag = "1")]
    key: Bytes,
    #[prost(bytes = "bytes", tag = "2")]
    pub(crate) value: Bytes,
}

impl Entry {
    /// No key of a Secret is anything but ASCII; one that is not UTF-8 is none of those that are read.
    pub(crate) fn key(&self) -> &str {
        str::from_utf8(&self.key).unwrap_or_default()
    }
}

/// `core/v1.ConfigMap`.
#[derive(Clone, PartialEq, Message)]
#[prost(skip_debug)]
pub(crate) struct ConfigMap {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<Version>,
    #[prost(btree_map = "string, string", tag = "2")]
    pub(crate) data: BTreeMap<String, String>,
}

/// `meta/v1.ObjectMeta` of what is to be changed, or told from another of the same name.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Version {
    #[prost(string, tag = "5")]
    pub(crate) uid: String,
    #[prost(string, tag = "6")]
    pub(crate) resource_version: String,
}

/// `meta/v1.ObjectMeta`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct ObjectMeta {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "3")]
    pub(crate) namespace: String,
    #[prost(message, optional, tag = "8")]
    pub(crate) creation_timestamp: Option<Time>,
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
    #[prost(message, optional, tag = "5")]
    pub(crate) details: Option<StatusDetails>,
}

/// `meta/v1.StatusDetails`.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct StatusDetails {
    #[prost(string, tag = "3")]
    pub(crate) kind: String,
}

impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unknown")
            .field("type_meta", &self.type_meta)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SecretList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretList")
            .field("items", &self.items.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret")
            .field("name", &self.name())
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for ConfigMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigMap")
            .field("metadata", &self.metadata)
            .field("keys", &self.data.keys())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("key", &self.key())
            .finish_non_exhaustive()
    }
}

impl Secret {
    pub(crate) fn name(&self) -> &str {
        self.metadata.as_ref().map_or("", |metadata| &metadata.name)
    }
}

impl From<&Secret> for core_v1::Secret {
    fn from(secret: &Secret) -> Self {
        let metadata = secret.metadata.as_ref();
        core_v1::Secret {
            metadata: meta_v1::ObjectMeta {
                name: metadata.and_then(|metadata| some(&metadata.name)),
                namespace: metadata.and_then(|metadata| some(&metadata.namespace)),
                deletion_timestamp: metadata
                    .and_then(|metadata| metadata.deletion_timestamp.as_ref())
                    .map(Into::into),
                ..meta_v1::ObjectMeta::default()
            },
            type_: some(&secret.r#type),
            data: Some(
                secret
                    .data
                    .iter()
                    .map(|entry| (entry.key().to_owned(), ByteString(entry.value.to_vec())))
                    .collect(),
            ),
            ..core_v1::Secret::default()
        }
    }
}

/// From JSON; the data is wiped when the last copy is dropped, as that of a protobuf reply is.
impl From<core_v1::Secret> for Secret {
    fn from(secret: core_v1::Secret) -> Self {
        let metadata = secret.metadata;
        Self {
            metadata: Some(ObjectMeta {
                name: metadata.name.unwrap_or_default(),
                namespace: metadata.namespace.unwrap_or_default(),
                creation_timestamp: metadata.creation_timestamp.map(Into::into),
                deletion_timestamp: metadata.deletion_timestamp.map(Into::into),
            }),
            data: secret
                .data
                .into_iter()
                .flatten()
                .map(|(key, value)| Entry {
                    key: key.into(),
                    value: Bytes::from_owner(Zeroizing::new(value.0)),
                })
                .collect(),
            r#type: secret.type_.unwrap_or_default(),
        }
    }
}

impl From<core_v1::ConfigMap> for ConfigMap {
    fn from(map: core_v1::ConfigMap) -> Self {
        Self {
            metadata: Some(Version {
                uid: map.metadata.uid.unwrap_or_default(),
                resource_version: map.metadata.resource_version.unwrap_or_default(),
            }),
            data: map.data.unwrap_or_default(),
        }
    }
}

impl From<meta_v1::Time> for Time {
    fn from(time: meta_v1::Time) -> Self {
        Self {
            seconds: time.0.as_second(),
            nanos: time.0.subsec_nanosecond(),
        }
    }
}

impl From<&Time> for meta_v1::Time {
    fn from(time: &Time) -> Self {
        // That there is a time is what matters: an object that has one is being deleted.
        meta_v1::Time(Timestamp::new(time.seconds, time.nanos).unwrap_or(Timestamp::UNIX_EPOCH))
    }
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}
