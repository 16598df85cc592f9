use core::fmt;
use std::borrow::Cow;

use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1 as core_v1;
use k8s_openapi::apimachinery::pkg::apis::meta::v1 as meta_v1;
use k8s_openapi::jiff::Timestamp;
use serde::Deserialize;
use serde::de::{Error as _, MapAccess, Visitor};
use zeroize::Zeroizing;

use super::protobuf::{Fields, NotProtobuf};
use super::{Media, time};
use crate::error::BadReply;

/// The part of `core/v1.Secret` that is read. It borrows from the reply where it can; the rest is wiped on drop.
/// `Debug` shows no value.
#[derive(Default)]
pub(crate) struct Secret<'a> {
    pub(crate) metadata: Option<Metadata<'a>>,
    pub(crate) r#type: Cow<'a, str>,
    data: Data<'a>,
}

/// The part of `meta/v1.ObjectMeta` that is read.
#[derive(Debug, Default)]
pub(crate) struct Metadata<'a> {
    pub(crate) name: Cow<'a, str>,
    pub(crate) namespace: Cow<'a, str>,
    pub(crate) created: Option<Timestamp>,
    pub(crate) deleted: Option<Timestamp>,
}

/// The entries of `data`, in order of appearance.
#[derive(Default)]
struct Data<'a> {
    entries: Vec<(Cow<'a, [u8]>, Value<'a>)>,
    bytes: usize,
}

enum Value<'a> {
    Plain(&'a [u8]),
    /// Decoded from base64.
    Decoded(Zeroizing<Vec<u8>>),
}

impl<'a> Secret<'a> {
    /// The most bytes of a Secret's data that an API server can store: etcd takes no longer request
    /// (`--max-request-bytes`), and a Secret's values are limited to 1 MiB (`MaxSecretSize`).
    pub(crate) const LONGEST: usize = 3 << 19;

    pub(crate) fn read(media: Media, object: &'a [u8]) -> Result<Self, BadReply> {
        let secret = match media {
            Media::Protobuf => Self::from_protobuf(object)?,
            Media::Json => serde_json::from_slice::<Json<'_>>(object)?.into(),
        };
        if secret.data.bytes > Self::LONGEST {
            return Err(BadReply::SecretTooLong);
        }
        Ok(secret)
    }

    /// Reads only the name. Empty if it is missing.
    pub(crate) fn name_in(media: Media, object: &'a [u8]) -> Cow<'a, str> {
        let secret = Self::read(media, object).unwrap_or_default();
        secret.metadata.unwrap_or_default().name
    }

    pub(crate) fn name(&self) -> &str {
        self.metadata.as_ref().map_or("", |metadata| &metadata.name)
    }

    /// Iterates over keys and values. Keys are not checked to be UTF-8; no reader needs it.
    pub(crate) fn data(&self) -> impl Iterator<Item = (&[u8], &[u8])> {
        let entries = self.data.entries.iter();
        entries.map(|(key, value)| (&**key, value.as_ref()))
    }

    fn from_protobuf(object: &'a [u8]) -> Result<Self, NotProtobuf> {
        let mut secret = Self::default();
        for field in Fields::of(object) {
            let (number, value) = field?;
            match number {
                1 => {
                    let metadata = secret.metadata.get_or_insert_default();
                    metadata.add(value.message()?)?;
                }
                2 => secret.data.add(value.message()?)?,
                3 => secret.r#type = value.text()?.into(),
                _ => {}
            }
        }
        Ok(secret)
    }
}

impl<'a> Metadata<'a> {
    fn add(&mut self, fields: Fields<'a>) -> Result<(), NotProtobuf> {
        for field in fields {
            let (number, value) = field?;
            match number {
                1 => self.name = value.text()?.into(),
                3 => self.namespace = value.text()?.into(),
                8 => self.created = Some(time::from_protobuf(value.message()?)?),
                9 => self.deleted = Some(time::from_protobuf(value.message()?)?),
                _ => {}
            }
        }
        Ok(())
    }
}

impl<'a> Data<'a> {
    /// As many as kubeadm writes, plus one.
    const ENTRIES: usize = 8;
    /// The fewest bytes that etcd stores for an entry on top of its key and value.
    const ENTRY: usize = 6;

