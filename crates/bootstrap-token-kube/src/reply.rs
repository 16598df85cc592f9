use core::fmt;

use bytes::Bytes;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use k8s_openapi::List;
use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use prost::Message;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::{BadReply, Kind};
use crate::failure::{Failure, Fate};
use crate::page::{Items, Page};
use crate::{Stored, stack, wire};

/// The body of a reply that says yes. `Debug` shows nothing of it.
pub(crate) struct Reply {
    pub(crate) media: Media,
    pub(crate) body: Bytes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    Protobuf,
    Json,
}

impl Media {
    /// Anything that does not call itself protobuf is tried as JSON.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let is_protobuf = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|media| {
                media
                    .trim()
                    .eq_ignore_ascii_case("application/vnd.kubernetes.protobuf")
            });
        if is_protobuf {
            Self::Protobuf
        } else {
            Self::Json
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("media", &self.media)
            .finish_non_exhaustive()
    }
}

impl Reply {
    pub(crate) fn secret(self) -> Result<wire::Secret, Failure> {
        match self.media {
            Media::Protobuf => {
                let secret: wire::Secret = protobuf(&self.body, "Secret")?;
                whole(secret.metadata.as_ref())?;
                Ok(secret)
            }
            Media::Json => object::<Secret>(&self.body, "Secret").map(Into::into),
        }
    }

    /// The same with what it says as a token.
    pub(crate) fn stored(self) -> Result<Stored, Failure> {
        stack::wiped_after(|| self.secret().map(Stored::new))
    }

    pub(crate) fn config_map(self) -> Result<wire::ConfigMap, Failure> {
        match self.media {
            Media::Protobuf => {
                let map: wire::ConfigMap = protobuf(&self.body, "ConfigMap")?;
                whole(map.metadata.as_ref())?;
                Ok(map)
            }
            Media::Json => object::<ConfigMap>(&self.body, "ConfigMap").map(Into::into),
        }
    }

    /// The page, and what to go on with: empty on the last.
    pub(crate) fn page(self) -> Result<(Page, String), Failure> {
        match self.media {
            Media::Protobuf => {
                let list: wire::SecretList = protobuf(&self.body, "SecretList")?;
                whole(list.metadata.as_ref())?;
                let r#continue = list.metadata.unwrap_or_default().r#continue;
                Ok((
                    Page::new(Items::Protobuf(list.items.into_iter())),
                    r#continue,
                ))
            }
            Media::Json => {
                let list: List<Secret> = object(&self.body, "SecretList")?;
                let items: Vec<_> = list.items.into_iter().map(Into::into).collect();
                let r#continue = list.metadata.continue_.unwrap_or_default();
                Ok((Page::new(Items::Json(items.into_iter())), r#continue))
            }
        }
    }
}

/// An envelope that was cut off before its contents is a valid one without any; no object that a server
/// sends has no metadata.
fn whole<M>(metadata: Option<&M>) -> Result<(), Failure> {
    match metadata {
        Some(_) => Ok(()),
        None => Err(Failure::new(
            Kind::BadReply(BadReply::NotProtobuf),
            Fate::Final,
        )),
    }
}

fn protobuf<M: Message + Default>(body: &Bytes, kind: &str) -> Result<M, Failure> {
    let bad = |reply| Failure::new(Kind::BadReply(reply), Fate::Final);
    let unreadable = |error: prost::DecodeError| bad(BadReply::NotProtobuf).caused_by(error);
    if !body.starts_with(wire::MAGIC) {
        return Err(bad(BadReply::NotProtobuf));
    }
    let envelope = wire::Unknown::decode(body.slice(wire::MAGIC.len()..)).map_err(unreadable)?;
    let type_meta = envelope.type_meta.unwrap_or_default();
    if (&*type_meta.api_version, &*type_meta.kind) != ("v1", kind) {
        return Err(bad(BadReply::OtherKind));
    }
    M::decode(envelope.raw).map_err(unreadable)
}

/// What says in JSON of which kind it is. The types of `k8s_openapi` are content with any object that does not.
fn object<T: DeserializeOwned>(body: &[u8], kind: &str) -> Result<T, Failure> {
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct TypeMeta {
        api_version: String,
        kind: String,
    }

    let type_meta: TypeMeta = json(body)?;
    if (&*type_meta.api_version, &*type_meta.kind) != ("v1", kind) {
        let other = Kind::BadReply(BadReply::OtherKind);
        return Err(Failure::new(other, Fate::Final));
    }
    json(body)
}

pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Failure::new(
            Kind::BadReply(BadReply::NotJson { line, column }),
            Fate::Final,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "f395accd246ae52d";

    fn secret() -> wire::Secret {
        let body =
            br#"{"metadata":{"name":"x"},"data":{"token-secret":"ZjM5NWFjY2QyNDZhZTUyZA=="}}"#;
        json::<Secret>(body).unwrap().into()
    }

    #[test]
    fn debug_shows_no_secret() {
        let secret = secret();
        assert_eq!(secret.data[0].value, SECRET);
        let list = wire::SecretList {
            items: vec![secret.encode_to_vec().into()],
            ..wire::SecretList::default()
        };
        let unknown = wire::Unknown {
            raw: list.encode_to_vec().into(),
            ..wire::Unknown::default()
        };
        let reply = Reply {
            media: Media::Protobuf,
            body: unknown.encode_to_vec().into(),
        };
        let text = format!(
            "{reply:?} {unknown:?} {list:?} {secret:?} {:?}",
            secret.data[0]
        );
        assert_eq!(
            text,
            "Reply { media: Protobuf, .. } Unknown { type_meta: None, .. } SecretList { items: 1, .. } \
             Secret { name: \"x\", data: [Entry { key: \"token-secret\", .. }], .. } \
             Entry { key: \"token-secret\", .. }"
        );
    }
}
