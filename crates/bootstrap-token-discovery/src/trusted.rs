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

/// A cluster that can be joined: its address, and the CA certificates that verify its API server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedCluster {
    server: Endpoint,
    certificates: Vec<Certificate>,
    settings: Settings,
}

impl UnverifiedCluster {
    /// Keeps only the valid certificates that the anchor vouches for. Others in the bundle are not trusted.
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
    /// Parses a discovery file: a kubeconfig from a trusted source, such as the one in cluster-info. It needs no
    /// signature. Its users are ignored, and it must contain the CA certificates.
    ///
    /// # Errors
    /// It has no cluster, several, or one that cannot be trusted.
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

    /// Returns the address of the API server, as the cluster declares it.
    #[must_use]
    pub fn server(&self) -> &Endpoint {
        &self.server
    }

    /// Returns the name that the server's certificate must have, if a discovery file sets it.
    #[must_use]
    pub fn tls_server_name(&self) -> Option<&str> {
        self.settings.tls_server_name.as_deref()
    }

    /// Returns the URL of the server's proxy, if a discovery file sets it. It may hold a password.
    #[must_use]
    pub fn expose_proxy_url(&self) -> Option<&str> {
        self.settings.proxy_url.as_ref().map(ProxyUrl::expose)
    }

    /// Returns the valid CA certificates that the anchor vouches for: at least one.
    #[must_use]
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }

    /// Returns the CA certificates as a PEM bundle.
    #[must_use]
    pub fn certificates_pem(&self) -> String {
        self.certificates
            .iter()
            .map(|certificate| Pem("CERTIFICATE", certificate.der()).to_string())
            .collect()
    }

    /// Returns a kubeconfig for a kubelet's bootstrap: the cluster, with the token as the credential and kubeadm's
    /// names. It is as secret as the token.
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
