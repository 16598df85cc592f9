use serde::Deserialize;

use super::Media;
use super::envelope::Unknown;
use super::protobuf::{Fields, NotProtobuf};

/// The part of `meta/v1.Status` that is read. A body that is not a `Status` reads as an empty one.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Status {
    pub(crate) kind: String,
    pub(crate) reason: String,
    pub(crate) message: String,
    pub(crate) metadata: Metadata,
    pub(crate) details: Option<Details>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Metadata {
    pub(crate) r#continue: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Details {
    /// The resource's name. Empty if the refused path leads to no resource.
    pub(crate) kind: String,
}

impl Status {
    /// Returns `None` if the body cannot be read, or is another object in protobuf.
    pub(crate) fn read(media: Media, body: &[u8]) -> Option<Self> {
        match media {
            Media::Protobuf => Self::from_protobuf(body)
                .ok()
                .filter(Self::calls_itself_one),
            Media::Json => serde_json::from_slice(body).ok(),
        }
    }

    pub(crate) fn calls_itself_one(&self) -> bool {
        self.kind == "Status"
    }

    /// Returns whether the `Status` is about this resource.
    pub(crate) fn is_of(&self, resource: &str) -> bool {
        let details = self.details.as_ref();
        details.is_some_and(|details| details.kind == resource)
    }

    fn from_protobuf(body: &[u8]) -> Result<Self, NotProtobuf> {
        let Unknown { type_meta, raw } = Unknown::read(body)?;
        let mut status = Self {
            kind: type_meta.kind,
            ..Self::default()
        };
        for field in Fields::of(raw) {
            match field? {
                (1, value) => {
                    for field in value.message()? {
                        if let (3, text) = field? {
                            text.text()?.clone_into(&mut status.metadata.r#continue);
                        }
                    }
                }
                (3, value) => value.text()?.clone_into(&mut status.message),
                (4, value) => value.text()?.clone_into(&mut status.reason),
                (5, value) => {
                    let details = status.details.get_or_insert_default();
                    for field in value.message()? {
                        if let (3, text) = field? {
                            text.text()?.clone_into(&mut details.kind);
                        }
                    }
                }
                _ => {}
            }
        }
        Ok(status)
    }
}
