//! The names that `k8s.io/cluster-bootstrap/token/api` gives to the Secret and its data.

use bootstrap_token::TokenId;

/// The namespace in which API server, signer and cleaner look: `metav1.NamespaceSystem`.
pub const NAMESPACE: &str = "kube-system";

/// `SecretTypeBootstrapToken`.
pub const SECRET_TYPE: &str = "bootstrap.kubernetes.io/token";

/// `BootstrapTokenSecretPrefix`.
pub const SECRET_PREFIX: &str = "bootstrap-token-";

/// `BootstrapTokenIDKey`.
pub const TOKEN_ID: &str = "token-id";

/// `BootstrapTokenSecretKey`.
pub const TOKEN_SECRET: &str = "token-secret";

/// `BootstrapTokenDescriptionKey`.
pub const DESCRIPTION: &str = "description";

/// `BootstrapTokenExpirationKey`.
pub const EXPIRATION: &str = "expiration";

/// `BootstrapTokenExtraGroupsKey`.
pub const EXTRA_GROUPS: &str = "auth-extra-groups";

/// `BootstrapTokenUsagePrefix`.
pub const USAGE_PREFIX: &str = "usage-bootstrap-";

/// The one value that switches a usage on. `True`, `1` and `yes` do not.
pub const USAGE_ON: &[u8] = b"true";

/// `bootstrap-token-<id>`: `BootstrapTokenSecretName`.
pub fn secret_name(id: TokenId) -> String {
    format!("{SECRET_PREFIX}{id}")
}

/// The ID in a Secret's name, if it has the form of one: `ParseName` in `cluster-bootstrap/util/secrets`.
pub fn id_in_name(name: &str) -> Option<TokenId> {
    name.strip_prefix(SECRET_PREFIX)?.parse().ok()
}
