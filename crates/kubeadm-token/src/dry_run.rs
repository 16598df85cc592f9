//! kubeadm's dry-run report, without the token's secret.

use std::fmt::Write as _;

use base64::Engine as _;
use bootstrap_token::TokenId;
use bootstrap_token_kube::Escaped;
use bootstrap_token_secret::{BootstrapToken, keys};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;

use crate::output::{Output, OutputError};
use crate::printer::yaml_scalar;

/// Replaces the token's secret.
const MASK: &str = "***";

pub(crate) fn get(id: TokenId, out: &mut Output<'_>) -> Result<(), OutputError> {
    action("GET", out)?;
    name(id, out)
}

/// Prints a GET without a result, and the creation that follows.
pub(crate) fn create(token: &BootstrapToken, out: &mut Output<'_>) -> Result<(), OutputError> {
    writeln!(
        out,
        "[dryrun] Real object does not exist. Attempting to GET from followup reactors or from the fake client tracker"
    )?;
    action("CREATE", out)?;
    attach(&token.expose_secret(), out)
}

pub(crate) fn list(out: &mut Output<'_>) -> Result<(), OutputError> {
    action("LIST", out)
}

pub(crate) fn delete(id: TokenId, out: &mut Output<'_>) -> Result<(), OutputError> {
    action("DELETE", out)?;
    name(id, out)?;
    let mut secret = Secret::default();
    secret.metadata.name = Some(keys::secret_name(id));
    secret.metadata.namespace = Some(keys::NAMESPACE.to_owned());
    attach(&secret, out)
}

fn action(verb: &str, out: &mut Output<'_>) -> Result<(), OutputError> {
    writeln!(
        out,
        "[dryrun] Would perform action {verb} on resource \"secrets\" in API group \"core/v1\""
    )
}

fn name(id: TokenId, out: &mut Output<'_>) -> Result<(), OutputError> {
    writeln!(
        out,
        "[dryrun] Resource name {:?}, namespace {:?}",
        keys::secret_name(id),
        keys::NAMESPACE
    )
}

/// Prints the object as YAML, with secrets masked.
pub(crate) fn attach(secret: &Secret, out: &mut Output<'_>) -> Result<(), OutputError> {
    writeln!(out, "[dryrun] Attached object:\n{}", yaml(secret))
}

/// Prints a list in the same way.
pub(crate) fn attach_list(
    secrets: impl IntoIterator<Item = Secret>,
    out: &mut Output<'_>,
) -> Result<(), OutputError> {
    writeln!(out, "[dryrun] Attached object:\napiVersion: v1")?;
    let mut secrets = secrets.into_iter().peekable();
    let items = if secrets.peek().is_some() { "" } else { " []" };
    writeln!(out, "items:{items}")?;
    for secret in secrets {
        for (number, line) in yaml(&secret).lines().enumerate() {
            let mark = if number == 0 { "-" } else { " " };
            writeln!(out, "{mark} {line}")?;
        }
    }
    writeln!(out, "kind: SecretList\nmetadata: {{}}\n")
}

fn yaml(secret: &Secret) -> String {
    let mut text = String::from("apiVersion: v1\n");
    if let Some(data) = secret.data.as_ref().filter(|data| !data.is_empty()) {
        text.push_str("data:\n");
        for (key, value) in data {
            field(&mut text, 2, key, &shown(key, value));
        }
    }
    text.push_str("kind: Secret\nmetadata:\n");
    for (key, value) in [
        ("name", &secret.metadata.name),
        ("namespace", &secret.metadata.namespace),
    ] {
        if let Some(value) = value {
            field(&mut text, 2, key, value);
        }
    }
    if let Some(type_) = &secret.type_ {
        field(&mut text, 0, "type", type_);
    }
    text
}

/// Writes a field. The value stays one scalar even if it has several lines, which no real API server sends.
fn field(text: &mut String, indent: usize, key: &str, value: &str) {
    let scalar = |text, column| yaml_scalar(&Escaped(text).to_string(), indent, column);
    let key = scalar(key, indent);
    let value = scalar(value, indent + key.len() + 2);
    // Writing to a String does not fail.
    let _ = writeln!(text, "{:indent$}{key}: {value}", "");
}

/// Shows only values that are known to be public: a misspelled key may hold a secret.
fn shown(key: &str, value: &ByteString) -> String {
    let is_public = match key {
        // Somebody may have put a whole token there.
        keys::TOKEN_ID => TokenId::from_bytes(&value.0).is_ok(),
        keys::DESCRIPTION | keys::EXPIRATION | keys::EXTRA_GROUPS => true,
        _ => key.starts_with(keys::USAGE_PREFIX) && matches!(&*value.0, b"true" | b"false" | b""),
    };
    if is_public {
        base64::engine::general_purpose::STANDARD.encode(&value.0)
    } else {
        MASK.to_owned()
    }
}
