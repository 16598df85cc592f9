use bootstrap_token::TokenId;

use crate::call::idempotent;
use crate::reply::Reply;
use crate::request::{Purpose, Request};
use crate::{BootstrapTokens, Error, Stored};

impl BootstrapTokens {
    /// The token of that ID, as it is stored: `bootstrap-token-<id>`, of whatever type and in whatever
    /// state.
    ///
    /// # Errors
    /// There is none ([`is_not_found`](Error::is_not_found)), or the call failed.
    pub async fn get(&self, id: TokenId) -> Result<Stored, Error> {
        let mut call = self.call(Purpose::Get(id));
        let reply = call.send(&Request::get(id), None, idempotent).await;
        reply
            .and_then(Reply::stored)
            .map_err(|failure| call.error(failure))
    }
}
