use core::fmt;
use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};

use super::Media;
use super::protobuf::{Fields, NotProtobuf};
use crate::error::BadReply;

/// The part of `core/v1.ConfigMap` that is read: the wanted entries of its data, its version and its uid.
#[derive(Default)]
pub(crate) struct ConfigMap {
    pub(crate) metadata: Option<Version>,
    pub(crate) data: BTreeMap<String, String>,
}

/// The part of `meta/v1.ObjectMeta` that is read.
#[derive(Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Version {
    pub(crate) uid: String,
    pub(crate) resource_version: String,
}

/// Decides which keys of the data are kept.
pub(crate) type Wanted = fn(&str) -> bool;

impl ConfigMap {
    pub(crate) fn read(media: Media, object: &[u8], wanted: Wanted) -> Result<Self, BadReply> {
        match media {
            Media::Protobuf => Ok(Self::from_protobuf(object, wanted)?),
            Media::Json => {
                let mut json = serde_json::Deserializer::from_slice(object);
                let map = Object(wanted).deserialize(&mut json)?;
                json.end()?;
                Ok(map)
            }
        }
    }

    fn from_protobuf(object: &[u8], wanted: Wanted) -> Result<Self, NotProtobuf> {
        let mut map = Self::default();
        for field in Fields::of(object) {
            let (number, value) = field?;
            match number {
                1 => {
                    let version = map.metadata.get_or_insert_default();
                    version.add(value.message()?)?;
                }
                2 => {
                    let (mut key, mut text) = ("", "");
                    for field in value.message()? {
                        match field? {
                            (1, value) => key = value.text()?,
                            (2, value) => text = value.text()?,
                            _ => {}
                        }
                    }
                    if wanted(key) {
                        map.data.insert(key.to_owned(), text.to_owned());
                    }
                }
                _ => {}
            }
        }
        Ok(map)
    }
}

impl Version {
    fn add(&mut self, fields: Fields<'_>) -> Result<(), NotProtobuf> {
        for field in fields {
            match field? {
                (5, value) => value.text()?.clone_into(&mut self.uid),
                (6, value) => value.text()?.clone_into(&mut self.resource_version),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The object in JSON.
struct Object(Wanted);

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Field {
    Metadata,
    Data,
    #[serde(other)]
    Other,
}

impl<'de> DeserializeSeed<'de> for Object {
    type Value = ConfigMap;

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<ConfigMap, D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object {
    type Value = ConfigMap;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a ConfigMap")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<ConfigMap, A::Error> {
        let mut object = ConfigMap::default();
        while let Some(field) = map.next_key()? {
            match field {
                Field::Metadata => object.metadata = map.next_value()?,
                Field::Data => object.data = map.next_value_seed(Data(self.0))?,
                Field::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(object)
    }
}

/// Its data, or `null`.
struct Data(Wanted);

impl<'de> DeserializeSeed<'de> for Data {
    type Value = BTreeMap<String, String>;

    fn deserialize<D: serde::Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Data {
    type Value = BTreeMap<String, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the data of a ConfigMap")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(BTreeMap::new())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut data = BTreeMap::new();
        while let Some(Key(key)) = map.next_key()? {
            if (self.0)(&key) {
                data.insert(key.into_owned(), map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(data)
    }
}

/// Borrowed unless it has escapes.
#[derive(Deserialize)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl fmt::Debug for ConfigMap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigMap")
            .field("metadata", &self.metadata)
            .field("keys", &self.data.keys())
            .finish_non_exhaustive()
    }
}
