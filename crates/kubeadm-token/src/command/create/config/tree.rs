//! YAML or JSON as it is written, with repeated keys, before the check by a schema.

use core::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_saphyr::DuplicateKeyPolicy;
use zeroize::Zeroizing;

/// Name of a number in errors of Go's decoder.
pub(super) const NUMBER: &str = "number";

/// A value of any type. Texts may be tokens: they are wiped on drop, and there is no `Debug`.
pub(super) enum Tree {
    Null,
    Bool,
    /// A number that fits in 32 bits. `None` if it does not fit or has a fraction.
    Number(Option<i32>),
    Text(Zeroizing<String>),
    List(Vec<Tree>),
    Object(Vec<(Zeroizing<String>, Tree)>),
}

impl Tree {
    /// Returns the value of an object's field: the last one of several. `None` for null.
    pub(super) fn get(&self, key: &str) -> Option<&Tree> {
        let Self::Object(fields) = self else {
            return None;
        };
        fields
            .iter()
            .rfind(|(name, _)| **name == key)
            .map(|(_, value)| value)
            .filter(|value| !matches!(value, Self::Null))
    }

    /// Returns the text of a field.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Self::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// Returns the name of the type in errors of Go's decoder.
    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool => "bool",
            Self::Number(_) => NUMBER,
            Self::Text(_) => "string",
            Self::List(_) => "array",
            Self::Object(_) => "object",
        }
    }
}

/// Returns all documents that are not empty. An error has the position, but none of the text.
pub(super) fn all(text: &str) -> Result<Vec<Tree>, String> {
    // JSON that is indented by tabs is not valid YAML.
    if text.trim_start().starts_with('{')
        && let Ok(tree) = serde_json::from_str(text)
    {
        return Ok(vec![tree]);
    }
    let options = serde_saphyr::options! {
        budget: serde_saphyr::budget! { max_documents: 64, max_nodes: 100_000 },
        // kubeadm uses the last of several, and warns.
        duplicate_keys: DuplicateKeyPolicy::PassThrough,
        with_snippet: false,
    };
    serde_saphyr::from_multiple_with_options(text, options).map_err(|error| {
        error.location().map_or_else(String::new, |place| {
            format!(" from line {} column {} on", place.line(), place.column())
        })
    })
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyType)
    }
}

struct AnyType;

impl<'de> Visitor<'de> for AnyType {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Tree, E> {
        Ok(Tree::Bool)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Number(i32::try_from(number).ok()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Number(i32::try_from(number).ok()))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Tree, E> {
        Ok(Tree::Number(None))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(Zeroizing::new(text.to_owned())))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Tree, E> {
        Ok(Tree::Text(Zeroizing::new(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut fields = Vec::new();
        while let Some(key) = entries.next_key::<String>()? {
            fields.push((Zeroizing::new(key), entries.next_value()?));
        }
        Ok(Tree::Object(fields))
    }
}
