//! What can come of a call. Numbers are never used twice and never change.

use core::ffi::CStr;

/// What came of a call. 0 is success; 1 to 19 tell of the call itself, 100 to 199 of a token, 200 to 299 of a record
/// or its Secret, 300 to 399 of signatures, pins and clusters.
#[repr(u32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// Done.
    Ok = 0,
    /// A pointer is NULL that must not be.
    NullPointer = 1,
    /// A text is not UTF-8.
    InvalidUtf8 = 2,
    /// A number is none that the function knows, or a length is more than memory can hold.
    InvalidArgument = 3,
    /// The caller's buffer is too small.
    BufferTooSmall = 4,
    /// A defect in this library; nothing was done.
    Panic = 5,
    /// A reason that has no code of its own: see the error's message.
    Other = 6,

    /// There is nothing where a token, a token ID or a token secret should be.
    TokenEmpty = 100,
    /// Too short or too long.
    TokenLength = 101,
    /// No dot between token ID and token secret.
    TokenMissingDot = 102,
    /// An upper-case letter.
    TokenUpperCase = 103,
    /// White space or a line break.
    TokenWhiteSpace = 104,
    /// Another character than a-z and 0-9.
    TokenCharacter = 105,
    /// The operating system has no randomness to give.
    NoRandomness = 110,

    /// No JSON, or not of a Secret's form.
    SecretNotJson = 200,
    /// An object of another kind.
    SecretOtherKind = 201,
    /// A value of the data is no base64.
    SecretNotBase64 = 202,
    /// `token-id` or `token-secret` is missing or empty.
    SecretMissingKey = 203,
    /// The name is not `bootstrap-token-` and the `token-id`.
    SecretWrongName = 204,
    /// The `token-id` is malformed.
    SecretMalformedId = 205,
    /// The `token-secret` is malformed.
    SecretMalformedSecret = 206,
    /// The `expiration` cannot be read.
    SecretMalformedExpiration = 207,
    /// An extra group is not valid.
    BadGroup = 210,
    /// A usage that the cluster does not know.
    UnknownUsage = 211,
    /// A moment outside the years 0 to 9999.
    ExpirationOutOfRange = 212,
    /// The moment has come.
    Expired = 213,

    /// Not of the form `<header>..<signature>`.
    JwsNotDetached = 300,
    /// A signature by another token.
    JwsOtherToken = 301,
    /// Another header than a signature over cluster-info has.
    JwsHeader = 302,
    /// Another content or another token secret was signed.
    JwsSignature = 303,
    /// A key of no bytes.
    JwsEmptyKey = 304,
    /// Not of the form `sha256:<64 hexadecimal digits>`.
    PinMalformed = 310,
    /// The hash of no bytes at all, which no certificate has.
    PinOfNothing = 311,
    /// No certificate has a pin that was given.
    NotPinned = 312,
    /// No certificate where one should be.
    CertificateMissing = 320,
    /// A PEM section that is cut off or no base64.
    CertificateNotPem = 321,
    /// Not an X.509 certificate.
    CertificateMalformed = 322,
    /// cluster-info is no JSON of a ConfigMap.
    ClusterInfoNotJson = 330,
    /// cluster-info has no kubeconfig.
    ClusterInfoNoKubeconfig = 331,
    /// cluster-info has no signature by this token.
    ClusterInfoNotSigned = 332,
    /// The kubeconfig cannot be read.
    KubeconfigMalformed = 340,
    /// The kubeconfig is an object of another kind.
    KubeconfigOtherKind = 341,
    /// The kubeconfig names no cluster.
    KubeconfigNoCluster = 342,
    /// The kubeconfig names several clusters.
    KubeconfigSeveralClusters = 343,
    /// The kubeconfig's cluster is not the current context's.
    KubeconfigNotCurrent = 344,
    /// The cluster's server is no address.
    KubeconfigServer = 345,
    /// The cluster has no CA certificates.
    KubeconfigNoAuthority = 346,
    /// The cluster's CA certificates are no base64.
    KubeconfigAuthorityNotBase64 = 347,
    /// The cluster's CA certificate has expired.
    AuthorityExpired = 350,
    /// The cluster's CA certificate is not valid yet.
    AuthorityNotYetValid = 351,
}

impl Code {
    /// Name and meaning of a number; `None` if it is no code's.
    pub(crate) fn describe(code: u32) -> Option<(&'static CStr, &'static CStr)> {
        TABLE
            .iter()
            .find(|(known, ..)| *known as u32 == code)
            .map(|(_, name, message)| (*name, *message))
    }
}

type Row = (Code, &'static CStr, &'static CStr);

