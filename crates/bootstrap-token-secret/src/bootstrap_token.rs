use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use bootstrap_token::{Token, TokenId};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::keys::{self, NAMESPACE, SECRET_TYPE, USAGE_ON, USAGE_PREFIX};
use crate::{Expiration, ExpirationOutOfRange, ExtraGroup, ExtraGroups, Usages};

/// A token with all that the cluster is told about it: what stands in the Secret `bootstrap-token-<id>`.
///
/// Every part is well formed. What others have written, well formed or not, is a
/// [`StoredToken`](crate::StoredToken).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootstrapToken {
    token: Token,
    description: String,
    expiration: Option<Expiration>,
    usages: Usages,
    other_usages: Vec<String>,
    groups: ExtraGroups,
}

impl BootstrapToken {
    /// How long kubeadm lets a token live by default: `DefaultTokenDuration`.
    pub const DEFAULT_TTL: Duration = Duration::from_secs(24 * 60 * 60);

    /// A token as `kubeadm token create` makes it when it is told nothing else: of both usages, in the group of nodes
    /// that join, for [`DEFAULT_TTL`](Self::DEFAULT_TTL) from `now` on.
    ///
    /// # Errors
    /// As [`Expiration::after`].
    pub fn with_defaults(token: Token, now: SystemTime) -> Result<Self, ExpirationOutOfRange> {
        let expiration = Expiration::after(now, Self::DEFAULT_TTL)?;
        Ok(Self::new(token)
            .with_expiration(expiration)
            .with_usages(Usages::ALL)
            .with_groups(ExtraGroups::node_token()))
    }

    /// A token with no description, no usages and no extra groups, which never expires.
    pub fn new(token: Token) -> Self {
        Self {
            token,
            description: String::new(),
            expiration: None,
            usages: Usages::NONE,
            other_usages: Vec::new(),
            groups: ExtraGroups::default(),
        }
    }

    /// Says what the token is for, in words. Empty is the same as none.
    #[must_use]
    pub fn with_description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Sets the moment from which the token is refused; `None` lets it live for ever.
    #[must_use]
    pub fn with_expiration(mut self, expiration: impl Into<Option<Expiration>>) -> Self {
        self.expiration = expiration.into();
        self
    }

    /// Sets what the token may be used for.
    #[must_use]
    pub fn with_usages(mut self, usages: Usages) -> Self {
        self.usages = usages;
        self
    }

    /// Sets the groups that its bearer is in beside `system:bootstrappers`.
    #[must_use]
    pub fn with_groups(mut self, groups: ExtraGroups) -> Self {
        self.groups = groups;
        self
    }

    /// Keeps usages of others that were read from a Secret, so that they are written back.
    pub(crate) fn with_other_usages(mut self, other_usages: Vec<String>) -> Self {
        self.other_usages = other_usages;
        self
    }

    /// The same in every respect, under another token: for drawing an ID again.
    #[must_use]
    pub fn with_token(mut self, token: Token) -> Self {
        self.token = token;
        self
    }

    /// The token, its secret redacted.
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// The token's public ID.
    pub fn id(&self) -> TokenId {
        self.token.id()
    }

    /// Empty when there is none.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// `None` when the token never expires.
    pub fn expiration(&self) -> Option<Expiration> {
        self.expiration
    }

    /// What the token may be used for.
    pub fn usages(&self) -> Usages {
        self.usages
    }

    /// Usages that only their writer knows, such as k0s' `controller-join`, without their prefix.
    pub fn other_usages(&self) -> &[String] {
        &self.other_usages
    }

    /// The groups that its bearer is in beside `system:bootstrappers`, in stored order.
    pub fn groups(&self) -> &ExtraGroups {
        &self.groups
    }

    /// `bootstrap-token-<id>`.
    pub fn secret_name(&self) -> String {
        keys::secret_name(self.id())
    }

    /// The Secret, token secret included, as kubeadm's `BootstrapTokenToSecret` makes it.
    ///
    /// It is a plain Kubernetes object: it is not wiped on drop, and its `Debug` shows its data.
    pub fn expose_secret(&self) -> Secret {
        let mut data = BTreeMap::new();
        self.entries(|key, value| {
            data.insert(key.to_owned(), ByteString(value.to_owned()));
        });
        Secret {
            metadata: ObjectMeta {
                name: Some(self.secret_name()),
                namespace: Some(NAMESPACE.to_owned()),
                ..ObjectMeta::default()
            },
            type_: Some(SECRET_TYPE.to_owned()),
            data: Some(data),
            ..Secret::default()
        }
    }

    /// The Secret's data, in the order of its keys, token secret included.
    pub(crate) fn entries(&self, mut entry: impl FnMut(&str, &[u8])) {
        if !self.groups.is_empty() {
            let groups: Vec<_> = self.groups.iter().map(ExtraGroup::as_str).collect();
            entry(keys::EXTRA_GROUPS, groups.join(",").as_bytes());
        }
        if !self.description.is_empty() {
            entry(keys::DESCRIPTION, self.description.as_bytes());
        }
        if let Some(expiration) = self.expiration {
            entry(keys::EXPIRATION, expiration.to_utc_string().as_bytes());
        }
        entry(keys::TOKEN_ID, self.id().as_str().as_bytes());
        entry(keys::TOKEN_SECRET, self.token.secret().expose().as_bytes());
        let mut usages: Vec<&str> = self.other_usages.iter().map(String::as_str).collect();
        for usage in self.usages.iter() {
            usages.push(usage.as_str());
        }
        usages.sort_unstable();
        for usage in usages {
            entry(&format!("{USAGE_PREFIX}{usage}"), USAGE_ON);
        }
    }
}
