//! The flags that describe the cluster. Each is read and checked before any request.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::Path;
use std::slice;
use std::time::SystemTime;

use bootstrap_token::{Token, TokenSecret};
use bootstrap_token_discovery::{
    Anchor, Certificate, Endpoint, ParseEndpointError, ParsePinError, Pin, TrustedCluster,
};
use bootstrap_token_kube::kube_transport::{ParseProxyError, Proxy};
use clap::Args;
use zeroize::Zeroizing;

use super::ca_description::CaDescription;
use super::remedy;
use crate::cli::{self, Strings};
use crate::command::new_token::{Help, TokenSource};
use crate::context::Context;
use crate::failure::{Failure, io_reason};
use crate::read_limited;
use crate::{address, kubeconfig, pem_help, quote};

/// How to find and verify the cluster.
pub(super) enum KnownCluster {
    /// Its possible addresses, and its CA.
    Servers(Vec<Endpoint>, Anchor),
    /// A discovery file, and the proxy that it names.
    Cluster {
        cluster: TrustedCluster,
        proxy: Option<Proxy>,
    },
}

pub(super) fn servers(given: &[OsString]) -> Result<Vec<Endpoint>, Failure> {
    if given.is_empty() {
        return Err(no_server());
    }
    let one = |given| server(given, TOKEN, SEVERAL);
    given.iter().map(one).collect()
}

/// Parses an address. Refuses a token, which would end up in a DNS query. `token` is the help for that, `several` the
/// help for more than one address.
pub(in crate::command) fn server(
    given: &OsString,
    token: &str,
    several: &str,
) -> Result<Endpoint, Failure> {
    let text = given.to_string_lossy();
    if is_token(&text) {
        return Err(
            Failure::new("a token stands where the API server's address is expected").help(token),
        );
    }
    // kubeadm takes no host name without a port either.
    if TokenSecret::from_bytes(authority(&text).as_bytes()).is_ok() {
        return Err(Failure::new(
            "what may be a token secret stands where the API server's address is expected",
        )
        .help(format!(
            "{token}; if it is the name of a host, write its port behind it: `:6443`"
        )));
    }
    text.parse().map_err(|error: ParseEndpointError| {
        let shown = if text.contains('@') {
            "(not shown, since it may hold a password)".to_owned()
        } else {
            quote::shown(&text)
        };
        Failure::new(format!("the server {shown} is no address of an API server"))
            .because(error)
            .help(spelling(&text, error, several))
    })
}

/// How that address is to be written; in general, if what was given may hold a secret or a password.
fn spelling(text: &str, error: ParseEndpointError, several: &str) -> String {
    const GENERAL: &str = "write it as 10.0.0.1:6443, [fd00::1]:6443 or https://cp.example:6443";

    if text.contains('@') || quote::may_hold_secret(text) {
        return GENERAL.to_owned();
    }
    match (error, address::respelled(text), address::separated(text)) {
        (_, Some(written), _) => format!("write it as {written}"),
        (ParseEndpointError::Several, None, Some(words)) => {
            format!("{several}: {}", words.join(" "))
        }
        (ParseEndpointError::Zone, None, _) => {
            "use the machine's name, or an address of it that other networks reach as well"
                .to_owned()
        }
        _ => GENERAL.to_owned(),
    }
}

/// Returns whether the text is a token, with or without a scheme, a port or a path.
fn is_token(text: &str) -> bool {
    let host = authority(text).split(':').next().unwrap_or_default();
    Token::from_bytes(host.trim().as_bytes()).is_ok()
}

/// What stands between a scheme and a path: a host, and a port if there is one.
fn authority(text: &str) -> &str {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    rest.trim().split('/').next().unwrap_or_default().trim()
}

pub(in crate::command) fn no_server() -> Failure {
    Failure::new("no server is given")
        .help("name an API server, as in `kubeadm-token discover cp.example:6443`, or a kubeconfig that leads to one with --discovery-file")
}

/// Help for a list of servers.
const SEVERAL: &str = "write them with blanks between";

/// Help for a token in the wrong place.
const TOKEN: &str =
    "give the token in a file with --token-file, or on standard input with `--token -`";

/// Help for a malformed token.
const HELP: Help = Help {
    malformed: Help::OF_THE_CLUSTER,
    unread: "give it there, or in a file with --token-file",
};

/// Reads the token, which must be given in one of three ways.
pub(super) fn token(
    word: Option<&OsString>,
    file: Option<&OsStr>,
    context: &mut Context<'_>,
) -> Result<Token, Failure> {
    TokenSource::of(word.map_or(&[], slice::from_ref), file)?
        .read_known(&HELP, context)?
        .ok_or_else(|| {
            Failure::new("no token is given")
                .help("give one in a file with --token-file, or on standard input with `--token -`")
        })
}

/// The flags that identify the cluster's CA.
#[derive(Args)]
pub(in crate::command) struct CaArgs {
    #[arg(
        help = "The public key pin of a CA certificate that may be trusted, as sha256:<64 hexadecimal digits>. You can pass --ca-pin multiple times or provide a comma separated list.",
        long,
        value_name = "strings",
        value_parser = cli::strings,
        alias = "discovery-token-ca-cert-hash"
    )]
    ca_pin: Vec<Strings>,

    #[arg(
        help = "Path to the CA certificates that may be trusted, in PEM, or one in DER: in the place of their pins.",
        long,
        value_name = "string"
    )]
    ca_file: Option<OsString>,
}

