//! Runs credential plugins as client-go does: programs that return a token, or a client certificate and its key.
//!
//! kube would run one itself: it reads an answer without end, and keeps a certificate to itself.
//!
//! What was read, its token and its key are wiped. The copies of the YAML parser and of the HTTP client are not.

mod bearer;

use core::fmt;
use std::io::{self, ErrorKind};
use std::process::{Command, ExitStatus, Stdio};
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use jiff::Timestamp;
use kube::config::{AuthInfo, ExecConfig, ExecInteractiveMode};
use serde::{Deserialize, Deserializer};
use serde_json::json;
use zeroize::Zeroizing;

pub(crate) use bearer::{Bearer, Renewal};

use crate::read_limited;

/// Versions of `client.authentication.k8s.io` that client-go supports.
pub const PLUGIN_VERSIONS: [&str; 2] = [
    "client.authentication.k8s.io/v1",
    "client.authentication.k8s.io/v1beta1",
];

/// The longest answer of a plugin in bytes: far more than a token, a certificate and a key need.
pub const PLUGIN_LONGEST_ANSWER: usize = 1 << 20;

/// `ExecCredential` of `client.authentication.k8s.io`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    #[serde(default)]
    api_version: String,
    #[serde(default)]
    kind: String,
    status: Option<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    #[serde(default, deserialize_with = "wiped")]
    token: Option<Zeroizing<String>>,
    client_certificate_data: Option<String>,
    #[serde(default, deserialize_with = "wiped")]
    client_key_data: Option<Zeroizing<String>>,
    expiration_timestamp: Option<String>,
}

/// An empty text counts as missing, as in Go.
fn wiped<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Zeroizing<String>>, D::Error> {
    let text = Option::<String>::deserialize(from)?.map(Zeroizing::new);
    Ok(text.filter(|text| !text.is_empty()))
}

/// A token as a header, with its expiration.
struct Token {
    header: HeaderValue,
    expires: Option<SystemTime>,
}

/// A plugin of a configuration.
#[derive(Clone)]
pub(crate) struct Plugin(ExecConfig);

impl Plugin {
    /// Takes the plugin out of a user's credentials.
    pub(crate) fn take(auth_info: &mut AuthInfo) -> Option<Self> {
        auth_info.exec.take().map(Self)
    }

    /// Runs the plugin. Stores a certificate in `auth_info`, unless it has one. Returns a token, with the plugin if the
    /// token has to be renewed.
    pub(crate) fn run(self, auth_info: &mut AuthInfo) -> Result<Option<Renewal>, PluginError> {
        let mut status = self.execute()?;
        let certificate = status.client_certificate_data.take();
        let pair = certificate
            .filter(|pem| !pem.is_empty())
            .zip(status.client_key_data.take());
        let token = token_of(&status)?;
        if pair.is_none() && token.is_none() {
            return Err(PluginError::NoCredential);
        }
        if let Some((certificate, key)) = pair.filter(|_| !crate::tls::has_identity(auth_info)) {
            auth_info.client_certificate_data = Some(STANDARD.encode(certificate));
            auth_info.client_key_data = Some(STANDARD.encode(&*key).into());
        }
        Ok(token.map(|token| Renewal::new(self, token)))
    }

    /// Runs the plugin to renew its token.
    fn renew(&self) -> Result<Token, PluginError> {
        token_of(&self.execute()?)?.ok_or(PluginError::NoCredential)
    }

    /// Runs the plugin and parses its output. Its standard error is this program's.
    fn execute(&self) -> Result<Status, PluginError> {
        let asked = self.0.api_version.as_deref().unwrap_or_default();
        if !PLUGIN_VERSIONS.contains(&asked) {
            return Err(PluginError::UnknownVersion);
        }
        let mut child = self.command()?.spawn().map_err(PluginError::Start)?;
        let stdout = child.stdout.take();
        let answer = stdout.map_or(Ok(Zeroizing::default()), |mut stdout| {
            read_limited::read(&mut stdout, PLUGIN_LONGEST_ANSWER)
        });
        if answer.is_err() {
            // It is still printing, without a reader, and may never end.
            let _: io::Result<()> = child.kill();
        }
        let exit = child.wait().map_err(PluginError::Read)?;
        let answer = answer.map_err(|error| match error.kind() {
            ErrorKind::FileTooLarge => PluginError::TooLong,
            _ => PluginError::Read(error),
        })?;
        if !exit.success() {
            return Err(PluginError::Failed(exit));
        }
        // client-go parses YAML.
        let answer: Answer =
            serde_saphyr::from_slice(&answer).map_err(|_| PluginError::Unreadable)?;
        if answer.kind != "ExecCredential" || !PLUGIN_VERSIONS.contains(&&*answer.api_version) {
            return Err(PluginError::Unreadable);
        }
        if answer.api_version != asked {
            return Err(PluginError::OtherVersion);
        }
        answer.status.ok_or(PluginError::NoCredential)
    }

