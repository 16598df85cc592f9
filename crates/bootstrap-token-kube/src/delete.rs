use bootstrap_token::TokenId;

use crate::call::idempotent;
use crate::error::Kind;
use crate::request::{Purpose, Request};
use crate::{BootstrapTokens, Error};

/// The outcome of a delete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use]
pub enum Deletion {
    /// The token existed and is deleted.
    ///
    /// This includes one that waits for a finalizer: the API server refuses it from now on.
    Deleted,
    /// The token did not exist.
    NotThere,
    /// The token does not exist now. An earlier attempt of this call, whose answer was lost or was a server error, may
    /// have deleted it, or it never existed.
    Gone,
}

impl BootstrapTokens {
    /// Deletes the token with that ID, whatever its state.
    ///
    /// The API server caches a successful authentication for 10 s: it accepts a token that was just used for that long.
    ///
    /// # Errors
    /// The call failed. A token that does not exist is not an error.
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
