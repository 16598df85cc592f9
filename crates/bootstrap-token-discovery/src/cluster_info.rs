//! The names in the ConfigMap by which a cluster shows itself: constants of
//! `k8s.io/cluster-bootstrap/token/api`.

use bootstrap_token::TokenId;

/// The namespace, which anybody may read: `metav1.NamespacePublic`.
pub const NAMESPACE: &str = "kube-public";
/// The name: `ConfigMapClusterInfo`.
pub const NAME: &str = "cluster-info";
/// The key of the kubeconfig that is signed: `KubeConfigKey`.
pub const KUBECONFIG: &str = "kubeconfig";
/// What stands before the token ID in the key of a signature: `JWSSignatureKeyPrefix`.
pub const SIGNATURE_PREFIX: &str = "jws-kubeconfig-";

/// The key under which the signature by a token stands.
///
/// ```
/// use bootstrap_token_discovery::cluster_info::{signature_id, signature_key};
///
/// let id = "07401b".parse()?;
/// assert_eq!(signature_key(id), "jws-kubeconfig-07401b");
/// assert_eq!(signature_id("jws-kubeconfig-07401b"), Some(id));
/// # Ok::<_, bootstrap_token::ParseTokenError>(())
/// ```
#[must_use]
pub fn signature_key(id: TokenId) -> String {
    format!("{SIGNATURE_PREFIX}{}", id.as_str())
}

/// By which token the signature under a key is; `None` if it is none.
#[must_use]
pub fn signature_id(key: &str) -> Option<TokenId> {
    key.strip_prefix(SIGNATURE_PREFIX)?.parse().ok()
}
