//! The entry of a cluster: its server, how to reach it and how to verify it.

use std::net::Ipv6Addr;
use std::path::Path;

use bootstrap_token_discovery::Certificate;
use bootstrap_token_kube::kube_transport::is_loopback;
use http::Uri;
use serde_json::{Value, json};

use super::fault::Fault;
use super::file::{Malformed, Material};
use crate::address;
use crate::pem_help;
use crate::quote;
use crate::yaml::Node;

/// Extension that client-go passes to exec plugins: `clusterExtensionKey`.
const EXEC: &str = "client.authentication.k8s.io/exec";

pub(super) struct Cluster {
    server: String,
    pub(super) tls_server_name: String,
    pub(super) insecure_skip_tls_verify: bool,
    authority: Material,
    pub(super) proxy_url: String,
    pub(super) disable_compression: bool,
    exec: Option<Value>,
}

/// Address of the API server.
pub(super) struct Server {
    /// The URL without its query, which client-go drops too.
    pub(super) uri: Uri,
    /// The address as it is written, with its scheme.
    pub(super) text: String,
}

impl Server {
    pub(super) fn is_https(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }
}

impl Cluster {
    pub(super) fn read(entry: &Node, folder: &Path) -> Result<Self, Malformed> {
        let mut exec = None;
        for extension in entry.list("extensions")? {
            if extension.text("name")? == EXEC {
                exec = extension.get("extension")?.map(Node::to_json);
            }
        }
        Ok(Self {
            server: entry.text("server")?.to_owned(),
            tls_server_name: entry.text("tls-server-name")?.to_owned(),
            insecure_skip_tls_verify: entry.bool("insecure-skip-tls-verify")?,
            authority: Material::read(
                entry,
                "certificate-authority",
                "certificate-authority-data",
                folder,
            )?,
            proxy_url: entry.text("proxy-url")?.to_owned(),
            disable_compression: entry.bool("disable-compression")?,
            exec,
        })
    }

    /// Returns the server. Refuses one to which secrets would go unencrypted.
    pub(super) fn server(&self) -> Result<Server, Fault> {
        let has_scheme = self.server.contains("://");
        let text = match &*self.server {
            "" => return Err("it has no server".into()),
            server if has_scheme => server.to_owned(),
            // client-go does so whatever else the entry holds.
            server => format!("http://{server}"),
        };
        let end = text.find(['?', '#']).unwrap_or(text.len());
        let no_url = || {
            let fault = Fault::from("its server is not a URL");
            let scheme = if has_scheme { "" } else { "https://" };
            if quote::may_hold_secret(&self.server) {
                return fault;
            }
            match address::respelled(&format!("{scheme}{}", self.server)) {
                Some(written) => fault.help(format!("write it as {written}")),
                None => fault,
            }
        };
        let uri: Uri = text[..end].parse().map_err(|_| no_url())?;
        let authority = uri.authority().ok_or_else(no_url)?;
        if authority.as_str().contains('@') {
            return Err(
                Fault::from("its server holds a user name or password").help(
                    "take it out; the entry of a user has places for both, username and password",
                ),
            );
        }
        // As in Go, only an IPv6 address may have brackets. An empty host means this machine.
        let host = authority.host();
        let in_brackets = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'));
        if host.is_empty() || in_brackets.is_some_and(|host| host.parse::<Ipv6Addr>().is_err()) {
            return Err(no_url());
        }
        // An invalid port would be ignored.
        let port = &authority.as_str()[authority.host().len()..];
        if port.len() > 1 && authority.port_u16().is_none() {
            return Err(no_url());
        }
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if is_loopback(host) && self.proxy_url.is_empty() => {}
            Some("http") => {
                let what = if has_scheme {
                    "its server is reached by plain HTTP, so that anybody in between can read the tokens"
                } else {
                    "its server has no scheme, which means plain HTTP: anybody in between can read the tokens"
                };
                return Err(Fault::from(what).help("write the server with https://"));
            }
            _ => return Err(no_url().help("write it with https://")),
        }
        Ok(Server { uri, text })
    }

    /// Returns the CA certificates in PEM, if there are any. Refuses them together with `insecure-skip-tls-verify`,
    /// which would disable them.
    pub(super) fn authority(&self) -> Result<Option<Vec<u8>>, Fault> {
        let content = self.authority.content()?;
        if content.is_some() && self.insecure_skip_tls_verify {
            return Err(
                Fault::from("it has insecure-skip-tls-verify and a certificate authority")
                    .help("take insecure-skip-tls-verify out"),
            );
        }
        Ok(content.map(|content| content.to_vec()))
    }

    /// Returns the CA certificates, parsed.
    pub(super) fn certificates(&self) -> Result<Vec<Certificate>, Fault> {
        let Some(pem) = self.authority.content()? else {
            return Ok(Vec::new());
        };
        Certificate::bundle_from_pem(&pem)
            .map_err(|error| format!("its certificate authority: {error}").into())
    }

    /// Describes the cluster for an exec plugin: `Cluster` of `client.authentication.k8s.io`.
    pub(super) fn for_plugin(&self, server: &Server, authority: Option<&[u8]>) -> Value {
        use base64::Engine as _;
        use base64::engine::general_purpose::STANDARD;

        let text = server.text.split(['?', '#']).next();
        let mut told = json!({ "server": text, "config": self.exec });
        let mut add = |name: &str, value: Value| told[name] = value;
        if !self.tls_server_name.is_empty() {
            add("tls-server-name", json!(self.tls_server_name));
        }
        if self.insecure_skip_tls_verify {
            add("insecure-skip-tls-verify", json!(true));
        }
        if let Some(authority) = authority {
            add(
                "certificate-authority-data",
                json!(STANDARD.encode(authority)),
            );
        }
        if !self.proxy_url.is_empty() {
            add("proxy-url", json!(self.proxy_url));
        }
        if self.disable_compression {
            add("disable-compression", json!(true));
        }
        told
    }
}

/// Describes a bundle without a certificate. Names what it holds instead, if that is known.
pub(super) fn no_certificate(pem: &[u8]) -> Fault {
    let what = "its certificate authority holds no certificate";
    let error = Certificate::bundle_from_pem(pem).err();
    let help = error.as_ref().and_then(pem_help::help);
    match (error, help) {
        (Some(error), Some(help)) => Fault::from(format!("{what}: {error}")).help(help),
        _ => what.into(),
    }
}

/// Returns the certificates of a bundle in DER. Skips those that cannot be parsed, as Go's `AppendCertsFromPEM` does.
pub(super) fn anchors(pem: &[u8]) -> Vec<Vec<u8>> {
    const BEGIN: &[u8] = b"-----BEGIN CERTIFICATE-----";

    let starts: Vec<usize> = pem
        .windows(BEGIN.len())
        .enumerate()
        .filter_map(|(at, window)| (window == BEGIN).then_some(at))
        .collect();
    let ends = starts.iter().skip(1).copied().chain([pem.len()]);
    starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| Certificate::bundle_from_pem(&pem[*start..end]).ok())
        .flatten()
        .map(|certificate| certificate.der().to_vec())
        .collect()
}
