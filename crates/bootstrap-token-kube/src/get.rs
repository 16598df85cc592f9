use bootstrap_token::TokenId;

use crate::call::{Call, idempotent};
use crate::failure::Failure;
use crate::request::{Purpose, Request};
use crate::{BootstrapTokens, Error, Stored};

impl BootstrapTokens {
    /// Returns the Secret `bootstrap-token-<id>` as stored, whatever its type and state.
    ///
    /// # Errors
    /// The token does not exist ([`is_not_found`](Error::is_not_found)), or the call failed.
    pub async fn get(&self, id: TokenId) -> Result<Stored, Error> {
        let mut call = self.call(Purpose::Get(id));
        call.stored(id).await.map_err(|failure| call.error(failure))
    }
}

impl Call<'_> {
    pub(crate) async fn stored(&mut self, id: TokenId) -> Result<Stored, Failure> {
        let reply = self.send(&Request::get(id), idempotent).await?;
        reply.stored()
    }
}
