//! Where else the Secret of a token may be: who applies a manifest that names no namespace makes it in `default`.

use bootstrap_token::TokenId;
use bootstrap_token_secret::keys::NAMESPACE;
use serde::Deserialize;

use super::facts::Facts;
use super::{Subject, Unchecked};
use crate::call::{Call, idempotent};
use crate::failure::Failure;
use crate::reply;
use crate::request::Request;

/// Whether it is a name in a cluster (RFC 1123): what the server says ends up in a command to be typed.
pub(super) fn is_a_name(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(is_plain)
}

/// `PartialObjectMetadataList`, or what a server sends that knows none: no data is read either way.
#[derive(Deserialize)]
struct Named {
    /// `null` for none.
    items: Option<Vec<Item>>,
}

#[derive(Deserialize)]
struct Item {
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    namespace: String,
}

impl Facts {
    /// Asked where no Secret in `kube-system` says that it is the token's, nor a signature that there was one.
    pub(super) async fn about_elsewhere(&mut self, call: &mut Call<'_>, subject: &Subject) {
        let Some(id) = subject.id() else {
            return;
        };
        if self.stored.is_some() || self.under_another_name(id).is_some() || self.was_there(id) {
            return;
        }
        let read = namespaces(call, id).await;
        self.elsewhere = self
            .noted(Unchecked::OtherNamespaces, read)
            .unwrap_or_default();
    }
}

async fn namespaces(call: &mut Call<'_>, id: TokenId) -> Result<Vec<String>, Failure> {
    let reply = call.send(&Request::named(id), idempotent).await?;
    let Named { items } = reply::json(&reply.body)?;
    let namespaces = items
        .into_iter()
        .flatten()
        .map(|item| item.metadata.namespace);
    Ok(namespaces
        .filter(|name| name != NAMESPACE && is_a_name(name))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_what_kubernetes_takes_for_one() {
        for (text, is) in [
            ("default", true),
            ("bootstrap-token-abc.def", true),
            ("", false),
            ("-n", false),
            ("x$(reboot)", false),
            ("x\ny", false),
        ] {
            assert_eq!(is_a_name(text), is, "{text:?}");
        }
    }
}
