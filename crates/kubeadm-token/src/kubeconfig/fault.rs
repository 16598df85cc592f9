//! Messages for the faults of a kubeconfig. They name contexts, clusters, users and files, but never values: a
//! misplaced value may be a secret.

use std::fmt;
use std::io;
use std::path::Path;

use bootstrap_token_kube::kube_transport::{IdentityError, ProxyError, RootsError, TransportError};

use super::file::Kubeconfig;
use crate::failure::{Failure, io_reason};
use crate::quote;
use crate::yaml::Place;

/// A fault in the entry of a cluster or a user, and help if correcting the entry is not enough.
#[derive(Debug)]
pub(super) struct Fault {
    what: String,
    help: Option<String>,
}

impl Fault {
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds help, unless there is some already.
    pub(super) fn or_help(mut self, help: &str) -> Self {
        self.help.get_or_insert_with(|| help.to_owned());
        self
    }
}

impl From<String> for Fault {
    fn from(what: String) -> Self {
        Self { what, help: None }
    }
}

impl From<&str> for Fault {
    fn from(what: &str) -> Self {
        what.to_owned().into()
    }
}

const NAME_ONE: &str = "name a kubeconfig file with --kubeconfig or KUBECONFIG";

/// kubeadm's message for a file that cannot be loaded.
fn load(what: impl fmt::Display) -> Failure {
    Failure::new(format!("failed to load admin kubeconfig: {what}"))
}

/// kubeadm's message for a file that was loaded and cannot be used.
fn create(what: impl fmt::Display) -> Failure {
    Failure::new(format!(
        "failed to create API client configuration from kubeconfig: {what}"
    ))
}

pub(super) fn unreadable(path: &Path, error: &io::Error) -> Failure {
    let help = match error.kind() {
        io::ErrorKind::NotFound => {
            "name one with --kubeconfig or KUBECONFIG; on a control-plane node it is /etc/kubernetes/admin.conf"
        }
        io::ErrorKind::PermissionDenied => {
            "run this as a user who may read it, which often is root only"
        }
        _ => NAME_ONE,
    };
    let call = match error.kind() {
        io::ErrorKind::IsADirectory => "read",
        _ => "open",
    };
    let path = quote::shown_path(path);
    load(format_args!("{call} {path}: {}", io_reason(error))).help(help)
}

pub(super) fn too_long(path: &Path) -> Failure {
    load(format_args!("{} is longer than 8 MiB", path.display())).help(NAME_ONE)
}

/// A file that is not YAML. The text at the position is not shown, since it may be a credential.
pub(super) fn not_yaml(path: &Path, Place { line, column }: Place) -> Failure {
    load(format_args!(
        "{} is not the YAML of a kubeconfig from line {line} column {column} on",
        path.display()
    ))
    .help("correct it there, or use another one with --kubeconfig")
}

pub(super) fn other_kind(path: &Path) -> Failure {
    load(format_args!(
        "{} is not a kubeconfig: its apiVersion is not v1, or its kind is not Config",
        path.display()
    ))
    .help(NAME_ONE)
}

/// Two entries of the same name.
pub(super) fn twice(kind: &str, path: &Path, name: &str) -> Failure {
    load(format_args!(
        "{} has two entries for the {kind} {name:?}",
        path.display()
    ))
    .help("take one of them out, or give it another name")
}

pub(super) fn no_current_context(path: &Path, kubeconfig: &Kubeconfig) -> Failure {
    create(format_args!("{} has no current-context", path.display()))
        .help(choose_context(path, kubeconfig))
}

pub(super) fn no_such_context(path: &Path, name: &str, kubeconfig: &Kubeconfig) -> Failure {
    create(format_args!(
        "{} has no context {name:?}, which is its current-context",
        path.display()
    ))
    .help(choose_context(path, kubeconfig))
}

/// The context named on the command line does not exist.
pub(super) fn no_such_choice(path: &Path, name: &str, kubeconfig: &Kubeconfig) -> Failure {
    let help = names(kubeconfig).map_or_else(no_context, |names| {
        format!("name one that it has behind --context: {names}")
    });
    create(format_args!(
        "{} has no context {}",
        path.display(),
        quote::shown(name)
    ))
    .help(help)
}

fn choose_context(path: &Path, kubeconfig: &Kubeconfig) -> String {
    names(kubeconfig).map_or_else(no_context, |names| {
        format!(
            "choose one by `kubectl config use-context NAME --kubeconfig {}`: it has {names}",
            path.display(),
        )
    })
}

