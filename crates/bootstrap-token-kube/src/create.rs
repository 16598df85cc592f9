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

/// The number of IDs that [`create_generated`](BootstrapTokens::create_generated) tries. If a million of the 36⁶ IDs
/// are taken, eight draws fail less than once in 10²⁶ times.
const DRAWS: u32 = 8;

/// A token that was created.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Created {
    /// The API server's time, if it sent one. A token expires by this clock.
    pub server_time: Option<SystemTime>,
}

impl BootstrapTokens {
    /// Creates a token with one POST: if two callers use the same ID, exactly one succeeds. An existing token is never
    /// changed.
    ///
    /// If the connection breaks before the answer, the POST is sent again. If the token then exists, it is read and
    /// compared. If it is equal in every respect, it counts as created. Reading it needs the right to `get` Secrets;
    /// without it, the outcome is unknown.
    ///
    /// # Errors
    /// A token with that ID exists ([`is_already_exists`](Error::is_already_exists)), or the call failed. If the token
    /// may have been created, the error says so ([`is_uncertain`](Error::is_uncertain)): an existing token with the
    /// same secret may come from this call, repeated by a client or a proxy, or may be older.
    pub async fn create(&self, token: &BootstrapToken) -> Result<Created, Error> {
        let mut call = self.call(Purpose::Create(token.id()));
        let failure = match call.create(token).await {
            Ok(()) => return Ok(call.created()),
            Err(NotCreated::Failed(failure)) => failure,
            Err(NotCreated::OtherSecret(failure)) => {
                call.unsettled = false;
                failure
            }
            Err(NotCreated::SameSecret(_, stored))
                if call.unsettled && stack::wiped_after(|| is_same(&stored, token)) =>
            {
                return Ok(call.created());
            }
            Err(NotCreated::SameSecret(failure, _)) => {
                call.unsettled = true;
                failure
            }
        };
        Err(call.error(failure))
    }

    /// Creates a generated token. If its ID is taken, draws another token from the operating system's random number
    /// generator, with the same description, expiration, usages and groups. On success, `token` is the token that was
    /// created.
    ///
    /// If the existing token has the same token secret, it is this one: nobody else can have drawn it. Comparing them
    /// needs the right to `get` Secrets. No token is drawn after an attempt whose outcome is unknown.
    ///
    /// # Errors
    /// Those of [`create`](Self::create). A taken ID is an error only after eight draws, or after an attempt whose
    /// reply was lost.
    pub async fn create_generated(&self, token: &mut BootstrapToken) -> Result<Created, Error> {
        let mut call = self.call(Purpose::Create(token.id()));
        let mut left = DRAWS;
        loop {
            let failure = match call.create(token).await {
                // Admission may have changed the other fields.
                Ok(()) | Err(NotCreated::SameSecret(..)) => return Ok(call.created()),
                Err(NotCreated::Failed(failure)) => return Err(call.error(failure)),
                // The existing token may be ours, with a token secret that admission changed.
                Err(NotCreated::OtherSecret(failure)) if call.unsettled => {
                    return Err(call.error(failure));
                }
                Err(NotCreated::OtherSecret(failure)) => failure,
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
enum NotCreated {
    Failed(Failure),
    /// A token with that ID and another token secret exists. Nothing was written.
    OtherSecret(Failure),
    /// A token with that ID and token secret exists. A lost attempt, or one that the client or a proxy repeated, may
    /// have created it.
    SameSecret(Failure, Box<Stored>),
}

impl Call<'_> {
    fn created(&self) -> Created {
        Created {
            server_time: self.server_time,
        }
    }

    async fn create(&mut self, token: &BootstrapToken) -> Result<(), NotCreated> {
        let request = Request::create(body(token).map_err(NotCreated::Failed)?);
        let failure = match self.send(&request, should_retry).await {
            Ok(_) => return Ok(()),
            Err(failure) if is_already_exists(&failure) => failure,
            Err(failure) => return Err(NotCreated::Failed(failure)),
        };
        match self.stored(token.id()).await {
            Ok(stored) if stack::wiped_after(|| stored.has_secret(token.token().secret())) => {
                Err(NotCreated::SameSecret(failure, Box::new(stored)))
            }
            Ok(_) => Err(NotCreated::OtherSecret(failure)),
            // Its owner is unknown.
            Err(why) => {
                self.unsettled = true;
                let why = Error::new(Purpose::Get(token.id()), why.kind).caused_by(why.source);
                Err(NotCreated::Failed(failure.caused_by(why)))
            }
        }
    }
}

/// Replaces the token with a new one.
fn draw(token: &mut BootstrapToken) -> Result<(), GenerateError> {
    *token = token.clone().with_token(Token::generate()?);
    Ok(())
}

/// Returns whether the tokens are equal in every respect. An older token may have the same token secret but differ
/// elsewhere.
fn is_same(stored: &Stored, token: &BootstrapToken) -> bool {
    let stored = stored
        .token()
        .cloned()
        .map_err(Clone::clone)
        .and_then(StoredToken::into_bootstrap_token);
    // Tokens compare in constant time.
    matches!((stored, read_back(token)), (Ok(stored), Ok(ours)) if stored == ours)
}

/// Decides which failures of a create are retried. A server error is not: the server may have written the token, and
/// its message is the better answer.
fn should_retry(fate: Fate) -> bool {
    matches!(fate, Fate::NotDone | Fate::Lost)
}

fn is_already_exists(failure: &Failure) -> bool {
    matches!(&failure.kind, Kind::Status(status) if status.is_already_exists())
}

/// Returns the token as it is read back once stored: with the expiration in UTC and whole seconds.
fn read_back(token: &BootstrapToken) -> Result<BootstrapToken, Defect> {
    let mut secret = token.expose_secret();
    let stored = StoredToken::from_secret(&secret);
    wipe::data(&mut secret);
    stored?.into_bootstrap_token()
}

/// Encodes the Secret as JSON. All buffers are wiped after use.
fn body(token: &BootstrapToken) -> Result<Bytes, Failure> {
    // Encoding base64 leaves parts of the token secret on the stack.
    stack::wiped_after(|| encoded(token))
}

fn encoded(token: &BootstrapToken) -> Result<Bytes, Failure> {
    let mut secret = token.expose_secret();
    // Large enough that it never grows, which would copy it.
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
