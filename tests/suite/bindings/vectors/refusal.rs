//! The code of the C ABI for each error of the Rust crates, told here once more: what C answers is compared with it.

use bootstrap_token::{ParseTokenError, Problem};
use bootstrap_token_discovery::{Distrust, ParseCertificateError, ParsePinListError, VerifyError};
use bootstrap_token_secret::{
    Defect, ParseExpirationError, ParseGroupError, ParseUsageError, ReadSecretError,
};

/// A code without its prefix.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refusal(pub(super) &'static str);

impl From<ParseTokenError> for Refusal {
    fn from(error: ParseTokenError) -> Self {
        Self(match error.problem() {
            Problem::Empty { .. } => "TOKEN_EMPTY",
            Problem::Length { .. } => "TOKEN_LENGTH",
            Problem::MissingDot => "TOKEN_MISSING_DOT",
            Problem::UpperCase { .. } => "TOKEN_UPPER_CASE",
            Problem::WhiteSpace { .. } => "TOKEN_WHITE_SPACE",
            Problem::Character { .. } => "TOKEN_CHARACTER",
            _ => "OTHER",
        })
    }
}

impl From<ParseGroupError> for Refusal {
    fn from(_: ParseGroupError) -> Self {
        Self("BAD_GROUP")
    }
}

impl From<ParseUsageError> for Refusal {
    fn from(_: ParseUsageError) -> Self {
        Self("UNKNOWN_USAGE")
    }
}

impl From<ParseExpirationError> for Refusal {
    fn from(_: ParseExpirationError) -> Self {
        Self("SECRET_MALFORMED_EXPIRATION")
    }
}

impl From<ReadSecretError> for Refusal {
    fn from(error: ReadSecretError) -> Self {
        Self(match error {
            ReadSecretError::Empty | ReadSecretError::NotJson { .. } => "SECRET_NOT_JSON",
            ReadSecretError::OtherKind { .. } => "SECRET_OTHER_KIND",
            ReadSecretError::NotBase64 { .. } => "SECRET_NOT_BASE64",
            ReadSecretError::Defect(defect) => return defect.into(),
            _ => "OTHER",
        })
    }
}

impl From<Defect> for Refusal {
    fn from(defect: Defect) -> Self {
        Self(match defect {
            Defect::MissingKey { .. } => "SECRET_MISSING_KEY",
            Defect::WrongName { .. } => "SECRET_WRONG_NAME",
            Defect::MalformedId(_) => "SECRET_MALFORMED_ID",
            Defect::MalformedSecret(_) => "SECRET_MALFORMED_SECRET",
            Defect::MalformedExpiration(_) => "SECRET_MALFORMED_EXPIRATION",
            Defect::BadGroup { .. } => "BAD_GROUP",
            _ => "OTHER",
        })
    }
}

impl From<VerifyError> for Refusal {
    fn from(error: VerifyError) -> Self {
        Self(match error {
            VerifyError::NotDetached => "JWS_NOT_DETACHED",
            VerifyError::OtherToken(_) => "JWS_OTHER_TOKEN",
            VerifyError::Header => "JWS_HEADER",
            VerifyError::Signature => "JWS_SIGNATURE",
            _ => "OTHER",
        })
    }
}

impl From<ParsePinListError> for Refusal {
    fn from(error: ParsePinListError) -> Self {
        Self(match error {
            ParsePinListError::OfNothing => "PIN_OF_NOTHING",
            _ => "PIN_MALFORMED",
        })
    }
}

impl From<ParseCertificateError> for Refusal {
    fn from(error: ParseCertificateError) -> Self {
        Self(match error {
            ParseCertificateError::Empty | ParseCertificateError::OtherForm(_) => {
                "CERTIFICATE_MISSING"
            }
            ParseCertificateError::NotPem { .. } => "CERTIFICATE_NOT_PEM",
            ParseCertificateError::NoCertificate { .. } => "CERTIFICATE_MALFORMED",
            _ => "OTHER",
        })
    }
}

impl From<Distrust> for Refusal {
    fn from(distrust: Distrust) -> Self {
        Self(match distrust {
            Distrust::NoKubeconfig => "CLUSTER_INFO_NO_KUBECONFIG",
            Distrust::NotSigned { .. } => "CLUSTER_INFO_NOT_SIGNED",
            Distrust::Signature(error) => return error.into(),
            Distrust::Malformed { .. } => "KUBECONFIG_MALFORMED",
            Distrust::NotAKubeconfig => "KUBECONFIG_OTHER_KIND",
            Distrust::NoCluster => "KUBECONFIG_NO_CLUSTER",
            Distrust::SeveralClusters { .. } => "KUBECONFIG_SEVERAL_CLUSTERS",
            Distrust::NotCurrent => "KUBECONFIG_NOT_CURRENT",
            Distrust::Server(_) => "KUBECONFIG_SERVER",
            Distrust::NoAuthority => "KUBECONFIG_NO_AUTHORITY",
            Distrust::AuthorityNotBase64 => "KUBECONFIG_AUTHORITY_NOT_BASE64",
            Distrust::Authority(error) => return error.into(),
            Distrust::NotPinned { .. } => "NOT_PINNED",
            Distrust::Expired { .. } => "AUTHORITY_EXPIRED",
            Distrust::NotYetValid { .. } => "AUTHORITY_NOT_YET_VALID",
            _ => "OTHER",
        })
    }
}