/// Lists the names of the contexts, if there are any.
fn names(kubeconfig: &Kubeconfig) -> Option<String> {
    let contexts = kubeconfig.contexts.iter();
    let names: Vec<_> = contexts.map(|(name, _)| format!("{name:?}")).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn no_context() -> String {
    "it has no context at all: use another one with --kubeconfig".to_owned()
}

/// The context names a cluster or a user that does not exist.
pub(super) fn no_such(kind: &str, path: &Path, context: &str, name: &str) -> Failure {
    create(format_args!(
        "{} has no {kind} {name:?}, which its context {context:?} asks for",
        path.display()
    ))
    .help(format!(
        "add the {kind}, name another in the context, or use another kubeconfig with --kubeconfig"
    ))
}

/// A fault in the entry of a cluster or a user.
pub(super) fn in_entry(kind: &str, path: &Path, name: &str, fault: impl Into<Fault>) -> Failure {
    let Fault { what, help } = fault.into();
    create(format_args!("{}, {kind} {name:?}: {what}", path.display())).help(help.unwrap_or_else(
        || format!("correct the entry of that {kind}, or use another kubeconfig with --kubeconfig"),
    ))
}

/// Help on the URL of a proxy.
pub(crate) const WRITE_PROXY: &str =
    "write it as http://HOST:PORT, or with https: or socks5: in place of http:";

/// A fault in the proxy of the environment, whose URL may hold a password.
pub(crate) fn proxy(error: &ProxyError) -> Failure {
    match error {
        ProxyError::Cgi => Failure::new(error.to_string())
            .help("unset REQUEST_METHOD, or write proxy-url in the kubeconfig"),
        _ => Failure::new(format!("the environment's proxy cannot be used: {error}"))
            .help(WRITE_PROXY),
    }
}

/// A fault that is found when the client is made.
pub(crate) fn client(path: &Path, user: Option<&str>, error: &TransportError) -> Failure {
    use kube::client::AuthError as A;

    let user = user.unwrap_or_default();
    let in_user = |what: &str| in_entry("user", path, user, what);
    match error {
        TransportError::Auth(A::InvalidBasicAuth(_) | A::InvalidBearerToken(_)) => {
            in_user("its token or password holds characters that cannot be sent")
        }
        TransportError::Auth(_) => in_user("its way of authentication is not supported"),
        TransportError::Identity(error) => in_user(match error {
            IdentityError::NoKey => "it has a client certificate and no key",
            IdentityError::NoCertificate => "it has a client key and no certificate",
            IdentityError::NotBase64(name) => {
                return in_user(&format!("its {name}-data is not base64"));
            }
            IdentityError::NotPem(name) => return in_user(&format!("its {name} is not PEM")),
            IdentityError::NoPrivateKey => "its client-key has no private key in its PEM",
            IdentityError::EncryptedKey => {
                let fault = Fault::from(
                    "its client-key has no unencrypted private key, but an ENCRYPTED PRIVATE KEY",
                );
                let help = "`openssl pkey -in FILE` asks for its passphrase and prints it without encryption";
                return in_entry("user", path, user, fault.help(help));
            }
            IdentityError::OtherKey => "its client key is not that of its client certificate",
            IdentityError::Unsupported(what) => {
                return in_user(&format!(
                    "its client key is malformed or not supported; by its client certificate it is {what}"
                ));
            }
            _ => "its client certificate and key cannot be used",
        }),
        TransportError::Roots(RootsError::System(error)) => create(format_args!(
            "{} has no certificate authority for its cluster, and those of the system cannot be used: {error}",
            path.display()
        ))
        .help("add certificate-authority-data to the entry of the cluster, or install the certificate authorities of the system"),
        TransportError::Roots(RootsError::File(file, error)) => create(format_args!(
            "{}: the cluster's certificate authority cannot be used: open {}: {}",
            path.display(),
            quote::shown_path(file),
            io_reason(error)
        ))
        .help("use another one with --kubeconfig"),
        TransportError::Roots(error) => create(format_args!(
            "{}: the cluster's certificate authority cannot be used: {error}",
            path.display()
        ))
        .help("use another one with --kubeconfig"),
        _ => create(format_args!("{} cannot be used", path.display()))
            .help("use another one with --kubeconfig"),
    }
}
