mod encoded;
mod object;

use core::fmt;
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::keys::SECRET_TYPE;
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
            Some(_) => Err(ReadSecretError::OtherKind { wanted: "Secret" }),
        }
    }

    /// Reads those Secrets of a list that are of a bootstrap token's type, in order, each by itself: a broken one
    /// hides no other. Each is made when it is asked for, so that no token lies about in a list that was left.
    ///
    /// # Errors
    /// It is no JSON, or not that of a list of Secrets.
    pub fn list_from_json(
        json: &[u8],
    ) -> Result<impl Iterator<Item = ListedSecret>, ReadSecretError> {
        let Object(list): Object<ListJson<'_>> = read(json)?;
        let items = match (list.kind.as_deref(), list.items) {
            (None | Some("SecretList" | "List"), Some(items)) => items,
            (Some("SecretList"), None) => Vec::new(),
            _ => {
                return Err(ReadSecretError::OtherKind {
                    wanted: "SecretList",
                });
            }
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
    /// It is no JSON, or a field has a value of another type than a Secret's.
    NotJson {
        /// Where reading ended, counted from 1.
        line: usize,
        /// In bytes, counted from 1.
        column: usize,
    },
    /// It is an object of another kind.
    OtherKind {
        /// The kind that was asked for.
        wanted: &'static str,
    },
    /// A value of its data is no base64.
    NotBase64,
    /// It holds no token.
    Defect(Defect),
}

impl fmt::Display for ReadSecretError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson { line, column } => write!(
                f,
                "it cannot be read as JSON of a Secret beyond line {line}, column {column}"
            ),
            Self::OtherKind { wanted } => write!(f, "it is no object of kind {wanted}"),
            Self::NotBase64 => f.write_str("a value of its data is no base64"),
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

impl From<Defect> for ReadSecretError {
    fn from(defect: Defect) -> Self {
        Self::Defect(defect)
    }
}

/// What `serde_json` says of a fault may quote the text.
fn read<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, ReadSecretError> {
    serde_json::from_slice(json).map_err(|error| ReadSecretError::NotJson {
        line: error.line(),
        column: error.column(),
    })
}

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
                let value = value.as_ref().map(Encoded::decode).transpose()?;
                Ok((&**key, value.unwrap_or_default()))
            })
            .collect::<Result<_, ReadSecretError>>()?;
        let data = data.iter().map(|(key, value)| (*key, &***value));
        Ok(StoredToken::from_data(self.name(), data)?)
    }
}
