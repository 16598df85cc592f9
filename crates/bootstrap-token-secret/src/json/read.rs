mod encoded;
mod object;

use core::fmt;
use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::keys::{self, SECRET_TYPE};
use crate::{Defect, StoredToken};
use encoded::Encoded;
use object::Object;

impl StoredToken {
    /// Reads a Secret from its JSON, as [`from_secret`](Self::from_secret) reads the object. Fields that are not
    /// looked at may hold anything.
    ///
    /// # Errors
    /// It is no JSON, or not that of a Secret, or one of which kubeadm shows no token.
    pub fn from_json(json: &[u8]) -> Result<Self, ReadSecretError> {
        let Object(secret): Object<SecretJson<'_>> = read(json)?;
        match secret.kind.as_deref() {
            None | Some("Secret") => secret.token(),
            Some(found) => Err(ReadSecretError::other_kind(Some(found), "Secret")),
        }
    }

    /// Reads those Secrets of a list that are of a bootstrap token's type, in order, each by itself: a broken one
    /// hides no other. Each is made when it is asked for, so that no token lies about in a list that was left.
    ///
    /// # Errors
    /// It is no JSON, or not that of a list of Secrets: an item without a Secret's form, which no API server sends, is an
    /// error of the whole list that tells its index.
    pub fn list_from_json(
        json: &[u8],
    ) -> Result<impl Iterator<Item = ListedSecret>, ReadSecretError> {
        let Object(list): Object<ListJson<'_>> =
            read(json).map_err(|error| error.in_item_of(json))?;
        let items = match (list.kind.as_deref(), list.items) {
            (None | Some("SecretList" | "List"), Some(items)) => items,
            (Some("SecretList"), None) => Vec::new(),
            (found, _) => return Err(ReadSecretError::other_kind(found, "SecretList")),
        };
        let tokens = items
            .into_iter()
            .map(|Object(item)| item)
            .filter(|item| item.type_.as_deref() == Some(SECRET_TYPE));
        Ok(tokens.map(|item| ListedSecret {
            name: item.name().to_owned(),
            token: item.token(),
        }))
    }
}

/// A Secret of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedSecret {
    /// The Secret's name, empty for none.
    pub name: String,
    /// The token in it, or why there is none.
    pub token: Result<StoredToken, ReadSecretError>,
}

/// A text was not the JSON of a Secret, or not of a bootstrap token's.
///
/// Never holds anything of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadSecretError {
    /// There is nothing but white space, if that.
    Empty,
    /// It is no JSON, or a field has a value of another type than a Secret's.
    NotJson {
        /// Where reading ended, counted from 1.
        line: usize,
        /// In bytes, counted from 1.
        column: usize,
        /// Of a list, the item that is to blame, counted from 0.
        item: Option<usize>,
    },
    /// It is an object of another kind.
    OtherKind {
        /// The kind that was found, if it is one of which something can be said.
        found: Option<&'static str>,
        /// The kind that was asked for.
        wanted: &'static str,
    },
    /// A value of its data is no base64.
    NotBase64 {
        /// Whose value, if the key is one of a token's.
        key: Option<&'static str>,
    },
    /// It holds no token.
    Defect(Defect),
}

impl fmt::Display for ReadSecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::NotJson { line, column, item } => {
                write!(
                    f,
                    "it cannot be read as JSON of a Secret beyond line {line}, column {column}"
                )?;
                match item {
                    Some(item) => write!(f, ", in items[{item}] of the list"),
                    None => Ok(()),
                }
            }
            Self::OtherKind { found, wanted } => match found {
                Some("Status") => write!(
                    f,
                    "its kind is \"Status\", which is how an API server says no, and not {wanted:?}"
                ),
                Some(found) => write!(f, "its kind is {found:?}, not {wanted:?}"),
                None => write!(f, "it is no object of kind {wanted:?}"),
            },
            Self::NotBase64 { key: Some(key) } => {
                write!(f, "the value of {key:?} in its data is no base64")
            }
            Self::NotBase64 { key: None } => f.write_str("a value of its data is no base64"),
            Self::Defect(_) => f.write_str("it holds no bootstrap token"),
        }
    }
}

