//! What most tests do. They share one control plane, so each looks only at tokens of its own.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use bootstrap_token::{Token, TokenId};
use bootstrap_token_discovery::{Certificate, Pin};
use bootstrap_token_secret::{BootstrapToken, Usage, keys};
use conformance::command::{Command, kubeadm, ours};
use conformance::control_plane::ControlPlane;
use conformance::secrets;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use kube::config::{Cluster, Kubeconfig};
use serde_json::Value;

/// The control plane of this binary.
pub(crate) fn plane() -> Arc<ControlPlane> {
    ControlPlane::shared()
}

/// Our command as the administrator.
pub(crate) fn ours_admin(arguments: &[&str]) -> Command {
    ours(arguments).kubeconfig(plane().kubeconfig())
}

/// `kubeadm token` as the administrator.
pub(crate) fn kubeadm_admin(arguments: &[&str]) -> Command {
    kubeadm(arguments).kubeconfig(plane().kubeconfig())
}

/// Creates a token by our command.
#[track_caller]
pub(crate) fn create(arguments: &[&str]) -> Token {
    created(ours_admin(&["create"]).args(arguments))
}

/// Creates a token by kubeadm.
#[track_caller]
pub(crate) fn kubeadm_create(arguments: &[&str]) -> Token {
    created(kubeadm_admin(&["create"]).args(arguments))
}

/// Creates a token for signing only. Neither command can: without groups they take the default one, which
/// asks for authentication.
pub(crate) fn create_for_signing() -> Token {
    let token = secrets::token();
    let signing = [Usage::Signing].into_iter().collect();
    let written = BootstrapToken::new(token.clone()).with_usages(signing);
    plane().admin().create_secret(&written.expose_secret());
    token
}

/// `discover` with the token on standard input.
pub(crate) fn discover(token: &Token, more: &[&str]) -> Command {
    ours(["discover", "--token", "-"])
        .args(more)
        .stdin(token.expose().as_bytes())
}

/// The public key pin of the cluster's CA.
pub(crate) fn pin() -> String {
    pin_of(plane().ca_file())
}

/// The public key pin of the one certificate in a file.
pub(crate) fn pin_of(file: &Path) -> String {
    let pem = fs::read(file).unwrap();
    let bundle = Certificate::bundle_from_pem(&pem).unwrap();
    Pin::of(&bundle[0]).to_string()
}

/// The one cluster of a kubeconfig.
#[track_caller]
pub(crate) fn cluster_of(kubeconfig: &str) -> Cluster {
    let mut kubeconfig = Kubeconfig::from_yaml(kubeconfig).unwrap();
    assert_eq!(kubeconfig.clusters.len(), 1);
    kubeconfig.clusters.remove(0).cluster.unwrap()
}

/// The one thing that a creator prints.
#[track_caller]
pub(crate) fn created(command: Command) -> Token {
    let output = command.prints_token().run();
    let token = output.success().strip_suffix('\n').map(str::parse);
    token.unwrap().unwrap()
}

/// The Secret of a token.
#[track_caller]
pub(crate) fn secret(id: TokenId) -> Secret {
    find_secret(id).expect("it is there")
}

/// The Secret of a token, if there is one.
pub(crate) fn find_secret(id: TokenId) -> Option<Secret> {
    plane().admin().secret(&keys::secret_name(id))
}

/// The Secret of a new token, not yet written, to be spoilt.
pub(crate) fn new_secret() -> (TokenId, Secret) {
    let token = BootstrapToken::new(secrets::token());
    (token.id(), token.expose_secret())
}

/// A value of a Secret's data as text.
pub(crate) fn value(secret: &Secret, key: &str) -> Option<String> {
    let ByteString(bytes) = secret.data.as_ref()?.get(key)?;
    Some(String::from_utf8_lossy(bytes).into_owned())
}

/// Sets a value of a Secret's data.
pub(crate) fn set(secret: &mut Secret, key: &str, value: &[u8]) {
    let data = secret.data.get_or_insert_default();
    data.insert(key.to_owned(), ByteString(value.to_vec()));
}

/// The rows of a table that begin with a token of this ID.
pub(crate) fn rows(table: &str, id: TokenId) -> Vec<&str> {
    let prefix = format!("{id}.");
    table
        .lines()
        .filter(|line| line.starts_with(&prefix))
        .collect()
}

/// The objects of a list in JSON whose token has this ID.
pub(crate) fn objects(list: &[Value], id: TokenId) -> Vec<&Value> {
    let prefix = format!("{id}.");
    let of_id = |object: &&Value| {
        object["token"]
            .as_str()
            .is_some_and(|t| t.starts_with(&prefix))
    };
    list.iter().filter(of_id).collect()
}