    fn command(&self) -> Result<Command, PluginError> {
        let exec = &self.0;
        let program = exec.command.as_ref().ok_or(PluginError::NoCommand)?;
        let is_interactive = exec.interactive_mode != Some(ExecInteractiveMode::Never);
        let mut spec = json!({ "interactive": is_interactive });
        if exec.provide_cluster_info {
            spec["cluster"] = json!(exec.cluster);
        }
        let info =
            json!({ "kind": "ExecCredential", "apiVersion": exec.api_version, "spec": spec });
        let variables = exec.env.iter().flatten();
        let variables = variables.filter_map(|entry| entry.get("name").zip(entry.get("value")));
        let mut command = Command::new(program);
        command
            .args(exec.args.iter().flatten())
            .envs(variables)
            .env("KUBERNETES_EXEC_INFO", info.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .stdin(if is_interactive {
                Stdio::inherit()
            } else {
                Stdio::null()
            });
        for variable in exec.drop_env.iter().flatten() {
            command.env_remove(variable);
        }
        Ok(command)
    }
}

fn token_of(status: &Status) -> Result<Option<Token>, PluginError> {
    let Some(token) = &status.token else {
        return Ok(None);
    };
    let header = Zeroizing::new(format!("Bearer {}", token.as_str()));
    let mut header = HeaderValue::from_str(&header).map_err(|_| PluginError::Token)?;
    header.set_sensitive(true);
    let expires = status
        .expiration_timestamp
        .as_deref()
        .map(str::parse::<Timestamp>);
    let expires = expires.transpose().map_err(|_| PluginError::Expiration)?;
    Ok(Some(Token {
        header,
        expires: expires.map(SystemTime::from),
    }))
}

/// Why a credential plugin returned no credential. Never repeats the plugin's output.
#[derive(Debug)]
#[non_exhaustive]
pub enum PluginError {
    /// The configuration names no program.
    NoCommand,
    /// The configuration requests a version other than [`PLUGIN_VERSIONS`].
    UnknownVersion,
    /// It could not be started.
    Start(io::Error),
    /// What it printed, or how it ended, cannot be read.
    Read(io::Error),
    /// It ended so.
    Failed(ExitStatus),
    /// It printed more than [`PLUGIN_LONGEST_ANSWER`].
    TooLong,
    /// Its output is not an `ExecCredential`.
    Unreadable,
    /// Its answer has another version than requested.
    OtherVersion,
    /// Its answer has neither a token nor a certificate with a key.
    NoCredential,
    /// Its token has a character that is not valid in a header.
    Token,
    /// The expiration of its token is not a valid time.
    Expiration,
}

impl fmt::Display for PluginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoCommand => "the credential plugin has no command",
            Self::UnknownVersion => {
                "the credential plugin has no apiVersion that is supported: v1 or v1beta1 of client.authentication.k8s.io"
            }
            Self::Start(_) => "the credential plugin cannot be run",
            Self::Read(_) => "the answer of the credential plugin cannot be read",
            Self::Failed(exit) => return write!(f, "the credential plugin failed ({exit})"),
            Self::TooLong => "the credential plugin printed more than 1 MiB",
            Self::Unreadable => "the credential plugin printed no ExecCredential that can be read",
            Self::OtherVersion => {
                "the credential plugin answered in another apiVersion than it was asked for"
            }
            Self::NoCredential => {
                "the credential plugin gave neither a token nor a certificate with its key"
            }
            Self::Token => "the credential plugin gave a token that cannot be sent",
            Self::Expiration => "the credential plugin gave an expirationTimestamp that is no time",
        })
    }
}

impl core::error::Error for PluginError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Start(error) | Self::Read(error) => Some(error),
            _ => None,
        }
    }
}