impl std::error::Error for ReadSecretError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Defect(defect) => Some(defect),
            _ => None,
        }
    }
}

impl ReadSecretError {
    fn other_kind(found: Option<&str>, wanted: &'static str) -> Self {
        // What else there was may be anything.
        let found = KINDS.into_iter().find(|kind| found == Some(kind));
        Self::OtherKind { found, wanted }
    }

    /// The same, knowing which item of a list is to blame.
    fn in_item_of(self, list: &[u8]) -> Self {
        match self {
            Self::NotJson { line, column, .. } => Self::NotJson {
                line,
                column,
                item: item_to_blame(list),
            },
            other => other,
        }
    }
}

/// What is taken for a Secret or for a list of them.
const KINDS: [&str; 5] = ["Status", "Secret", "SecretList", "List", "ConfigMap"];

/// Reads once more, since a list without a fault is to be read in one go; none where the fault is not in an item.
fn item_to_blame(list: &[u8]) -> Option<usize> {
    let Object(list): Object<RawListJson<'_>> = serde_json::from_slice(list).ok()?;
    let is_secret =
        |item: &&RawValue| serde_json::from_str::<Object<SecretJson<'_>>>(item.get()).is_ok();
    list.items?.iter().position(|item| !is_secret(item))
}

#[derive(Deserialize)]
struct RawListJson<'a> {
    #[serde(borrow)]
    items: Option<Vec<&'a RawValue>>,
}

impl From<Defect> for ReadSecretError {
    fn from(defect: Defect) -> Self {
        Self::Defect(defect)
    }
}

/// What `serde_json` says of a fault may quote the text.
fn read<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, ReadSecretError> {
    serde_json::from_slice(json).map_err(|error| {
        if json.trim_ascii().is_empty() {
            return ReadSecretError::Empty;
        }
        ReadSecretError::NotJson {
            line: error.line(),
            column: error.column(),
            item: None,
        }
    })
}

/// What a message may name.
const KEYS: [&str; 7] = [
    keys::TOKEN_ID,
    keys::TOKEN_SECRET,
    keys::EXPIRATION,
    keys::DESCRIPTION,
    keys::EXTRA_GROUPS,
    "usage-bootstrap-authentication",
    "usage-bootstrap-signing",
];

#[derive(Deserialize)]
struct ListJson<'a> {
    kind: Option<String>,
    #[serde(borrow)]
    items: Option<Vec<Object<SecretJson<'a>>>>,
}

#[derive(Deserialize)]
struct SecretJson<'a> {
    kind: Option<String>,
    metadata: Option<Object<MetadataJson>>,
    #[serde(rename = "type")]
    type_: Option<String>,
    #[serde(borrow)]
    data: Option<BTreeMap<String, Option<Encoded<'a>>>>,
}

#[derive(Deserialize)]
struct MetadataJson {
    name: Option<String>,
}

impl SecretJson<'_> {
    fn name(&self) -> &str {
        let metadata = self.metadata.as_ref();
        metadata
            .and_then(|metadata| metadata.0.name.as_deref())
            .unwrap_or_default()
    }

    fn token(&self) -> Result<StoredToken, ReadSecretError> {
        let data: Vec<_> = self
            .data
            .iter()
            .flatten()
            .map(|(key, value)| {
                let Some(value) = value else {
                    return Ok((&**key, Zeroizing::default()));
                };
                let value = value.decode().ok_or_else(|| ReadSecretError::NotBase64 {
                    key: KEYS.into_iter().find(|known| known == key),
                })?;
                Ok((&**key, value))
            })
            .collect::<Result<_, ReadSecretError>>()?;
        let data = data.iter().map(|(key, value)| (*key, &***value));
        Ok(StoredToken::from_data(self.name(), data)?)
    }
}
