use core::fmt;

use bytes::{Buf as _, Bytes};
use serde::Deserialize;
use serde::de::{SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::protobuf::{Fields, NotProtobuf};
use super::{Media, Secret};
use crate::error::BadReply;

/// A `core/v1.SecretList` in a reply, with a read position. Items are found one by one, so a list takes no memory but
/// its bytes. A clone is cheap: it shares the bytes and continues at the same item.
#[derive(Clone)]
pub(crate) struct SecretList {
    media: Media,
    /// The rest, from the next item on.
    rest: Bytes,
    left: usize,
}

/// The metadata of a list.
pub(crate) struct Head {
    /// The start of the next page. Empty on the last page.
    pub(crate) r#continue: String,
    /// The names of the first and the last item.
    pub(crate) ends: Option<[String; 2]>,
}

impl SecretList {
    /// Reads a list. `body` has no envelope.
    pub(crate) fn read(media: Media, body: &Bytes) -> Result<(Self, Head), BadReply> {
        let (found, rest) = match media {
            Media::Protobuf => (Found::in_protobuf(body)?, body.clone()),
            Media::Json => {
                let json: Json<'_> = serde_json::from_slice(body)?;
                let array = json.items.map_or("[]", RawValue::get);
                let mut found: Found<'_> = serde_json::from_str(array)?;
                let metadata = json.metadata.unwrap_or_default();
                found.r#continue = metadata.r#continue.unwrap_or_default();
                (found, body.slice_ref(array.as_bytes()))
            }
        };
        let name = |item| Secret::name_in(media, item).into_owned();
        let head = Head {
            ends: found.ends.map(|ends| ends.map(name)),
            r#continue: found.r#continue,
        };
        let left = found.count;
        Ok((Self { media, rest, left }, head))
    }

    pub(crate) fn media(&self) -> Media {
        self.media
    }

    pub(crate) fn left(&self) -> usize {
        self.left
    }

    /// Returns the bytes of the next item.
    fn item(&mut self) -> Option<Bytes> {
        let (item, rest) = match self.media {
            Media::Protobuf => {
                let mut fields = Fields::of(&self.rest);
                let item = fields.by_ref().find_map(|field| match field {
                    Ok((2, value)) => value.bytes().ok(),
                    _ => None,
                })?;
                (item, fields.rest())
            }
            Media::Json => {
                // After the bracket or a comma.
                let from = self.rest.iter().position(|c| !b"[, \t\r\n".contains(c))?;
                let text = &self.rest[from..];
                let mut items = serde_json::Deserializer::from_slice(text).into_iter::<&RawValue>();
                let item = items.next()?.ok()?;
                (item.get().as_bytes(), &text[items.byte_offset()..])
            }
        };
        let item = self.rest.slice_ref(item);
        self.rest.advance(self.rest.len() - rest.len());
        Some(item)
    }
}

impl Iterator for SecretList {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        self.left = self.left.checked_sub(1)?;
        self.item()
    }
}

/// What was found in the bytes of a list.
#[derive(Default)]
struct Found<'a> {
    r#continue: String,
    count: usize,
    ends: Option<[&'a [u8]; 2]>,
}

impl<'a> Found<'a> {
    fn in_protobuf(list: &'a [u8]) -> Result<Self, NotProtobuf> {
        let mut found = Self::default();
        let mut has_metadata = false;
        for field in Fields::of(list) {
            let (number, value) = field?;
            match number {
                1 => {
                    has_metadata = true;
                    for field in value.message()? {
                        if let (3, text) = field? {
                            text.text()?.clone_into(&mut found.r#continue);
                        }
                    }
                }
                2 => found.add(value.bytes()?),
                _ => {}
            }
        }
        // An envelope cut off before its content is valid and empty, but a server's list always has metadata.
        has_metadata.then_some(found).ok_or(NotProtobuf)
    }

    fn add(&mut self, item: &'a [u8]) {
        self.count += 1;
        let first = self.ends.map_or(item, |[first, _]| first);
        self.ends = Some([first, item]);
    }
}

#[derive(Deserialize)]
struct Json<'a> {
    metadata: Option<JsonMetadata>,
    #[serde(borrow)]
    items: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
struct JsonMetadata {
    r#continue: Option<String>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Found<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(json: D) -> Result<Self, D::Error> {
        json.deserialize_seq(Items)
    }
}

struct Items;

impl<'de> Visitor<'de> for Items {
    type Value = Found<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the items of a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut found = Found::default();
        while let Some(item) = items.next_element::<&RawValue>()? {
            found.add(item.get().as_bytes());
        }
        Ok(found)
    }
}
