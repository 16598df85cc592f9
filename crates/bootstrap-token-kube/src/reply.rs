use core::fmt;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::error::BadReply;
use crate::failure::Failure;
use crate::page::Page;
use crate::wire::{self, ConfigMap, Head, Media, SecretList, Wanted};
use crate::{Stored, stack};

/// The body of a successful reply. `Debug` shows nothing of it.
pub(crate) struct Reply {
    pub(crate) media: Media,
    pub(crate) body: Bytes,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("media", &self.media)
            .finish_non_exhaustive()
    }
}

impl Reply {
    pub(crate) fn stored(self) -> Result<Stored, Failure> {
        let object = self.contents("Secret")?;
        let stored = stack::wiped_after(|| Stored::read(self.media, object))?;
        self.check_complete(stored.has_metadata())?;
        Ok(stored)
    }

    pub(crate) fn config_map(self, wanted: Wanted) -> Result<ConfigMap, Failure> {
        let object = self.contents("ConfigMap")?;
        let map = ConfigMap::read(self.media, &object, wanted)?;
        self.check_complete(map.metadata.is_some())?;
        Ok(map)
    }

    /// Decodes a page and the list's metadata.
    pub(crate) fn page(self) -> Result<(Page, Head), Failure> {
        let object = self.contents("SecretList")?;
        let (list, head) = SecretList::read(self.media, &object)?;
        Ok((Page::new(list, self.body.len()), head))
    }

    fn contents(&self, kind: &str) -> Result<Bytes, BadReply> {
        wire::contents(self.media, &self.body, kind)
    }

    /// An envelope cut off before its content is valid and empty. Every object of a server has metadata, which detects
    /// it.
    fn check_complete(&self, has_metadata: bool) -> Result<(), BadReply> {
        if self.media == Media::Protobuf && !has_metadata {
            return Err(BadReply::NotProtobuf);
        }
        Ok(())
    }
}

pub(crate) fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    let object = serde_json::from_slice(body).map_err(BadReply::from)?;
    Ok(object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Secret;

    const JSON: &[u8] =
        br#"{"metadata":{"name":"x"},"data":{"token-secret":"ZjM5NWFjY2QyNDZhZTUyZA=="}}"#;

    #[test]
    fn debug_shows_no_secret() {
        let secret = Secret::read(Media::Json, JSON).unwrap();
        let (_, value) = secret.data().next().unwrap();
        assert_eq!(value, b"f395accd246ae52d");
        let body = Bytes::from_static(JSON);
        let stored = Stored::read(Media::Json, body.clone()).unwrap();
        let media = Media::Json;
        let reply = Reply { media, body };
        assert_eq!(
            format!("{reply:?} {secret:?} {stored:?}"),
            "Reply { media: Json, .. } Secret { name: \"x\", keys: [\"token-secret\"], .. } \
             Stored { name: \"x\", token: Err(MissingKey { key: \"token-id\" }), .. }"
        );
    }
}
