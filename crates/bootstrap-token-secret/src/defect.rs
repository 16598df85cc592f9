use core::fmt;
use std::borrow::Cow;
use std::time::SystemTime;

use bootstrap_token::{ParseTokenError, TokenId, TokenSecret};
use k8s_openapi::api::core::v1::Secret;

use crate::keys::{self, NAMESPACE, SECRET_TYPE, USAGE_ON};
use crate::stored::{data, usages};
use crate::{Expiration, ExtraGroup, ParseExpirationError, ParseGroupError, Usage, rfc3339};

/// Something about a Secret that keeps it from being used as a bootstrap token, or that its owner would
/// want to know.
///
/// Never holds a token secret or the text that should have been one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Defect {
    /// It is in a namespace where no component looks.
    WrongNamespace {
        /// The namespace it is in.
        found: String,
    },
    /// Its type is not `bootstrap.kubernetes.io/token`.
    WrongType {
        /// The type it has, empty for none.
        found: String,
    },
    /// Its name is not `bootstrap-token-` and its `token-id`.
    WrongName {
        /// The `token-id`, where that is well formed.
        token_id: Option<TokenId>,
    },
    /// It has been deleted and waits for a finalizer.
    BeingDeleted,
    /// A key that must be there is missing or empty.
    MissingKey {
        /// `token-id` or `token-secret`.
        key: &'static str,
    },
    /// The `token-id` is not six of `[a-z0-9]`.
    MalformedId(ParseTokenError),
    /// The `token-secret` is not sixteen of `[a-z0-9]`.
    MalformedSecret(ParseTokenError),
    /// It expired.
    Expired {
        /// When.
        expiration: Expiration,
    },
    /// The `expiration` cannot be read: API server and signer take the token as expired, the token cleaner
    /// deletes it.
    MalformedExpiration(ParseExpirationError),
    /// A usage is not switched on.
    LacksUsage {
        /// Which.
        usage: Usage,
        /// Whether its key is there, with a value other than `true`.
        present: bool,
    },
    /// Usages that the cluster's own components do not know, as k0s writes them. One defect stands for all of
    /// them, however many the Secret has.
    UnknownUsage {
        /// The first, without the prefix `usage-bootstrap-`.
        usage: String,
        /// How many others there are.
        others: usize,
    },
    /// Extra groups that are not valid; one disables the token for authentication. One defect stands for all of
    /// them, however many the Secret has.
    BadGroup {
        /// The first of these entries, bytes that are not UTF-8 shown as U+FFFD.
        group: String,
        /// Why it is not valid.
        error: ParseGroupError,
        /// How many others are not valid either.
        others: usize,
    },
}

impl Defect {
    /// Whether the API server refuses the token as a bearer token for this reason: `AuthenticateToken` in
    /// `plugin/pkg/auth/authenticator/token/bootstrap`.
    pub fn disables_authentication(&self) -> bool {
        match self {
            Defect::UnknownUsage { .. }
            | Defect::LacksUsage {
                usage: Usage::Signing,
                ..
            } => false,
            Defect::LacksUsage {
                usage: Usage::Authentication,
                ..
            }
            | Defect::WrongNamespace { .. }
            | Defect::WrongType { .. }
            | Defect::WrongName { .. }
            | Defect::BeingDeleted
            | Defect::MissingKey { .. }
            | Defect::MalformedId(_)
            | Defect::MalformedSecret(_)
            | Defect::Expired { .. }
            | Defect::MalformedExpiration(_)
            | Defect::BadGroup { .. } => true,
        }
    }

    /// Whether the controller manager does not sign `cluster-info` with the token for this reason:
    /// `validateSecretForSigning` in `pkg/controller/bootstrap`, whose informer sees only Secrets of the
    /// right type and namespace. It looks neither at a deletion, nor at the groups, nor at the form of the
    /// `token-secret`.
    pub fn disables_signing(&self) -> bool {
        match self {
            Defect::UnknownUsage { .. }
            | Defect::LacksUsage {
                usage: Usage::Authentication,
                ..
            }
            | Defect::BeingDeleted
            | Defect::BadGroup { .. }
            | Defect::MalformedSecret(_) => false,
            Defect::LacksUsage {
                usage: Usage::Signing,
                ..
            }
            | Defect::WrongNamespace { .. }
            | Defect::WrongType { .. }
            | Defect::WrongName { .. }
            | Defect::MissingKey { .. }
            | Defect::MalformedId(_)
            | Defect::Expired { .. }
            | Defect::MalformedExpiration(_) => true,
        }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Defect::WrongNamespace { found } => write!(
                f,
                "it is in the namespace {found:?}, but tokens are looked for in {NAMESPACE:?} only"
            ),
            Defect::WrongType { found } => {
                write!(f, "its type is {found:?} instead of {SECRET_TYPE:?}")
            }
            Defect::WrongName { token_id: Some(id) } => write!(
                f,
                "its name does not match its token-id, which asks for {:?}",
                keys::secret_name(*id)
            ),
            Defect::WrongName { token_id: None } => write!(
                f,
                "its name does not consist of {:?} and its token-id",
                keys::SECRET_PREFIX
            ),
            Defect::BeingDeleted => f.write_str("it is being deleted and waits for a finalizer"),
            Defect::MissingKey { key } => write!(f, "its data has no {key:?}"),
            Defect::MalformedId(_) => f.write_str("its token-id is malformed"),
            Defect::MalformedSecret(_) => f.write_str("its token-secret is malformed"),
            Defect::Expired { expiration } => write!(f, "it expired at {expiration}"),
            Defect::MalformedExpiration(_) => f.write_str("its expiration cannot be read"),
            Defect::LacksUsage {
                usage,
                present: false,
            } => {
                write!(
                    f,
                    "it may not be used for {usage}: its data has no {:?}",
                    usage.key()
                )
            }
            Defect::LacksUsage {
                usage,
                present: true,
            } => write!(
                f,
                "it may not be used for {usage}: the value of {:?} is not exactly \"true\"",
                usage.key()
            ),
            Defect::UnknownUsage { usage, others: 0 } => write!(
                f,
                "its usage {usage:?} means nothing to the cluster's own components"
            ),
            Defect::UnknownUsage { usage, others } => write!(
                f,
                "{} of its usages mean nothing to the cluster's own components, the first of them {usage:?}",
                others + 1
            ),
            Defect::BadGroup {
                group, others: 0, ..
            } => write!(f, "its extra group {group:?} is not valid"),
            Defect::BadGroup { group, others, .. } => write!(
                f,
                "{} of its extra groups are not valid, the first of them {group:?}",
                others + 1
            ),
        }
    }
}

