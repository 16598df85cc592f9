use core::fmt::{self, Write as _};
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token::Token;
use zeroize::Zeroizing;

use crate::unverified::valid;
use crate::{Anchor, Certificate, Distrust, Endpoint, Pin, UnverifiedCluster, kubeconfig};

/// A cluster that may be joined: where it is, and by which CA certificates its API server shows that it is the
/// one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedCluster {
    server: Endpoint,
    certificates: Vec<Certificate>,
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
        } = self;
        let (pinned, others): (Vec<_>, Vec<_>) = certificates
            .into_iter()
            .partition(|certificate| anchor.vouches_for(certificate));
        if pinned.is_empty() {
            return Err(Distrust::NotPinned {
                found: others.iter().map(Pin::of).collect(),
                hashed: anchor.hashed(&others),
            });
        }
        let certificates = valid(pinned, now)?;
        Ok(TrustedCluster {
            server,
            certificates,
        })
    }
}

impl TrustedCluster {
    /// The cluster that a discovery file names: a kubeconfig that was handed over by somebody who is trusted, such
    /// as the one in cluster-info. No signature is asked for. Users and contexts in it are not looked at, and its
    /// CA certificates are to stand in it.
    ///
    /// # Errors
    /// It names none, several, or none that is to be trusted.
    pub fn from_discovery_file(
        text: &str,
        anchor: &Anchor,
        now: SystemTime,
    ) -> Result<Self, Distrust> {
        kubeconfig::read(text)?.trust(anchor, now)
    }

    /// Where its API server is, by its own word.
    #[must_use]
    pub fn server(&self) -> &Endpoint {
        &self.server
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
        const CLUSTER: &str = "kubernetes";
        const USER: &str = "tls-bootstrap-token-user";

        let data = STANDARD.encode(self.certificates_pem());
        let mut server = self.server.to_string();
        // As a path may: in YAML that is a key, unless it is quoted. No address has a quotation mark in it.
        if server.ends_with(':') {
            server = format!("'{server}'");
        }
        // Long enough to be written without being moved in memory.
        let mut text = Zeroizing::new(String::with_capacity(data.len() + server.len() + 1024));
        // Writing to a String does not fail.
        let _ = write!(
            text,
            "apiVersion: v1\n\
             clusters:\n\
             - cluster:\n\
             \x20   certificate-authority-data: {data}\n\
             \x20   server: {server}\n\
             \x20 name: {CLUSTER}\n\
             contexts:\n\
             - context:\n\
             \x20   cluster: {CLUSTER}\n\
             \x20   user: {USER}\n\
             \x20 name: {USER}@{CLUSTER}\n\
             current-context: {USER}@{CLUSTER}\n\
             kind: Config\n\
             users:\n\
             - name: {USER}\n\
             \x20 user:\n\
             \x20   token: {}\n",
            &*token.expose(),
        );
        text
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
