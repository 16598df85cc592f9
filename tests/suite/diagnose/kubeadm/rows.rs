//! The rows of the table "What kubeadm says" in the docs.

/// A row of the table in the docs: the cause, what kubeadm says and what ours does. `…` is any text.
pub(super) type Row = (&'static str, &'static str, &'static str);

pub(super) const NO_SIGNATURE: &str =
    "could not find a JWS signature in the cluster-info ConfigMap for token ID \"…\"";
pub(super) const BAD_SIGNATURE: &str =
    "failed to verify JWS signature of received cluster info object, can't trust this API Server";
pub(super) const NOT_SIGNED: &str = "cluster-info is not signed by this token, but by …";
pub(super) const NOT_VERIFIED: &str = "the signature in cluster-info does not verify: another content or another token secret was signed";

pub(super) const DELETED: Row = ("the token was deleted", NO_SIGNATURE, NOT_SIGNED);
pub(super) const EXPIRED: Row = ("the token has expired", NO_SIGNATURE, NOT_SIGNED);
pub(super) const WRONG_SECRET: Row = (
    "the secret of the token is another one",
    BAD_SIGNATURE,
    NOT_VERIFIED,
);
pub(super) const NOT_FOR_SIGNING: Row = ("the token is not for signing", NO_SIGNATURE, NOT_SIGNED);
pub(super) const NOT_YET: Row = ("the token was made a moment ago", NO_SIGNATURE, NOT_SIGNED);
pub(super) const NO_SIGNER: Row = (
    "the controller manager, which signs, is stopped",
    NO_SIGNATURE,
    NOT_SIGNED,
);
pub(super) const REFUSED_WRITE: Row = (
    "the signer may not write cluster-info",
    NO_SIGNATURE,
    NOT_SIGNED,
);
pub(super) const STALE: Row = (
    "the kubeconfig was changed and not signed anew",
    BAD_SIGNATURE,
    NOT_VERIFIED,
);
pub(super) const SIGNED_BY_ANOTHER: Row = (
    "another secret has signed in the token's name",
    BAD_SIGNATURE,
    NOT_VERIFIED,
);
pub(super) const NO_JWS: Row = (
    "what stands in the place of the signature is none",
    BAD_SIGNATURE,
    "the signature in cluster-info does not verify: …",
);
pub(super) const NO_TOKEN: Row = (
    "the Secret's type, name, a key or its expiration is wrong",
    NO_SIGNATURE,
    NOT_SIGNED,
);
pub(super) const MISSING: Row = (
    "cluster-info is missing",
    "failed to request the cluster-info ConfigMap: configmaps \"cluster-info\" not found",
    "cannot read cluster-info: the API server answered 404 Not Found",
);
pub(super) const NOT_PUBLIC: Row = (
    "cluster-info is not public",
    "failed to request the cluster-info ConfigMap: configmaps \"cluster-info\" is forbidden: User \"system:anonymous\" cannot get resource \"configmaps\"",
    "cannot read cluster-info: the API server answered 403 Forbidden",
);
pub(super) const NO_KUBECONFIG: Row = (
    "there is no kubeconfig in cluster-info",
    "there is no kubeconfig key in the cluster-info ConfigMap. This API Server isn't set up for token bootstrapping, can't connect",
    "there is no kubeconfig in cluster-info",
);
pub(super) const UNUSABLE: Row = (
    "the kubeconfig in cluster-info has no cluster",
    "malformed kubeconfig in the cluster-info ConfigMap: the current context is invalid: …",
    "the kubeconfig names no cluster",
);
pub(super) const WRONG_PIN: Row = (
    "the pin is of another CA",
    "cluster CA found in cluster-info ConfigMap is invalid: none of the public keys \"…\" are pinned",
    "the cluster's CA is not pinned",
);
pub(super) const OTHER_CA: Row = (
    "the CA in cluster-info is another one",
    WRONG_PIN.1,
    WRONG_PIN.2,
);
pub(super) const EXPIRED_CA: Row = (
    "the CA has expired",
    EXPIRED_SERVER.1,
    "the cluster's CA certificate has expired",
);
pub(super) const SERVING_CA: Row = (
    "the server's certificate is of another CA than that in cluster-info",
    "failed to request the cluster-info ConfigMap: Get \"…\": tls: failed to verify certificate: x509: certificate signed by unknown authority",
    "cannot read cluster-info over verified TLS: the API server's certificate is not trusted",
);
pub(super) const OPENING_PROXY: Row = (
    "a proxy in between looks into TLS",
    SERVING_CA.1,
    SERVING_CA.2,
);
pub(super) const EXPIRED_SERVER: Row = (
    "the server's certificate has expired",
    "failed to request the cluster-info ConfigMap: Get \"…\": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: …",
    "cannot read cluster-info over verified TLS: the API server's certificate has expired",
);
pub(super) const WRONG_NAME: Row = (
    "the address is not in the server's certificate",
    "failed to request the cluster-info ConfigMap: Get \"…\": tls: failed to verify certificate: x509: certificate is valid for …, not …",
    "cannot read cluster-info over verified TLS: the API server's certificate is for another name",
);
pub(super) const UNREACHABLE: Row = (
    "nobody listens at the address",
    "failed to request the cluster-info ConfigMap: Get \"…\": dial tcp …: connect: connection refused",
    "no connection to the API server",
);
pub(super) const SHUT_PROXY: Row = (
    "a proxy in between lets nobody through",
    "failed to request the cluster-info ConfigMap: Get \"…\": Forbidden",
    "the proxy made no connection to the API server",
);
pub(super) const TOO_SLOW: Row = (
    "the API server is too slow",
    "failed to request the cluster-info ConfigMap: Get \"…\": … exceeded…",
    "cannot read cluster-info: the API server did not answer within the deadline of …",
);
pub(super) const ANONYMOUS_OFF: Row = (
    "anonymous requests are switched off",
    "failed to request the cluster-info ConfigMap: Unauthorized",
    "cannot read cluster-info: the API server answered 401 Unauthorized",
);
pub(super) const NO_TLS: Row = (
    "what listens there speaks no TLS",
    "failed to request the cluster-info ConfigMap: Get \"…\": http: server gave HTTP response to HTTPS client",
    "no TLS connection to the API server",
);

pub(super) const ROWS: [Row; 27] = [
    DELETED,
    EXPIRED,
    WRONG_SECRET,
    NOT_FOR_SIGNING,
    NOT_YET,
    NO_SIGNER,
    REFUSED_WRITE,
    STALE,
    SIGNED_BY_ANOTHER,
    NO_JWS,
    NO_TOKEN,
    MISSING,
    NOT_PUBLIC,
    NO_KUBECONFIG,
    UNUSABLE,
    WRONG_PIN,
    OTHER_CA,
    EXPIRED_CA,
    SERVING_CA,
    OPENING_PROXY,
    EXPIRED_SERVER,
    WRONG_NAME,
    UNREACHABLE,
    SHUT_PROXY,
    TOO_SLOW,
    ANONYMOUS_OFF,
    NO_TLS,
];

pub(super) fn line((cause, kubeadm, ours): Row) -> String {
    format!("| {cause} | `{kubeadm}` | `{ours}` |")
}
