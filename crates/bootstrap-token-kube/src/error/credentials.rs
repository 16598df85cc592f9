use core::fmt;
use std::path::PathBuf;

use kube::client::AuthError;

use super::BoxError;

/// Why there are no credentials.
///
/// The output of a credential plugin is dropped, since it may contain credentials.
#[derive(Debug)]
pub(crate) enum Credentials {
    PluginNotStarted,
    PluginFailed { status: String },
    PluginOutput,
    TokenFile { path: PathBuf },
    Malformed,
    Other,
}

impl Credentials {
    /// Converts kube's error, with the operating system's error as the cause, if any.
    pub(crate) fn from_kube(error: AuthError) -> (Self, Option<BoxError>) {
        match error {
            AuthError::AuthExecStart(source) => (Self::PluginNotStarted, Some(source.into())),
            AuthError::AuthExecRun { out, .. } => {
                let status = out.status.to_string();
                (Self::PluginFailed { status }, None)
            }
            AuthError::AuthExecParse(_)
            | AuthError::ExecPluginFailed
            | AuthError::UnrefreshableTokenResponse
            | AuthError::MalformedTokenExpirationDate(_)
            | AuthError::ParseTokenKey(_) => (Self::PluginOutput, None),
            AuthError::ReadTokenFile(source, path) => {
                (Self::TokenFile { path }, Some(source.into()))
            }
            AuthError::InvalidBasicAuth(_) | AuthError::InvalidBearerToken(_) => {
                (Self::Malformed, None)
            }
            _ => (Self::Other, None),
        }
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Credentials::PluginNotStarted => {
                f.write_str("the kubeconfig's credential plugin cannot be started")
            }
            Credentials::PluginFailed { status } => {
                write!(f, "the kubeconfig's credential plugin failed ({status})")
            }
            Credentials::PluginOutput => {
                f.write_str("the kubeconfig's credential plugin did not give a usable credential")
            }
            Credentials::TokenFile { path } => {
                write!(
                    f,
                    "the kubeconfig's token file {} cannot be read",
                    path.display()
                )
            }
            Credentials::Malformed => f.write_str(
                "the kubeconfig's token holds a line break or another character that cannot be sent",
            ),
            Credentials::Other => f.write_str("the kubeconfig's credentials cannot be had"),
        }
    }
}
