use core::fmt;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token::Token;
use zeroize::Zeroizing;

use crate::settings::{ProxyUrl, Settings};
use crate::unverified::valid;
use crate::{
    Anchor, Certificate, Distrust, Endpoint, Pin, UnverifiedCluster, bootstrap_kubeconfig,
    kubeconfig,
};

/// A cluster that may be joined: where it is, and by which CA certificates its API server shows that it is the
/// one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedCluster {
    server: Endpoint,
    certificates: Vec<Certificate>,
    settings: Settings,
}

impl UnverifiedCluster {
    /// With those certificates only that the anchor vouches for and that are valid: another that stands beside them
    /// vouches for nothing.
    pub(crate) fn trust(
        self,
        anchor: &Anchor,
        now: SystemTime,
    ) -> Result<TrustedCluster, Distrust> {
        let Self {
            server,
            certificates,
            pem,
        } = self;
        let (pinned, others): (Vec<_>, Vec<_>) = certificates
            .into_iter()
            .partition(|certificate| anchor.vouches_for(certificate));
        if pinned.is_empty() {
            return Err(Distrust::NotPinned {
                found: others.iter().map(Pin::of).collect(),
                hashed: anchor.hashed(&others, &pem),
            });
        }
        let certificates = valid(pinned, now)?;
        Ok(TrustedCluster {
            server,
            certificates,
            settings: Settings::default(),
        })
    }
}

impl TrustedCluster {
    /// The cluster that a discovery file names: a kubeconfig that was handed over by somebody who is trusted, such
    /// as the one in cluster-info. No signature is asked for. Users in it are not looked at, and its CA certificates
    /// must stand in it.
    ///
    /// # Errors
    /// It names none, several, or none that is to be trusted.
    pub fn from_discovery_file(
        text: &str,
        anchor: &Anchor,
        now: SystemTime,
    ) -> Result<Self, Distrust> {
        let (cluster, settings) = kubeconfig::read_with_settings(text)?;
        let trusted = cluster.trust(anchor, now)?;
        Ok(Self {
            settings,
            ..trusted
        })
    }

    /// Where its API server is, by its own word.
    #[must_use]
    pub fn server(&self) -> &Endpoint {
        &self.server
    }

    /// The name in the server's certificate, where a discovery file has one in the place of the server's own.
    #[must_use]
    pub fn tls_server_name(&self) -> Option<&str> {
        self.settings.tls_server_name.as_deref()
    }

    /// The URL of the proxy to the server, where a discovery file has one. It may hold a password.
    #[must_use]
    pub fn expose_proxy_url(&self) -> Option<&str> {
        self.settings.proxy_url.as_ref().map(ProxyUrl::expose)
    }

    /// Its CA certificates: those that the anchor vouches for and that are valid; at least one.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// The same as a PEM bundle.
    #[must_use]
    pub fn certificates_pem(&self) -> String {
        self.certificates
            .iter()
            .map(|certificate| Pem("CERTIFICATE", certificate.der()).to_string())
            .collect()
    }

    /// A kubeconfig by which a kubelet can bootstrap: the cluster, and the token as the credential. Users,
    /// context and cluster have kubeadm's names. It is as secret as the token.
    #[must_use]
    pub fn expose_bootstrap_kubeconfig(&self, token: &Token) -> Zeroizing<String> {
        bootstrap_kubeconfig::expose(self, token)
    }
}

/// A certificate in PEM: RFC 7468.
pub(crate) struct Pem<'a>(pub(crate) &'static str, pub(crate) &'a [u8]);

impl fmt::Display for Pem<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base64 = STANDARD.encode(self.1);
        let label = self.0;
        writeln!(f, "-----BEGIN {label}-----")?;
        let mut rest = &*base64;
        while !rest.is_empty() {
            let (line, after) = rest.split_at(rest.len().min(64));
            writeln!(f, "{line}")?;
            rest = after;
        }
        writeln!(f, "-----END {label}-----")
    }
}
