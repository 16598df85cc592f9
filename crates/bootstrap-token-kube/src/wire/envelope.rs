use bytes::Bytes;
use serde::Deserialize;

use super::Media;
use super::protobuf::{Fields, NotProtobuf};
use crate::error::BadReply;

/// The start of every message: `protoEncodingPrefix` in `runtime/serializer/protobuf`.
const MAGIC: &[u8] = b"k8s\0";

/// Returns the object in a reply of this kind: the whole JSON, or the content of the protobuf envelope.
pub(crate) fn contents(media: Media, body: &Bytes, kind: &str) -> Result<Bytes, BadReply> {
    let (type_meta, object) = match media {
        Media::Protobuf => {
            let Unknown { type_meta, raw } = Unknown::read(body)?;
            (type_meta, body.slice_ref(raw))
        }
        Media::Json => (serde_json::from_slice(body)?, body.clone()),
    };
    if (&*type_meta.api_version, &*type_meta.kind) != ("v1", kind) {
        return Err(BadReply::OtherKind);
    }
    Ok(object)
}

/// `runtime.TypeMeta`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct TypeMeta {
    api_version: String,
    pub(super) kind: String,
}

/// `runtime.Unknown`: the envelope.
#[derive(Default)]
pub(super) struct Unknown<'a> {
    pub(super) type_meta: TypeMeta,
    pub(super) raw: &'a [u8],
}

impl<'a> Unknown<'a> {
    pub(super) fn read(body: &'a [u8]) -> Result<Self, NotProtobuf> {
        let message = body.strip_prefix(MAGIC).ok_or(NotProtobuf)?;
        let mut unknown = Self::default();
        for field in Fields::of(message) {
            match field? {
                (1, value) => unknown.type_meta.add(value.message()?)?,
                (2, value) => unknown.raw = value.bytes()?,
                _ => {}
            }
        }
        Ok(unknown)
    }
}

impl TypeMeta {
    fn add(&mut self, fields: Fields<'_>) -> Result<(), NotProtobuf> {
        for field in fields {
            match field? {
                (1, value) => value.text()?.clone_into(&mut self.api_version),
                (2, value) => value.text()?.clone_into(&mut self.kind),
                _ => {}
            }
        }
        Ok(())
    }
}
