use bootstrap_token::{Token, TokenId, TokenSecret};
use k8s_openapi::api::core::v1::Secret;

use crate::defect::Defect;
use crate::keys::{self, USAGE_ON, USAGE_PREFIX};
use crate::{BootstrapToken, Expiration, ExtraGroups, Usage, rfc3339};

/// What somebody has stored as a token: read as kubeadm's `BootstrapTokenFromSecret` reads it.
///
/// The token and its expiration are well formed. Usages and extra groups are shown as they stand, known or
/// not, valid or not: k0s writes usages of its own, and one bad group disables a token for authentication
/// without hiding it. What is wrong with it is told by [`defects`](crate::defects).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredToken {
    token: Token,
    description: String,
    expiration: Option<Expiration>,
    usages: Vec<String>,
    groups: Vec<String>,
}

impl StoredToken {
    /// Reads a Secret. Neither its type nor whether it is expired or being deleted matters here.
    ///
    /// # Errors
    /// The first of the defects for which kubeadm shows no token at all: no or another `token-id`, no or a
    /// malformed `token-secret`, an unreadable `expiration`.
    pub fn from_secret(secret: &Secret) -> Result<Self, Defect> {
        let name = secret.metadata.name.as_deref().unwrap_or_default();
        let id = data(secret, keys::TOKEN_ID);
        if id.is_empty() {
            return Err(Defect::MissingKey {
                key: keys::TOKEN_ID,
            });
        }
        if name.strip_prefix(keys::SECRET_PREFIX).map(str::as_bytes) != Some(id) {
            return Err(Defect::WrongName {
                token_id: TokenId::from_bytes(id).ok(),
            });
        }
        let token_secret = data(secret, keys::TOKEN_SECRET);
        if token_secret.is_empty() {
            return Err(Defect::MissingKey {
                key: keys::TOKEN_SECRET,
            });
        }
        let id = TokenId::from_bytes(id).map_err(Defect::MalformedId)?;
        let token_secret =
            TokenSecret::from_bytes(token_secret).map_err(Defect::MalformedSecret)?;
        let expiration = match data(secret, keys::EXPIRATION) {
            [] => None,
            text => Some(rfc3339::parse(text).map_err(Defect::MalformedExpiration)?),
        };
        Ok(Self {
            token: Token::new(id, token_secret),
            description: text(secret, keys::DESCRIPTION),
            expiration,
            usages: usages(secret).map(str::to_owned).collect(),
            groups: groups(secret),
        })
    }

    /// The token, its secret redacted.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// The token's public ID.
    pub fn id(&self) -> TokenId {
        self.token.id()
    }

    /// Empty when there is none. Bytes that are not UTF-8 are shown as U+FFFD.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// `None` when the token never expires.
    pub fn expiration(&self) -> Option<Expiration> {
        self.expiration
    }

    /// All usages that are switched on, sorted, without their prefix, known or not.
    pub fn usages(&self) -> &[String] {
        &self.usages
    }

    /// The groups in stored order, valid or not. Bytes that are not UTF-8 are shown as U+FFFD.
    pub fn groups(&self) -> &[String] {
        &self.groups
    }

    /// The same as a token that could be written today; usages that only their writer knows are kept.
    ///
    /// # Errors
    /// A group is not valid.
    pub fn into_bootstrap_token(self) -> Result<BootstrapToken, Defect> {
        let groups = self
            .groups
            .into_iter()
            .map(|group| {
                group
                    .parse()
                    .map_err(|error| Defect::BadGroup { group, error })
            })
            .collect::<Result<ExtraGroups, _>>()?;
        let (known, other): (Vec<_>, Vec<_>) = self
            .usages
            .into_iter()
            .partition(|usage| usage.parse::<Usage>().is_ok());
        Ok(BootstrapToken::new(self.token)
            .with_description(self.description)
            .with_expiration(self.expiration)
            .with_usages(
                known
                    .iter()
                    .filter_map(|usage| usage.parse().ok())
                    .collect(),
            )
            .with_other_usages(other)
            .with_groups(groups))
    }
}

/// A value of the Secret's data, empty when it is not there: `GetData`.
pub(crate) fn data<'a>(secret: &'a Secret, key: &str) -> &'a [u8] {
    secret
        .data
        .as_ref()
        .and_then(|data| data.get(key))
        .map_or(&[], |value| &value.0)
}

fn text(secret: &Secret, key: &str) -> String {
    String::from_utf8_lossy(data(secret, key)).into_owned()
}

/// The usages that are switched on, sorted because the data's keys are.
pub(crate) fn usages(secret: &Secret) -> impl Iterator<Item = &str> {
    secret
        .data
        .iter()
        .flatten()
        .filter(|(_, value)| value.0 == USAGE_ON)
        .filter_map(|(key, _)| key.strip_prefix(USAGE_PREFIX))
}

/// The groups as they stand. An empty first entry means none, as in kubeadm's converter.
fn groups(secret: &Secret) -> Vec<String> {
    let groups = text(secret, keys::EXTRA_GROUPS);
    match groups.split(',').next() {
        Some("") | None => Vec::new(),
        Some(_) => groups.split(',').map(str::to_owned).collect(),
    }
}
