//! Builds replies as the API server encodes them. The protobuf messages are defined again here, with fields that the
//! library does not read.

use std::collections::BTreeMap;

use bootstrap_token_secret::BootstrapToken;
use prost::Message;

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Unknown {
    #[prost(message, optional, tag = "1")]
    pub(crate) type_meta: Option<TypeMeta>,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) raw: Vec<u8>,
    #[prost(string, tag = "3")]
    pub(crate) content_encoding: String,
    #[prost(string, tag = "4")]
    pub(crate) content_type: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct TypeMeta {
    #[prost(string, tag = "1")]
    pub(crate) api_version: String,
    #[prost(string, tag = "2")]
    pub(crate) kind: String,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct SecretList {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ListMeta>,
    #[prost(message, repeated, tag = "2")]
    pub(crate) items: Vec<Secret>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ListMeta {
    #[prost(string, tag = "2")]
    pub(crate) resource_version: String,
    #[prost(string, tag = "3")]
    pub(crate) r#continue: String,
    #[prost(int64, optional, tag = "4")]
    pub(crate) remaining_item_count: Option<i64>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Secret {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ObjectMeta>,
    #[prost(btree_map = "string, bytes", tag = "2")]
    pub(crate) data: BTreeMap<String, Vec<u8>>,
    #[prost(string, tag = "3")]
    pub(crate) r#type: String,
    #[prost(bool, optional, tag = "5")]
    pub(crate) immutable: Option<bool>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ObjectMeta {
    #[prost(string, tag = "1")]
    pub(crate) name: String,
    #[prost(string, tag = "3")]
    pub(crate) namespace: String,
    #[prost(string, tag = "5")]
    pub(crate) uid: String,
    #[prost(string, tag = "6")]
    pub(crate) resource_version: String,
    #[prost(message, optional, tag = "8")]
    pub(crate) creation_timestamp: Option<Time>,
    #[prost(message, optional, tag = "9")]
    pub(crate) deletion_timestamp: Option<Time>,
    #[prost(btree_map = "string, string", tag = "11")]
    pub(crate) labels: BTreeMap<String, String>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Time {
    #[prost(int64, tag = "1")]
    pub(crate) seconds: i64,
    #[prost(int32, tag = "2")]
    pub(crate) nanos: i32,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct ConfigMap {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ObjectMeta>,
    #[prost(btree_map = "string, string", tag = "2")]
    pub(crate) data: BTreeMap<String, String>,
    #[prost(bool, optional, tag = "4")]
    pub(crate) immutable: Option<bool>,
}

#[derive(Clone, PartialEq, Message)]
pub(crate) struct Status {
    #[prost(message, optional, tag = "1")]
    pub(crate) metadata: Option<ListMeta>,
    #[prost(string, tag = "2")]
    pub(crate) outcome: String,
    #[prost(string, tag = "3")]
    pub(crate) message: String,
    #[prost(string, tag = "4")]
    pub(crate) reason: String,
    #[prost(int32, tag = "6")]
    pub(crate) code: i32,
}

/// Wraps a message in its envelope.
pub(crate) fn envelope(kind: &str, message: &impl Message) -> Vec<u8> {
    let unknown = Unknown {
        type_meta: Some(TypeMeta {
            api_version: "v1".to_owned(),
            kind: kind.to_owned(),
        }),
        raw: message.encode_to_vec(),
        ..Unknown::default()
    };
    [b"k8s\0".as_slice(), &unknown.encode_to_vec()].concat()
}

/// Builds a token's Secret with everything that a server adds.
pub(crate) fn secret(token: &BootstrapToken) -> Secret {
    let secret = token.expose_secret();
    Secret {
        metadata: Some(ObjectMeta {
            name: token.secret_name(),
            namespace: "kube-system".to_owned(),
            uid: "c3d9e5a4-8f5d-4f6c-9c3a-2b1f0e9d8c7b".to_owned(),
            resource_version: "4711".to_owned(),
            creation_timestamp: Some(Time {
                seconds: 1_900_000_000,
                nanos: 0,
            }),
            labels: BTreeMap::from([("rack".to_owned(), "7".to_owned())]),
            ..ObjectMeta::default()
        }),
        data: secret
            .data
            .unwrap()
            .into_iter()
            .map(|(key, value)| (key, value.0))
            .collect(),
        r#type: secret.type_.unwrap(),
        immutable: Some(false),
    }
}

/// Builds a page of Secrets.
pub(crate) fn page(items: Vec<Secret>, r#continue: &str) -> Vec<u8> {
    let list = SecretList {
        metadata: Some(ListMeta {
            resource_version: "4711".to_owned(),
            r#continue: r#continue.to_owned(),
            remaining_item_count: Some(7),
        }),
        items,
    };
    envelope("SecretList", &list)
}

/// Builds a token's Secret as JSON.
pub(crate) fn json(token: &BootstrapToken) -> String {
    serde_json::to_string(&token.expose_secret()).unwrap()
}