    fn add(&mut self, fields: Fields<'a>) -> Result<(), NotProtobuf> {
        let (mut key, mut value) = (&[][..], &[][..]);
        for field in fields {
            match field? {
                (1, field) => key = field.bytes()?,
                (2, field) => value = field.bytes()?,
                _ => {}
            }
        }
        self.push(key.into(), Value::Plain(value));
        Ok(())
    }

    /// Counts an entry, and keeps it unless the limit is exceeded.
    fn push(&mut self, key: Cow<'a, [u8]>, value: Value<'a>) {
        self.bytes = self
            .bytes
            .saturating_add(key.len() + value.as_ref().len() + Self::ENTRY);
        if self.bytes <= Secret::LONGEST {
            if self.entries.capacity() == 0 {
                self.entries.reserve(Self::ENTRIES);
            }
            self.entries.push((key, value));
        }
    }
}

impl AsRef<[u8]> for Value<'_> {
    fn as_ref(&self) -> &[u8] {
        match self {
            Value::Plain(bytes) => bytes,
            Value::Decoded(bytes) => bytes,
        }
    }
}

/// The Secret in JSON. Other fields are skipped without storing them.
#[derive(Deserialize)]
struct Json<'a> {
    #[serde(borrow)]
    metadata: Option<JsonMetadata<'a>>,
    #[serde(borrow)]
    data: Option<Data<'a>>,
    #[serde(borrow)]
    r#type: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct JsonMetadata<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    namespace: Option<Text<'a>>,
    creation_timestamp: Option<meta_v1::Time>,
    deletion_timestamp: Option<meta_v1::Time>,
}

/// Borrowed unless it has escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> From<Json<'a>> for Secret<'a> {
    fn from(json: Json<'a>) -> Self {
        let text = |text: Option<Text<'a>>| text.map(|Text(text)| text).unwrap_or_default();
        Self {
            metadata: json.metadata.map(|metadata| Metadata {
                name: text(metadata.name),
                namespace: text(metadata.namespace),
                created: metadata.creation_timestamp.map(|time| time.0),
                deleted: metadata.deletion_timestamp.map(|time| time.0),
            }),
            data: json.data.unwrap_or_default(),
            r#type: text(json.r#type),
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Data<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Data<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the data of a Secret")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut data = Data::default();
        while let Some((Text(key), ByteString(value))) = map.next_entry()? {
            let key = match key {
                Cow::Borrowed(key) => key.as_bytes().into(),
                Cow::Owned(key) => key.into_bytes().into(),
            };
            data.push(key, Value::Decoded(Zeroizing::new(value)));
            if data.bytes > Secret::LONGEST {
                return Err(A::Error::custom("too long"));
            }
        }
        Ok(data)
    }
}

impl From<&Secret<'_>> for core_v1::Secret {
    fn from(secret: &Secret<'_>) -> Self {
        let metadata = secret.metadata.as_ref();
        let deleted = metadata.and_then(|metadata| metadata.deleted);
        core_v1::Secret {
            metadata: meta_v1::ObjectMeta {
                name: metadata.and_then(|metadata| some(&metadata.name)),
                namespace: metadata.and_then(|metadata| some(&metadata.namespace)),
                deletion_timestamp: deleted.map(meta_v1::Time),
                ..meta_v1::ObjectMeta::default()
            },
            type_: some(&secret.r#type),
            data: Some(
                secret
                    .data()
                    .map(|(key, value)| (text(key), ByteString(value.to_vec())))
                    .collect(),
            ),
            ..core_v1::Secret::default()
        }
    }
}

fn text(key: &[u8]) -> String {
    String::from_utf8_lossy(key).into_owned()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

impl fmt::Debug for Secret<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.data().map(|(key, _)| text(key)).collect();
        f.debug_struct("Secret")
            .field("name", &self.name())
            .field("keys", &keys)
            .finish_non_exhaustive()
    }
}
