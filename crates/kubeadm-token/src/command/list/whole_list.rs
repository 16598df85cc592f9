//! A list that is read as a whole before it is printed, to sort it or to show it first.

use std::mem::size_of;
use std::pin::pin;

use bootstrap_token_kube::{BootstrapTokens, Error, Page, Stored};
use futures::TryStreamExt as _;

use super::order::{Key, Order};
use crate::stack_wipe;

/// The pages as they were received. A token is decoded again at each use.
pub(super) struct WholeList {
    pages: Vec<Page>,
    /// How many more bytes may be held.
    room: usize,
}

pub(super) enum WholeListError {
    Failed(Error),
    TooLong,
}

/// A token's sort key, and its position in its page.
type Entry = (Key, Page);

impl WholeList {
    /// Size limit: about 90,000 tokens with their keys.
    pub(super) const ROOM: usize = 64 << 20;

    pub(super) async fn read(tokens: &BootstrapTokens) -> Result<Self, WholeListError> {
        let mut held = Self {
            pages: Vec::new(),
            room: Self::ROOM,
        };
        let mut pages = pin!(tokens.list());
        while let Some(page) = pages.try_next().await.map_err(WholeListError::Failed)? {
            held.take(page.bytes())?;
            held.take(page.len().saturating_mul(size_of::<Entry>()))?;
            // Nothing is printed of a list that cannot be read completely.
            stack_wipe::use_stack(|| page.clone().try_for_each(|stored| stored.map(drop)))
                .map_err(WholeListError::Failed)?;
            held.pages.push(page);
        }
        Ok(held)
    }

    /// Returns the tokens in the order in which they were received.
    pub(super) fn tokens(&self) -> impl Iterator<Item = Stored> {
        self.pages.iter().cloned().flatten().flatten()
    }

    pub(super) fn sorted(
        mut self,
        order: &Order,
    ) -> Result<impl Iterator<Item = Stored>, WholeListError> {
        let pages = std::mem::take(&mut self.pages);
        let count: usize = pages.iter().map(ExactSizeIterator::len).sum();
        let mut places: Vec<Entry> = Vec::with_capacity(count);
        for mut page in pages {
            loop {
                let here = page.clone();
                let Some(Ok(stored)) = page.next() else {
                    break;
                };
                let key = order.key(&stored);
                self.take(key.length())?;
                places.push((key, here));
            }
        }
        places.sort_by(|(one, _), (other, _)| one.cmp(other));
        Ok(places
            .into_iter()
            .filter_map(|(_, mut page)| page.next()?.ok()))
    }

    fn take(&mut self, bytes: usize) -> Result<(), WholeListError> {
        self.room = self
            .room
            .checked_sub(bytes)
            .ok_or(WholeListError::TooLong)?;
        Ok(())
    }
}
