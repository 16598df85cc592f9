use bootstrap_token::TokenId;

use crate::call::idempotent;
use crate::error::Kind;
use crate::request::{Purpose, Request};
use crate::{BootstrapTokens, Error};

/// What a deletion found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
pub enum Deletion {
    /// The token was there, and is not any more.
    ///
    /// One that waits for a finalizer counts: from the deletion on, the API server refuses it.
    Deleted,
    /// There was none.
    NotThere,
    /// There is none now. An earlier attempt of the same call, whose answer was lost or was that of a server
    /// or proxy in trouble, may have deleted it; or there never was one.
    Gone,
}

impl BootstrapTokens {
    /// Deletes the token of that ID, whatever its state.
    ///
    /// The API server goes on accepting a token that was used just before for up to 10 s: it remembers a
    /// successful authentication for that long.
    ///
    /// # Errors
    /// The call failed. That there was no such token is not a failure.
    pub async fn delete(&self, id: TokenId) -> Result<Deletion, Error> {
        let mut call = self.call(Purpose::Delete(id));
        match call.send(&Request::delete(id), idempotent).await {
            Ok(_) => Ok(Deletion::Deleted),
            Err(failure) => match &failure.kind {
                Kind::Status(status) if status.code() == 404 => Ok(if call.unsettled {
                    Deletion::Gone
                } else {
                    Deletion::NotThere
                }),
                _ => Err(call.error(failure)),
            },
        }
    }
}