impl CaArgs {
    /// Returns the description for errors.
    pub(in crate::command) fn by(&self) -> CaDescription {
        match self.file() {
            Some(path) if self.pins().is_empty() => CaDescription::CaFile(quote::shown_path(path)),
            _ => CaDescription::Pins,
        }
    }

    fn pins(&self) -> Vec<String> {
        Strings::join(self.ca_pin.clone(), &[])
    }

    fn file(&self) -> Option<&Path> {
        let file = self.ca_file.as_deref().filter(|file| !file.is_empty());
        file.map(Path::new)
    }

    /// Returns the pins, including those of the CA certificates in the file. `None` if neither is given.
    pub(in crate::command) fn anchor(&self) -> Result<Option<Anchor>, Failure> {
        let mut all = Vec::new();
        for text in self.pins() {
            all.push(pin(&text)?);
        }
        if let Some(path) = self.file() {
            let name = quote::shown_path(path);
            let bytes = read("CA file", path)?;
            let certificates = Certificate::bundle(&bytes).map_err(|error| {
                let help = pem_help::help(&error).unwrap_or("name the cluster's ca.crt, in PEM or DER; on a control-plane node it is /etc/kubernetes/pki/ca.crt");
                Failure::new(format!("the CA file {name} holds no CA certificates"))
                    .because(error)
                    .help(help)
            })?;
            all.extend(certificates.iter().map(Pin::of));
        }
        Ok(Anchor::pins(all))
    }
}

fn pin(text: &str) -> Result<Pin, Failure> {
    let pin: Pin = text.parse().map_err(|error: ParsePinError| {
        let what = if is_fingerprint(text) {
            "that is the fingerprint of a certificate, and a pin is the SHA-256 of its public key: "
        } else {
            ""
        };
        Failure::new("a --ca-pin is no pin").because(error).help(format!(
            "{what}take it from `kubeadm-token pin`, as root on a control-plane node or with an administrator's kubeconfig, or name the CA itself with --ca-file"
        ))
    })?;
    if pin.is_of_nothing() {
        return Err(Failure::new("a --ca-pin is the hash of nothing: no CA has it")
            .help("`openssl rsa` makes it of a CA whose key is not an RSA one: use `openssl pkey` there, or name the CA itself with --ca-file"));
    }
    Ok(pin)
}

/// Returns whether the text is a fingerprint: pairs of hexadecimal digits separated by colons, as `openssl x509
/// -fingerprint` and browsers show it, or the 40 digits of a SHA-1.
fn is_fingerprint(text: &str) -> bool {
    let digits = text.rsplit(['=', ' ']).next().unwrap_or_default();
    let digits = digits.strip_prefix("sha256:").unwrap_or(digits);
    let is_hex = |part: &str| part.bytes().all(|b| b.is_ascii_hexdigit());
    let pairs = digits.split(':').count();
    let is_pairs = digits
        .split(':')
        .all(|pair| pair.len() == 2 && is_hex(pair));
    is_pairs && (pairs == 20 || pairs == 32) || digits.len() == 40 && is_hex(digits)
}

pub(super) fn no_anchor() -> Failure {
    Failure::new("nothing is given to know the cluster's CA by")
        .help("give its pin with --ca-pin or its certificate with --ca-file; or, where everybody who ever held the token is trusted, --danger-skip-ca-pin")
}

/// Reads the cluster of a discovery file.
pub(super) fn discovery_file(
    path: &Path,
    anchor: &Anchor,
    by: &CaDescription,
    now: SystemTime,
) -> Result<KnownCluster, Failure> {
    let text = read("discovery file", path)?;
    let name = quote::shown_path(path);
    let text = core::str::from_utf8(&text).map_err(|_| {
        Failure::new(format!("the discovery file {name} is not valid UTF-8"))
            .help("name a kubeconfig, in YAML or JSON")
    })?;
    let of_no_use = || Failure::new(format!("the discovery file {name} is of no use"));
    let cluster = TrustedCluster::from_discovery_file(text, anchor, now).map_err(|distrust| {
        let failure = of_no_use().help(remedy::of_discovery_file(&distrust, by));
        match by.told(&distrust) {
            Some(told) => failure.because(told),
            None => failure.because(distrust),
        }
    })?;
    let proxy = cluster.expose_proxy_url().map(str::parse).transpose();
    let proxy = proxy.map_err(|error: ParseProxyError| {
        of_no_use()
            .because(format!("its proxy-url: {error}"))
            .help(kubeconfig::WRITE_PROXY)
    })?;
    Ok(KnownCluster::Cluster { cluster, proxy })
}

/// Reads a file up to a size limit. A discovery file may be a user's own kubeconfig, with a private key or a token in
/// it.
fn read(what: &str, path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    /// Size limit: more than any bundle or kubeconfig has.
    const LONGEST: usize = 1 << 20;

    let name = quote::shown_path(path);
    let failure = |error: io::Error| {
        Failure::new(format!(
            "cannot read the {what}: open {name}: {}",
            io_reason(&error)
        ))
        .help("name a file that you may read")
    };
    let content = File::open(path).and_then(|mut file| read_limited::read(&mut file, LONGEST));
    content.map_err(failure)?.ok_or_else(|| {
        Failure::new(format!("the {what} {name} is longer than 1 MiB")).help("is it the right one?")
    })
}