/// Every code.
const TABLE: &[Row] = &[
    (Code::Ok, c"BOOTSTRAP_TOKEN_RESULT_OK", c"done"),
    (
        Code::NullPointer,
        c"BOOTSTRAP_TOKEN_RESULT_NULL_POINTER",
        c"a pointer is NULL that must not be",
    ),
    (
        Code::InvalidUtf8,
        c"BOOTSTRAP_TOKEN_RESULT_INVALID_UTF8",
        c"a text is not UTF-8",
    ),
    (
        Code::InvalidArgument,
        c"BOOTSTRAP_TOKEN_RESULT_INVALID_ARGUMENT",
        c"a number is none that the function knows, or a length is more than memory can hold",
    ),
    (
        Code::BufferTooSmall,
        c"BOOTSTRAP_TOKEN_RESULT_BUFFER_TOO_SMALL",
        c"the caller's buffer is too small",
    ),
    (
        Code::Panic,
        c"BOOTSTRAP_TOKEN_RESULT_PANIC",
        c"a defect in this library; nothing was done",
    ),
    (
        Code::Other,
        c"BOOTSTRAP_TOKEN_RESULT_OTHER",
        c"a reason that has no code of its own: see the error's message",
    ),
    (
        Code::TokenEmpty,
        c"BOOTSTRAP_TOKEN_RESULT_TOKEN_EMPTY",
        c"there is nothing where a token, a token ID or a token secret should be",
    ),
    (
        Code::TokenLength,
        c"BOOTSTRAP_TOKEN_RESULT_TOKEN_LENGTH",
        c"too short or too long",
    ),
    (
        Code::TokenMissingDot,
        c"BOOTSTRAP_TOKEN_RESULT_TOKEN_MISSING_DOT",
        c"no dot between token ID and token secret",
    ),
    (
        Code::TokenUpperCase,
        c"BOOTSTRAP_TOKEN_RESULT_TOKEN_UPPER_CASE",
        c"an upper-case letter",
    ),
    (
        Code::TokenWhiteSpace,
        c"BOOTSTRAP_TOKEN_RESULT_TOKEN_WHITE_SPACE",
        c"white space or a line break",
    ),
    (
        Code::TokenCharacter,
        c"BOOTSTRAP_TOKEN_RESULT_TOKEN_CHARACTER",
        c"another character than a-z and 0-9",
    ),
    (
        Code::NoRandomness,
        c"BOOTSTRAP_TOKEN_RESULT_NO_RANDOMNESS",
        c"the operating system has no randomness to give",
    ),
    (
        Code::SecretNotJson,
        c"BOOTSTRAP_TOKEN_RESULT_SECRET_NOT_JSON",
        c"no JSON, or not of a Secret's form",
    ),
    (
        Code::SecretOtherKind,
        c"BOOTSTRAP_TOKEN_RESULT_SECRET_OTHER_KIND",
        c"an object of another kind",
    ),
    (
        Code::SecretNotBase64,
        c"BOOTSTRAP_TOKEN_RESULT_SECRET_NOT_BASE64",
        c"a value of the data is no base64",
    ),
    (
        Code::SecretMissingKey,
        c"BOOTSTRAP_TOKEN_RESULT_SECRET_MISSING_KEY",
        c"token-id or token-secret is missing or empty",
    ),
    (
        Code::SecretWrongName,
        c"BOOTSTRAP_TOKEN_RESULT_SECRET_WRONG_NAME",
        c"the name is not bootstrap-token- and the token-id",
    ),
    (
        Code::SecretMalformedId,
        c"BOOTSTRAP_TOKEN_RESULT_SECRET_MALFORMED_ID",
        c"the token-id is malformed",
    ),
    (
        Code::SecretMalformedSecret,
        c"BOOTSTRAP_TOKEN_RESULT_SECRET_MALFORMED_SECRET",
        c"the token-secret is malformed",
    ),
    (
        Code::SecretMalformedExpiration,
        c"BOOTSTRAP_TOKEN_RESULT_SECRET_MALFORMED_EXPIRATION",
        c"the expiration cannot be read",
    ),
    (
        Code::BadGroup,
        c"BOOTSTRAP_TOKEN_RESULT_BAD_GROUP",
        c"an extra group is not valid",
    ),
    (
        Code::UnknownUsage,
        c"BOOTSTRAP_TOKEN_RESULT_UNKNOWN_USAGE",
        c"a usage that the cluster does not know",
    ),
    (
        Code::ExpirationOutOfRange,
        c"BOOTSTRAP_TOKEN_RESULT_EXPIRATION_OUT_OF_RANGE",
        c"a moment outside the years 0 to 9999",
    ),
    (
        Code::Expired,
        c"BOOTSTRAP_TOKEN_RESULT_EXPIRED",
        c"the moment has come",
    ),
    (
        Code::JwsNotDetached,
        c"BOOTSTRAP_TOKEN_RESULT_JWS_NOT_DETACHED",
        c"not of the form <header>..<signature>",
    ),
    (
        Code::JwsOtherToken,
        c"BOOTSTRAP_TOKEN_RESULT_JWS_OTHER_TOKEN",
        c"a signature by another token",
    ),
    (
        Code::JwsHeader,
        c"BOOTSTRAP_TOKEN_RESULT_JWS_HEADER",
        c"another header than a signature over cluster-info has",
    ),
    (
        Code::JwsSignature,
        c"BOOTSTRAP_TOKEN_RESULT_JWS_SIGNATURE",
        c"another content or another token secret was signed",
    ),
    (
        Code::JwsEmptyKey,
        c"BOOTSTRAP_TOKEN_RESULT_JWS_EMPTY_KEY",
        c"a key of no bytes",
    ),
    (
        Code::PinMalformed,
        c"BOOTSTRAP_TOKEN_RESULT_PIN_MALFORMED",
        c"not of the form sha256:<64 hexadecimal digits>",
    ),
    (
        Code::PinOfNothing,
        c"BOOTSTRAP_TOKEN_RESULT_PIN_OF_NOTHING",
        c"the hash of no bytes at all, which no certificate has",
    ),
    (
        Code::NotPinned,
        c"BOOTSTRAP_TOKEN_RESULT_NOT_PINNED",
        c"no certificate has a pin that was given",
    ),
    (
        Code::CertificateMissing,
        c"BOOTSTRAP_TOKEN_RESULT_CERTIFICATE_MISSING",
        c"no certificate where one should be",
    ),
    (
        Code::CertificateNotPem,
        c"BOOTSTRAP_TOKEN_RESULT_CERTIFICATE_NOT_PEM",
        c"a PEM section that is cut off or no base64",
    ),
    (
        Code::CertificateMalformed,
        c"BOOTSTRAP_TOKEN_RESULT_CERTIFICATE_MALFORMED",
        c"not an X.509 certificate",
    ),
    (
        Code::ClusterInfoNotJson,
        c"BOOTSTRAP_TOKEN_RESULT_CLUSTER_INFO_NOT_JSON",
        c"cluster-info is no JSON of a ConfigMap",
    ),
    (
        Code::ClusterInfoNoKubeconfig,
        c"BOOTSTRAP_TOKEN_RESULT_CLUSTER_INFO_NO_KUBECONFIG",
        c"cluster-info has no kubeconfig",
    ),
    (
        Code::ClusterInfoNotSigned,
        c"BOOTSTRAP_TOKEN_RESULT_CLUSTER_INFO_NOT_SIGNED",
        c"cluster-info has no signature by this token",
    ),
    (
        Code::KubeconfigMalformed,
        c"BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_MALFORMED",
        c"the kubeconfig cannot be read",
    ),
    (
        Code::KubeconfigOtherKind,
        c"BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_OTHER_KIND",
        c"the kubeconfig is an object of another kind",
    ),
    (
        Code::KubeconfigNoCluster,
        c"BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_NO_CLUSTER",
        c"the kubeconfig names no cluster",
    ),
    (
        Code::KubeconfigSeveralClusters,
        c"BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_SEVERAL_CLUSTERS",
        c"the kubeconfig names several clusters",
    ),
    (
        Code::KubeconfigNotCurrent,
        c"BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_NOT_CURRENT",
        c"the kubeconfig's cluster is not the current context's",
    ),
    (
        Code::KubeconfigServer,
        c"BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_SERVER",
        c"the cluster's server is no address",
    ),
    (
        Code::KubeconfigNoAuthority,
        c"BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_NO_AUTHORITY",
        c"the cluster has no CA certificates",
    ),
    (
        Code::KubeconfigAuthorityNotBase64,
        c"BOOTSTRAP_TOKEN_RESULT_KUBECONFIG_AUTHORITY_NOT_BASE64",
        c"the cluster's CA certificates are no base64",
    ),
    (
        Code::AuthorityExpired,
        c"BOOTSTRAP_TOKEN_RESULT_AUTHORITY_EXPIRED",
        c"the cluster's CA certificate has expired",
    ),
    (
        Code::AuthorityNotYetValid,
        c"BOOTSTRAP_TOKEN_RESULT_AUTHORITY_NOT_YET_VALID",
        c"the cluster's CA certificate is not valid yet",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes of the header: name, number and page.
    fn declared() -> Vec<(&'static str, u32, String)> {
        let header = include_str!("../../../include/bootstrap_token.h");
        let codes = header.split("enum bootstrap_token_result\n").nth(1);
        let codes = codes.and_then(|codes| codes.split("};").next());
        let parts = codes.unwrap_or_default().split("/**").skip(1);
        let code = |part: &'static str| {
            let (page, code) = part.split_once("*/")?;
            let (name, number) = code.trim().split_once(" = ")?;
            let words = page.split_whitespace().filter(|word| *word != "*");
            let number = number.split(',').next()?.parse().ok()?;
            Some((name, number, words.collect::<Vec<_>>().join(" ")))
        };
        parts.filter_map(code).collect()
    }

    #[test]
    fn every_code_means_what_the_header_says() {
        let table: Vec<_> = TABLE
            .iter()
            .map(|(code, name, message)| {
                let text = |text: &CStr| text.to_str().unwrap_or_default().to_owned();
                (text(name), *code as u32, text(message))
            })
            .collect();
        let plain = |page: String| {
            let page = page.trim_end_matches('.').replace('`', "");
            let (first, rest) = page.split_at(1);
            first.to_lowercase() + rest
        };
        let declared: Vec<_> = declared()
            .into_iter()
            .map(|(name, number, page)| (name.to_owned(), number, plain(page)))
            .collect();
        assert_eq!(table, declared);
        assert!(table.len() > 40);
    }
}
