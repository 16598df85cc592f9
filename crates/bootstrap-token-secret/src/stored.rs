use std::borrow::Cow;

use bootstrap_token::{Token, TokenId, TokenSecret};
use k8s_openapi::api::core::v1::Secret;

use crate::defect::{Defect, bad_group};
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
        let data = secret.data.iter().flatten();
        Self::from_data(name, data.map(|(key, value)| (key.as_str(), &*value.0)))
    }

    /// Reads a Secret of which only the name and the data are at hand. A key may be a text or bytes.
    ///
    /// # Errors
    /// As [`from_secret`](Self::from_secret).
    pub fn from_data<'a, K: AsRef<[u8]> + ?Sized + 'a>(
        name: &str,
        data: impl IntoIterator<Item = (&'a K, &'a [u8])>,
    ) -> Result<Self, Defect> {
        let data = Data::sorted_out(data);
        if data.id.is_empty() {
            return Err(Defect::MissingKey {
                key: keys::TOKEN_ID,
            });
        }
        if name.strip_prefix(keys::SECRET_PREFIX).map(str::as_bytes) != Some(data.id) {
            return Err(Defect::WrongName {
                token_id: TokenId::from_bytes(data.id).ok(),
            });
        }
        if data.token_secret.is_empty() {
            return Err(Defect::MissingKey {
                key: keys::TOKEN_SECRET,
            });
        }
        let id = TokenId::from_bytes(data.id).map_err(Defect::MalformedId)?;
        let token_secret =
            TokenSecret::from_bytes(data.token_secret).map_err(Defect::MalformedSecret)?;
        let expiration = match data.expiration {
            [] => None,
            text => Some(rfc3339::parse(text).map_err(Defect::MalformedExpiration)?),
        };
        Ok(Self {
            token: Token::new(id, token_secret),
            description: text(data.description),
            expiration,
            usages: data.usages.into_iter().map(str::to_owned).collect(),
            groups: groups(data.groups),
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

    /// Whether it is the one that `kubeadm init phase upload-certs` makes: nobody joins by it. The Secret `kubeadm-certs`
    /// belongs to it, and so is deleted when it expires: `createShortLivedBootstrapToken` in `phases/copycerts`.
    pub fn is_timer_of_certificates(&self) -> bool {
        self.usages.is_empty()
            && self.description == "Proxy for managing TTL for the kubeadm-certs secret"
    }

    /// The same as a token that could be written today; usages that only their writer knows are kept.
    ///
    /// # Errors
    /// A group is not valid.
    pub fn into_bootstrap_token(self) -> Result<BootstrapToken, Defect> {
        if let Some(defect) = bad_group(self.groups.iter().map(Cow::from)) {
            return Err(defect);
        }
        let groups = self.groups.iter().filter_map(|group| group.parse().ok());
        let groups: ExtraGroups = groups.collect();
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

/// The usages that are switched on, sorted because the data's keys are.
pub(crate) fn usages(secret: &Secret) -> impl Iterator<Item = &str> {
    let data = secret.data.iter().flatten();
    data.filter_map(|(key, value)| usage_on(key.as_bytes(), &value.0))
}

/// The usage that an entry of the data switches on, known or not. No API server stores a key that is not UTF-8.
fn usage_on<'a>(key: &'a [u8], value: &[u8]) -> Option<&'a str> {
    let usage = key.strip_prefix(USAGE_PREFIX.as_bytes())?;
    str::from_utf8(usage).ok().filter(|_| value == USAGE_ON)
}

/// The groups as they stand. An empty first entry means none, as in kubeadm's converter.
fn groups(value: &[u8]) -> Vec<String> {
    match value {
        [] | [b',', ..] => Vec::new(),
        value => {
            let parts = || value.split(|byte| *byte == b',');
            // There may be a million: in a list that grows they would take three times the memory.
            let mut groups = Vec::with_capacity(parts().count());
            groups.extend(parts().map(text));
            groups
        }
    }
}

/// Bytes that are not UTF-8 become U+FFFD.
fn text(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// The values that a token consists of, empty where there are none.
#[derive(Default)]
struct Data<'a> {
    id: &'a [u8],
    token_secret: &'a [u8],
    description: &'a [u8],
    expiration: &'a [u8],
    groups: &'a [u8],
    usages: Vec<&'a str>,
}

impl<'a> Data<'a> {
    fn sorted_out<K: AsRef<[u8]> + ?Sized + 'a>(
        data: impl IntoIterator<Item = (&'a K, &'a [u8])>,
    ) -> Self {
        const TOKEN_ID: &[u8] = keys::TOKEN_ID.as_bytes();
        const TOKEN_SECRET: &[u8] = keys::TOKEN_SECRET.as_bytes();
        const DESCRIPTION: &[u8] = keys::DESCRIPTION.as_bytes();
        const EXPIRATION: &[u8] = keys::EXPIRATION.as_bytes();
        const EXTRA_GROUPS: &[u8] = keys::EXTRA_GROUPS.as_bytes();

        let mut sorted = Self::default();
        for (key, value) in data {
            match key.as_ref() {
                TOKEN_ID => sorted.id = value,
                TOKEN_SECRET => sorted.token_secret = value,
                DESCRIPTION => sorted.description = value,
                EXPIRATION => sorted.expiration = value,
                EXTRA_GROUPS => sorted.groups = value,
                key => sorted.usages.extend(usage_on(key, value)),
            }
        }
        sorted.usages.sort_unstable();
        sorted
    }
}