impl std::error::Error for Defect {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Defect::MalformedId(error) | Defect::MalformedSecret(error) => Some(error),
            Defect::MalformedExpiration(error) => Some(error),
            Defect::BadGroup { error, .. } => Some(error),
            _ => None,
        }
    }
}

/// All that is wrong with a Secret as a bootstrap token, in the order in which one would mend it.
///
/// It serves for authentication, and for signing, if none of the answers
/// [disables](Defect::disables_authentication) that.
pub fn defects(secret: &Secret, now: SystemTime) -> Vec<Defect> {
    let mut found = Vec::new();
    object(secret, &mut found);
    token(secret, &mut found);
    expiration(secret, now, &mut found);
    switches(secret, &mut found);
    groups(secret, &mut found);
    found
}

fn object(secret: &Secret, found: &mut Vec<Defect>) {
    if let Some(namespace) = secret
        .metadata
        .namespace
        .as_deref()
        .filter(|n| *n != NAMESPACE)
    {
        found.push(Defect::WrongNamespace {
            found: namespace.to_owned(),
        });
    }
    let type_ = secret.type_.as_deref().unwrap_or_default();
    if type_ != SECRET_TYPE {
        found.push(Defect::WrongType {
            found: type_.to_owned(),
        });
    }
    if secret.metadata.deletion_timestamp.is_some() {
        found.push(Defect::BeingDeleted);
    }
}

fn token(secret: &Secret, found: &mut Vec<Defect>) {
    let id = data(secret, keys::TOKEN_ID);
    if id.is_empty() {
        found.push(Defect::MissingKey {
            key: keys::TOKEN_ID,
        });
    } else {
        let token_id = TokenId::from_bytes(id);
        if let Err(error) = token_id {
            found.push(Defect::MalformedId(error));
        }
        let name = secret.metadata.name.as_deref().unwrap_or_default();
        if name.strip_prefix(keys::SECRET_PREFIX).map(str::as_bytes) != Some(id) {
            found.push(Defect::WrongName {
                token_id: token_id.ok(),
            });
        }
    }
    match data(secret, keys::TOKEN_SECRET) {
        [] => found.push(Defect::MissingKey {
            key: keys::TOKEN_SECRET,
        }),
        text => {
            found.extend(
                TokenSecret::from_bytes(text)
                    .err()
                    .map(Defect::MalformedSecret),
            );
        }
    }
}

fn expiration(secret: &Secret, now: SystemTime, found: &mut Vec<Defect>) {
    match data(secret, keys::EXPIRATION) {
        [] => {}
        text => match rfc3339::parse(text) {
            Err(error) => found.push(Defect::MalformedExpiration(error)),
            Ok(expiration) if expiration.is_expired(now) => {
                found.push(Defect::Expired { expiration });
            }
            Ok(_) => {}
        },
    }
}

fn switches(secret: &Secret, found: &mut Vec<Defect>) {
    for usage in Usage::ALL {
        let key = usage.key();
        if data(secret, &key) != USAGE_ON {
            let present = secret
                .data
                .as_ref()
                .is_some_and(|data| data.contains_key(&key));
            found.push(Defect::LacksUsage { usage, present });
        }
    }
    let mut unknown = usages(secret).filter(|usage| usage.parse::<Usage>().is_err());
    if let Some(usage) = unknown.next() {
        found.push(Defect::UnknownUsage {
            usage: usage.to_owned(),
            others: unknown.count(),
        });
    }
}

/// `GetGroups`: an empty value is no group, an empty entry among others is a bad one.
fn groups(secret: &Secret, found: &mut Vec<Defect>) {
    let value = data(secret, keys::EXTRA_GROUPS);
    if value.is_empty() {
        return;
    }
    let entries = value.split(|b| *b == b',');
    found.extend(bad_group(entries.map(String::from_utf8_lossy)));
}

/// What is wrong with the groups, if anything is.
pub(crate) fn bad_group<'a>(groups: impl Iterator<Item = Cow<'a, str>>) -> Option<Defect> {
    let mut bad = groups.filter_map(|group| {
        let error = group.parse::<ExtraGroup>().err()?;
        Some((group, error))
    });
    let (group, error) = bad.next()?;
    Some(Defect::BadGroup {
        group: group.into_owned(),
        error,
        others: bad.count(),
    })
}
