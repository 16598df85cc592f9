//! kubeadm's report of what it would do, without the token's secret.

use std::io::{self, Write};

use base64::Engine as _;
use bootstrap_token::TokenId;
use bootstrap_token_secret::{BootstrapToken, keys};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;

use crate::printer::yaml_scalar;

/// What stands for the token's secret.
const MASK: &str = "***";

pub(crate) fn get(id: TokenId, out: &mut dyn Write) -> io::Result<()> {
    action("GET", out)?;
    name(id, out)
}

/// The reply to a GET that found nothing, and the creation that follows.
pub(crate) fn create(token: &BootstrapToken, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "[dryrun] Real object does not exist. Attempting to GET from followup reactors or from the fake client tracker"
    )?;
    action("CREATE", out)?;
    attach(&token.expose_secret(), out)
}

pub(crate) fn list(out: &mut dyn Write) -> io::Result<()> {
    action("LIST", out)
}

pub(crate) fn delete(id: TokenId, out: &mut dyn Write) -> io::Result<()> {
    action("DELETE", out)?;
    name(id, out)?;
    let mut secret = Secret::default();
    secret.metadata.name = Some(keys::secret_name(id));
    secret.metadata.namespace = Some(keys::NAMESPACE.to_owned());
    attach(&secret, out)
}

fn action(verb: &str, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "[dryrun] Would perform action {verb} on resource \"secrets\" in API group \"core/v1\""
    )
}

fn name(id: TokenId, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "[dryrun] Resource name {:?}, namespace {:?}",
        keys::secret_name(id),
        keys::NAMESPACE
    )
}

/// The object as YAML, the value of `token-secret` masked.
pub(crate) fn attach(secret: &Secret, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "[dryrun] Attached object:\napiVersion: v1")?;
    if let Some(data) = secret.data.as_ref().filter(|data| !data.is_empty()) {
        writeln!(out, "data:")?;
        for (key, value) in data {
            writeln!(
                out,
                "  {key}: {}",
                yaml_scalar(&shown(key, value), 2, key.len() + 4)
            )?;
        }
    }
    writeln!(out, "kind: Secret\nmetadata:")?;
    for (key, value) in [
        ("name", &secret.metadata.name),
        ("namespace", &secret.metadata.namespace),
    ] {
        if let Some(value) = value {
            writeln!(out, "  {key}: {value}")?;
        }
    }
    if let Some(type_) = &secret.type_ {
        writeln!(out, "type: {type_}")?;
    }
    writeln!(out)
}

fn shown(key: &str, value: &ByteString) -> String {
    if key == keys::TOKEN_SECRET {
        MASK.to_owned()
    } else {
        base64::engine::general_purpose::STANDARD.encode(&value.0)
    }
}
