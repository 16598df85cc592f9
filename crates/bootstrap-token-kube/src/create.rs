use bootstrap_token::{GenerateError, Token};
use bootstrap_token_secret::{BootstrapToken, Defect, StoredToken};
use bytes::Bytes;
use zeroize::Zeroizing;

use crate::call::{Call, idempotent};
use crate::error::Kind;
use crate::failure::{Failure, Fate};
use crate::request::{Purpose, Request};
use crate::{BootstrapTokens, Error, Stored, stack, wipe};

/// The IDs that [`create_generated`](BootstrapTokens::create_generated) tries. Among 36⁶ IDs, even with a
/// million of them taken, so many draws in a row fail less than once in 10²⁶ times.
const DRAWS: u32 = 8;

impl BootstrapTokens {
    /// Writes a new token: one POST, so that of two creators of one ID exactly one succeeds. A token that
    /// exists is never changed.
    ///
    /// If the connection breaks before the answer is there, the POST is sent again; should the token then
    /// exist already, it is read and compared, and is taken for ours if it is the same in every respect.
    ///
    /// # Errors
    /// There is a token of that ID ([`is_already_exists`](Error::is_already_exists)), or the call failed.
    /// After some failures it is not known whether the token was created: the error says so
    /// ([`is_uncertain`](Error::is_uncertain)).
    pub async fn create(&self, token: &BootstrapToken) -> Result<(), Error> {
        let mut call = self.call(Purpose::Create(token.id()));
        call.create(token, whole)
            .await
            .map_err(|failure| call.error(failure))
    }

    /// Writes a generated token. Where its ID is taken, another token is drawn from the operating system's
    /// randomness, takes its place in `token`, and is written with the same description, expiration, usages and
    /// groups. When it succeeds, `token` is the one that was written.
    ///
    /// # Errors
    /// As those of [`create`](Self::create); of IDs that are taken, only after several in a row.
    pub async fn create_generated(&self, token: &mut BootstrapToken) -> Result<(), Error> {
        let mut call = self.call(Purpose::Create(token.id()));
        for _ in 1..DRAWS {
            match call.create(token, secret).await {
                Ok(()) => return Ok(()),
                Err(failure) if is_already_exists(&failure) && !call.unsettled => {}
                Err(failure) => return Err(call.error(failure)),
            }
            let drawn = stack::wiped_after(|| draw(token));
            drawn.map_err(|error| {
                call.error(Failure::new(Kind::Randomness, Fate::Final).caused_by(error))
            })?;
            call.purpose = Purpose::Create(token.id());
        }
        match call.create(token, secret).await {
            Ok(()) => Ok(()),
            Err(failure) => Err(call.error(failure)),
        }
    }
}

impl Call<'_> {
    /// `is_ours` tells a token of ours that is stored already, by an attempt that was lost, from another's.
    async fn create(
        &mut self,
        token: &BootstrapToken,
        is_ours: fn(&Stored, &BootstrapToken) -> bool,
    ) -> Result<(), Failure> {
        let request = Request::create(body(token)?);
        let outcome = self.send(&request, Some(token.token()), again).await;
        match outcome {
            Ok(_) => Ok(()),
            Err(failure) if is_already_exists(&failure) && self.unsettled => {
                let request = Request::get(token.id());
                let reply = self.send(&request, None, idempotent).await?;
                if is_ours(&Stored::new(reply.secret()?), token) {
                    return Ok(());
                }
                self.unsettled = false;
                Err(failure)
            }
            Err(failure) => Err(failure),
        }
    }
}

/// Puts another token in its place.
fn draw(token: &mut BootstrapToken) -> Result<(), GenerateError> {
    *token = token.clone().with_token(Token::generate()?);
    Ok(())
}

/// The same in every respect: one that was given may have been there before, and be another in the rest.
fn whole(stored: &Stored, token: &BootstrapToken) -> bool {
    let stored = stored
        .token()
        .cloned()
        .map_err(Clone::clone)
        .and_then(StoredToken::into_bootstrap_token);
    // Tokens compare in constant time.
    matches!((stored, read_back(token)), (Ok(stored), Ok(ours)) if stored == ours)
}

/// The secret: nobody else can have one that was drawn here, whatever admission has made of the rest.
fn secret(stored: &Stored, token: &BootstrapToken) -> bool {
    stored
        .token()
        .is_ok_and(|stored| stored.token() == token.token())
}

/// Which failures of a create are worth another attempt. Not a server in trouble: it may have written the
/// token, and what it says is the better answer.
fn again(fate: Fate) -> bool {
    matches!(fate, Fate::NotDone | Fate::Lost)
}

fn is_already_exists(failure: &Failure) -> bool {
    matches!(&failure.kind, Kind::Status(status) if status.is_already_exists())
}

/// The token as it is read once it is stored: an expiration is in UTC then, in whole seconds.
fn read_back(token: &BootstrapToken) -> Result<BootstrapToken, Defect> {
    let mut secret = token.expose_secret();
    let stored = StoredToken::from_secret(&secret);
    wipe::data(&mut secret);
    stored?.into_bootstrap_token()
}

/// The Secret as JSON. All that holds it is wiped after use.
fn body(token: &BootstrapToken) -> Result<Bytes, Failure> {
    // Base64 is made of words of the secret.
    stack::wiped_after(|| encoded(token))
}

fn encoded(token: &BootstrapToken) -> Result<Bytes, Failure> {
    let mut secret = token.expose_secret();
    // Room enough for it not to be moved while it grows.
    let size: usize = secret
        .data
        .iter()
        .flatten()
        .map(|(key, value)| key.len() + 2 * value.0.len() + 16)
        .sum();
    let mut json = Zeroizing::new(Vec::with_capacity(size + 1024));
    let written = serde_json::to_writer(&mut *json, &secret);
    wipe::data(&mut secret);
    written.map_err(|error| Failure::new(Kind::Client, Fate::Final).caused_by(error))?;
    Ok(Bytes::from_owner(json))
}
