use core::fmt;

use crate::error::{BadReply, Kind};
use crate::request::Purpose;
use crate::wire::SecretList;
use crate::{Error, Stored};

/// A page of a list. Its tokens are decoded from the reply on demand, so it takes no more memory than the reply. A
/// clone shares the reply and continues at the same token.
///
/// `Debug` shows no secret. The reply is wiped when the page and everything from it are dropped.
#[derive(Clone)]
pub struct Page {
    list: SecretList,
    /// The number of items in the whole page.
    whole: usize,
    bytes: usize,
}

impl Page {
    pub(crate) fn new(list: SecretList, bytes: usize) -> Self {
        let whole = list.left();
        Self { list, whole, bytes }
    }

    /// Returns the length of the reply, which stays in memory until the last of its tokens is dropped.
    pub fn bytes(&self) -> usize {
        self.bytes
    }
}

/// # Errors
/// An item cannot be read as a Secret ([`is_bad_reply`](Error::is_bad_reply)). A Secret that is not a valid token is
/// not an error: its [`Stored`] has the defect.
impl Iterator for Page {
    type Item = Result<Stored, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let item = self.whole - self.list.left();
        let object = self.list.next()?;
        let stored = Stored::read(self.list.media(), object).map_err(|why| {
            let why = match why {
                BadReply::SecretTooLong => why,
                _ => BadReply::NotASecret { item },
            };
            Error::new(Purpose::List, Kind::BadReply(why))
        });
        Some(stored)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.list.left(), Some(self.list.left()))
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
