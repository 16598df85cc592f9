//! The words for each fault of a kubeconfig. Names of contexts, clusters, users and files are told, values
//! never: what stands in a wrong place may be a secret.

use std::fmt;
use std::io;
use std::path::Path;

use bootstrap_token_kube::kube_transport::{IdentityError, ProxyError, TransportError};
use kube::config::{Kubeconfig, KubeconfigError, LoadDataError};

use crate::failure::{Failure, words};
use crate::quote;

/// Whether a file can be read; the text as Go has it otherwise.
pub(super) fn file(path: &Path) -> Result<std::fs::File, String> {
    std::fs::File::open(path).map_err(|error| format!("open {}: {}", path.display(), words(&error)))
}

/// kubeadm's words for a file that cannot be loaded.
fn load(what: impl fmt::Display) -> Failure {
    Failure::new(format!("failed to load admin kubeconfig: {what}"))
}

/// kubeadm's words for a file that was loaded and is of no use.
fn create(what: impl fmt::Display) -> Failure {
    Failure::new(format!(
        "failed to create API client configuration from kubeconfig: {what}"
    ))
}

pub(super) fn read(path: &Path, error: &KubeconfigError) -> Failure {
    match error {
        KubeconfigError::ReadConfig(source, path) => {
            let help = match source.kind() {
                io::ErrorKind::NotFound => {
                    "name one with --kubeconfig or KUBECONFIG; on a control-plane node it is /etc/kubernetes/admin.conf"
                }
                io::ErrorKind::PermissionDenied => {
                    "run this as a user who may read it, which often is root only"
                }
                _ => "name a kubeconfig file with --kubeconfig or KUBECONFIG",
            };
            let call = match source.kind() {
                io::ErrorKind::IsADirectory => "read",
                _ => "open",
            };
            let path = quote::shown_path(path);
            load(format_args!("{call} {path}: {}", words(source))).help(help)
        }
        KubeconfigError::Parse(error) => {
            // The library's text shows the lines around the place, and with them the credentials.
            let place = error.location().map_or_else(String::new, |place| {
                format!(" from line {} column {} on", place.line(), place.column())
            });
            load(format_args!(
                "{} is not the YAML of a kubeconfig{place}",
                path.display()
            ))
            .help("mend it there, or use another one with --kubeconfig")
        }
        _ => load(format_args!(
            "{} consists of parts that do not fit together",
            path.display()
        ))
        .help("use another one with --kubeconfig"),
    }
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

fn choose_context(path: &Path, kubeconfig: &Kubeconfig) -> String {
    let names: Vec<_> = kubeconfig
        .contexts
        .iter()
        .map(|named| format!("{:?}", named.name))
        .collect();
    if names.is_empty() {
        return "it has no context at all: use another one with --kubeconfig".to_owned();
    }
    format!(
        "choose one by `kubectl config use-context NAME --kubeconfig {}`: it has {}",
        path.display(),
        names.join(", ")
    )
}

/// The context names a cluster or a user that has no entry.
pub(super) fn no_such(kind: &str, path: &Path, context: &str, name: &str) -> Failure {
    create(format_args!(
        "{} has no {kind} {name:?}, which its context {context:?} asks for",
        path.display()
    ))
    .help(format!(
        "add the {kind}, name another in the context, or use another kubeconfig with --kubeconfig"
    ))
}

/// Something in the entry of a cluster or a user.
pub(super) fn in_entry(kind: &str, path: &Path, name: &str, what: impl fmt::Display) -> Failure {
    create(format_args!("{}, {kind} {name:?}: {what}", path.display())).help(format!(
        "mend the entry of that {kind}, or use another kubeconfig with --kubeconfig"
    ))
}

/// What kube finds when it makes a configuration of it.
pub(super) fn config(path: &Path, cluster: &str, error: &KubeconfigError) -> Failure {
    let what = match error {
        KubeconfigError::ParseClusterUrl(_) => "its server is not a URL".to_owned(),
        KubeconfigError::LoadCertificateAuthority(LoadDataError::DecodeBase64(_)) => {
            "its certificate-authority-data is not base64".to_owned()
        }
        KubeconfigError::LoadCertificateAuthority(LoadDataError::ReadFile(error, file)) => format!(
            "its certificate-authority: open {}: {}",
            file.display(),
            words(error)
        ),
        KubeconfigError::ParseCertificates(_) => "its certificate authority is not PEM".to_owned(),
        _ => "it cannot be used".to_owned(),
    };
    in_entry("cluster", path, cluster, what)
}

/// How the URL of a proxy is to be.
pub(crate) const WRITE_PROXY: &str =
    "write it as http://HOST:PORT, or with https: or socks5: in place of http:";

/// The environment's proxy, whose URL may hold a password.
pub(crate) fn proxy(error: &ProxyError) -> Failure {
    match error {
        ProxyError::Cgi => Failure::new(error.to_string())
            .help("unset REQUEST_METHOD, or write proxy-url in the kubeconfig"),
        _ => Failure::new(format!("the environment's proxy cannot be used: {error}"))
            .help(WRITE_PROXY),
    }
}

/// What is found when a client is made of the configuration.
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
            _ => "its client certificate and key cannot be used",
        }),
        TransportError::Roots(_) => create(format_args!(
            "{}: the cluster's certificate authority cannot be used",
            path.display()
        ))
        .help("use another one with --kubeconfig"),
        _ => create(format_args!("{} cannot be used", path.display()))
            .help("use another one with --kubeconfig"),
    }
}
