use core::fmt;
use std::vec;

use bytes::Bytes;
use prost::Message;

use crate::error::{BadReply, Kind};
use crate::request::Purpose;
use crate::{Error, Stored, wire};

/// A page of a list. Its tokens are read from the reply one by one, as they are asked for.
///
/// `Debug` shows no secret. The reply is wiped when the page and all that came from it are dropped.
pub struct Page(Items);

pub(crate) enum Items {
    /// Each the protobuf of a Secret, a slice of the reply.
    Protobuf(vec::IntoIter<Bytes>),
    Json(vec::IntoIter<wire::Secret>),
}

impl Page {
    pub(crate) fn new(items: Items) -> Self {
        Self(items)
    }
}

/// # Errors
/// What should be a Secret cannot be read ([`is_bad_reply`](Error::is_bad_reply)). A Secret that is no
/// token is no error but a [`Stored`] that tells its defect.
impl Iterator for Page {
    type Item = Result<Stored, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let secret = match &mut self.0 {
            Items::Json(secrets) => secrets.next()?,
            Items::Protobuf(secrets) => match wire::Secret::decode(secrets.next()?) {
                Ok(secret) => secret,
                Err(error) => {
                    let kind = Kind::BadReply(BadReply::NotProtobuf);
                    return Some(Err(
                        Error::new(Purpose::List, kind).caused_by(Some(error.into()))
                    ));
                }
            },
        };
        Some(Ok(Stored::new(secret)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        match &self.0 {
            Items::Protobuf(secrets) => secrets.size_hint(),
            Items::Json(secrets) => secrets.size_hint(),
        }
    }
}

impl ExactSizeIterator for Page {}

impl fmt::Debug for Page {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Page")
            .field("left", &self.len())
            .finish_non_exhaustive()
    }
}
