//! The control plane of this suite, and the Secrets on it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::sync::{Mutex, OnceLock, PoisonError, RwLock};

use bootstrap_token::Token;
use bootstrap_token_secret::keys;
use conformance::control_plane::{Component, ControlPlane};
use conformance::kubeconfig::Kubeconfig;
use conformance::pki;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

use crate::case;
use crate::names::Names;

struct Cluster {
    names: Vec<(&'static str, String)>,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

/// Apart from it, since nothing takes away what a static holds: they have keys in them.
static USERS: Mutex<Vec<Kubeconfig>> = Mutex::new(Vec::new());

/// Started by the first case. Without a controller manager, no expired token is deleted before it is listed.
fn start() -> Cluster {
    let plane = ControlPlane::shared();
    plane.kill(Component::ControllerManager);
    let users = [
        pki::user(&plane, "jane", "visitors"),
        pki::expired_user(&plane),
    ];
    let server = plane.server().to_owned();
    let address = server.trim_start_matches("https://").to_owned();
    let admin = fs::read_to_string(plane.kubeconfig()).unwrap();
    let admin: Value = serde_saphyr::from_str(&admin).unwrap();
    let of_admin = |key: &str| admin["users"][0]["user"][key].as_str().unwrap().to_owned();
    let names = vec![
        ("server", server),
        ("address", address),
        ("admin", plane.kubeconfig().display().to_string()),
        ("admin cert", of_admin("client-certificate-data")),
        ("admin key", of_admin("client-key-data")),
        ("ca", plane.ca_file().display().to_string()),
        ("ca pem", fs::read_to_string(plane.ca_file()).unwrap()),
        ("visitor", users[0].path().display().to_string()),
        ("expired", users[1].path().display().to_string()),
    ];
    USERS.lock().unwrap().extend(users);
    Cluster { names }
}

/// What a case may do to others: a list shows the Secrets of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Share {
    /// It lists.
    Alone,
    /// It has Secrets that a list would show.
    WithoutLists,
    /// It has none.
    WithAll,
}

static CASES: RwLock<()> = RwLock::new(());

/// What the cluster adds to the names of a case.
pub(crate) fn names() -> &'static [(&'static str, String)] {
    &CLUSTER.get_or_init(start).names
}

/// Runs a case when others do not disturb it.
pub(crate) fn with<T>(share: Share, act: impl FnOnce() -> T) -> T {
    match share {
        Share::Alone => {
            let _alone = CASES.write().unwrap_or_else(PoisonError::into_inner);
            act()
        }
        Share::WithoutLists => {
            let _beside = CASES.read().unwrap_or_else(PoisonError::into_inner);
            act()
        }
        Share::WithAll => act(),
    }
}

/// Creates the Secrets of a case.
pub(crate) fn put(secrets: &[case::Secret], names: &mut Names) -> Vec<Secret> {
    let plane = ControlPlane::shared();
    secrets
        .iter()
        .enumerate()
        .map(|(number, secret)| {
            let secret = made_of(secret, &names.tokens[number].clone(), names);
            plane.admin().create_secret(&secret);
            secret
        })
        .collect()
}

fn made_of(written: &case::Secret, token: &Token, names: &mut Names) -> Secret {
    let mut secret = Secret::default();
    secret.metadata.name = Some(match &written.name {
        Some(name) => names.expand(name),
        None => keys::secret_name(token.id()),
    });
    secret.metadata.namespace = Some(keys::NAMESPACE.to_owned());
    let type_ = written.type_.as_deref().unwrap_or(keys::SECRET_TYPE);
    secret.type_ = Some(type_.to_owned());
    let some = |map: &BTreeMap<_, _>| (!map.is_empty()).then(|| map.clone());
    secret.metadata.labels = some(&written.labels);
    secret.metadata.annotations = some(&written.annotations);
    let data = secret.data.get_or_insert_default();
    for (key, value) in [
        (keys::TOKEN_ID, token.id().as_str()),
        (keys::TOKEN_SECRET, token.secret().expose()),
    ] {
        data.insert(key.to_owned(), ByteString(value.as_bytes().to_vec()));
    }
    for (key, value) in &written.data {
        match value {
            Some(value) => {
                let value = ByteString(names.expand(value).into_bytes());
                data.insert(key.clone(), value);
            }
            None => drop(data.remove(key)),
        }
    }
    for (key, value) in &written.bytes {
        let value = serde_json::from_value(Value::from(value.as_str())).expect("base64");
        data.insert(key.clone(), value);
    }
    secret
}

/// Tells which Secrets are there, of those that were put there and those of the tokens, and deletes them.
pub(crate) fn take(there: &[Secret], tokens: &[Token]) -> String {
    let plane = ControlPlane::shared();
    let there = there.iter().map(|secret| name(secret).to_owned());
    let of_tokens = tokens.iter().map(|token| keys::secret_name(token.id()));
    let names: BTreeSet<_> = there.chain(of_tokens).collect();
    let mut found = Vec::new();
    for name in names {
        if let Some(secret) = plane.admin().secret(&name) {
            plane.admin().delete_secret(&name);
            found.push(secret);
        }
    }
    tell_all(&found)
}

/// The Secrets as text, in the order of their names.
pub(crate) fn tell_all(secrets: &[Secret]) -> String {
    let mut secrets: Vec<_> = secrets.iter().collect();
    secrets.sort_by_key(|secret| name(secret));
    let mut text = String::new();
    for secret in secrets {
        tell(secret, &mut text);
    }
    text
}

fn name(secret: &Secret) -> &str {
    secret.metadata.name.as_deref().unwrap_or_default()
}

/// Name and type, then every field of the data as text, and what else there is but what the server sets.
fn tell(secret: &Secret, text: &mut String) {
    let type_ = secret.type_.as_deref().unwrap_or_default();
    // Writing to a String does not fail.
    let _ = writeln!(text, "{} {type_}", name(secret));
    for (key, ByteString(value)) in secret.data.iter().flatten() {
        let value = String::from_utf8_lossy(value);
        let _ = writeln!(text, "  {key}: {}", value.escape_debug());
    }
    let mut rest = secret.clone();
    (rest.type_, rest.data) = (None, None);
    rest.metadata = ObjectMeta {
        name: None,
        namespace: None,
        uid: None,
        resource_version: None,
        creation_timestamp: None,
        managed_fields: None, // the manager is the program's name
        ..rest.metadata
    };
    if rest != Secret::default() {
        let _ = writeln!(text, "  {}", serde_json::to_string(&rest).unwrap());
    }
}

/// What is left when all cases have ended was written behind their backs.
pub(crate) fn nothing_is_left() -> Vec<String> {
    USERS.lock().unwrap().clear();
    if CLUSTER.get().is_none() {
        return Vec::new();
    }
    let left = ControlPlane::shared().admin().token_secrets();
    left.iter()
        .map(|secret| format!("left in the cluster: {}", name(secret)))
        .collect()
}
