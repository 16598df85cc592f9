use std::time::SystemTime;

use bootstrap_token::{GenerateError, Token};
use bootstrap_token_secret::{BootstrapToken, Defect, StoredToken};
use bytes::Bytes;
use zeroize::Zeroizing;

use crate::call::Call;
use crate::error::Kind;
use crate::failure::{Failure, Fate};
use crate::request::{Purpose, Request};
use crate::{BootstrapTokens, Error, Stored, stack, wipe};

/// The IDs that [`create_generated`](BootstrapTokens::create_generated) tries. Among 36⁶ IDs, even with a
/// million of them taken, so many draws in a row fail less than once in 10²⁶ times.
const DRAWS: u32 = 8;

/// A token that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Created {
    /// The API server's time, if it tells it. A token expires by this clock.
    pub server_time: Option<SystemTime>,
}

impl BootstrapTokens {
    /// Writes a new token: one POST, so that of two creators of one ID exactly one succeeds. A token that
    /// exists is never changed.
    ///
    /// If the connection breaks before the answer is there, the POST is sent again. Should a token of that ID exist
    /// then, it is read and compared, and is taken for the one that was sent if it is the same in every respect. This
    /// needs the right to `get` Secrets; without it, the outcome is not known.
    ///
    /// # Errors
    /// There is a token of that ID ([`is_already_exists`](Error::is_already_exists)), or the call failed.
    /// After some failures it is not known whether the token was created: the error says so
    /// ([`is_uncertain`](Error::is_uncertain)). One that exists and has the same secret may be the one that was sent,
    /// by a client or a proxy that repeats requests, or may have been there before.
    pub async fn create(&self, token: &BootstrapToken) -> Result<Created, Error> {
        let mut call = self.call(Purpose::Create(token.id()));
        let failure = match call.create(token).await {
            Ok(()) => return Ok(call.created()),
            Err(Refused::Failed(failure)) => failure,
            Err(Refused::ByAnother(failure)) => {
                call.unsettled = false;
                failure
            }
            Err(Refused::ByItself(_, stored))
                if call.unsettled && stack::wiped_after(|| is_same(&stored, token)) =>
            {
                return Ok(call.created());
            }
            Err(Refused::ByItself(failure, _)) => {
                call.unsettled = true;
                failure
            }
        };
        Err(call.error(failure))
    }

    /// Writes a generated token. Where its ID is taken, another token is drawn from the operating system's
    /// randomness, takes its place in `token`, and is written with the same description, expiration, usages and
    /// groups. When it succeeds, `token` is the one that was written.
    ///
    /// A token that exists and has the secret of the one that was sent is that one: nobody else can have drawn it.
    /// Comparing them needs the right to `get` Secrets. No second token is drawn after an attempt whose outcome is
    /// unknown.
    ///
    /// # Errors
    /// Those of [`create`](Self::create). A taken ID is an error only after eight in a row, or after an attempt whose
    /// reply was lost.
    pub async fn create_generated(&self, token: &mut BootstrapToken) -> Result<Created, Error> {
        let mut call = self.call(Purpose::Create(token.id()));
        let mut left = DRAWS;
        loop {
            let failure = match call.create(token).await {
                // Whatever admission has made of the rest.
                Ok(()) | Err(Refused::ByItself(..)) => return Ok(call.created()),
                Err(Refused::Failed(failure)) => return Err(call.error(failure)),
                // The one that is there may be ours, with a secret that admission has changed.
                Err(Refused::ByAnother(failure)) if call.unsettled => {
                    return Err(call.error(failure));
                }
                Err(Refused::ByAnother(failure)) => failure,
            };
            left -= 1;
            if left == 0 {
                return Err(call.error(failure));
            }
            let drawn = stack::wiped_after(|| draw(token));
            drawn.map_err(|error| {
                call.error(Failure::new(Kind::Randomness, Fate::Final).caused_by(error))
            })?;
            call.purpose = Purpose::Create(token.id());
        }
    }
}

/// Why a create did not succeed, as far as is known.
enum Refused {
    Failed(Failure),
    /// There is a token of that ID, with another secret: nothing was written.
    ByAnother(Failure),
    /// There is a token of that ID and secret. An attempt that was lost may have written it, or one that the client
    /// or a proxy has repeated.
    ByItself(Failure, Box<Stored>),
}

impl Call<'_> {
    fn created(&self) -> Created {
        Created {
            server_time: self.server_time,
        }
    }

    async fn create(&mut self, token: &BootstrapToken) -> Result<(), Refused> {
        let request = Request::create(body(token).map_err(Refused::Failed)?);
        let failure = match self.send(&request, again).await {
            Ok(_) => return Ok(()),
            Err(failure) if is_already_exists(&failure) => failure,
            Err(failure) => return Err(Refused::Failed(failure)),
        };
        match self.stored(token.id()).await {
            Ok(stored) if stack::wiped_after(|| stored.has_secret(token.token().secret())) => {
                Err(Refused::ByItself(failure, Box::new(stored)))
            }
            Ok(_) => Err(Refused::ByAnother(failure)),
            // Whose it is, or was, cannot be told.
            Err(why) => {
                self.unsettled = true;
                let why = Error::new(Purpose::Get(token.id()), why.kind).caused_by(why.source);
                Err(Refused::Failed(failure.caused_by(why)))
            }
        }
    }
}

/// Puts another token in its place.
fn draw(token: &mut BootstrapToken) -> Result<(), GenerateError> {
    *token = token.clone().with_token(Token::generate()?);
    Ok(())
}

/// The same in every respect: one that was given may have been there before, and be another in the rest.
fn is_same(stored: &Stored, token: &BootstrapToken) -> bool {
    let stored = stored
        .token()
        .cloned()
        .map_err(Clone::clone)
        .and_then(StoredToken::into_bootstrap_token);
    // Tokens compare in constant time.
    matches!((stored, read_back(token)), (Ok(stored), Ok(ours)) if stored == ours)
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
