//! What a machine needs to join in addition to the token: the API server's address, and the pins of its CA.

use std::fmt::Write as _;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Certificate, Pin};
use zeroize::Zeroizing;

use super::certificate_key::CertificateKey;
use crate::api_server::ApiServer;
use crate::failure::Failure;

pub(super) struct Join {
    endpoint: String,
    /// Whether the address leads each joining machine to itself.
    is_for_itself: bool,
    pins: Vec<Pin>,
    /// For a machine that joins the control plane.
    key: Option<CertificateKey>,
}

impl Join {
    /// Reads the kubeconfig. Sends nothing to the API server.
    pub(super) fn to(server: &ApiServer, key: Option<CertificateKey>) -> Result<Self, Failure> {
        let join = Self::of(server, key)?;
        if join.pins.is_empty() {
            return Err(Failure::new(
                "failed to get join command: no CA certificates found in kubeconfig",
            )
            .help("add certificate-authority-data to the cluster's entry, or use another kubeconfig with --kubeconfig"));
        }
        Ok(join)
    }

    /// Reads the kubeconfig. Has no pins if that names no CA.
    pub(super) fn of(server: &ApiServer, key: Option<CertificateKey>) -> Result<Self, Failure> {
        let pins = server
            .authorities()
            .iter()
            .map(|der| Certificate::from_der(der).map(|certificate| Pin::of(&certificate)))
            .collect::<Result<_, _>>()
            .map_err(|error| {
                Failure::new("failed to get join command: failed to parse CA certificate from kubeconfig")
                    .because(error)
                    .help("mend the certificate authority in the cluster's entry, or use another kubeconfig with --kubeconfig")
            })?;
        Ok(Self {
            endpoint: server.url().replace("https://", ""),
            is_for_itself: server.is_for_itself(),
            pins,
            key,
        })
    }

    /// Returns the warning and the help for an endpoint that is a loopback address.
    pub(super) fn loopback_advice(&self) -> Option<(String, &'static str)> {
        const HELP: &str = "write an address there that other machines reach; `kubectl -n kube-public get configmap cluster-info -o yaml` shows the one that the cluster publishes";

        // Without a pin there is no join command.
        (self.is_for_itself && !self.pins.is_empty()).then(|| {
            let Self { endpoint, .. } = self;
            let warning = format!(
                "the join command names {endpoint}: there each machine looks for the API server on itself"
            );
            (warning, HELP)
        })
    }

    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub(super) fn pins(&self) -> &[Pin] {
        &self.pins
    }

    /// Returns kubeadm's join command, byte for byte: `getJoinCommand`. Without a key it ends with a blank.
    pub(super) fn command(&self, token: &Token) -> Zeroizing<String> {
        // Large enough for the command: growing would leave copies behind.
        let mut text = Zeroizing::new(String::with_capacity(
            256 + self.endpoint.len() + 128 * self.pins.len(),
        ));
        // Writing to a String does not fail.
        let _ = write!(
            text,
            "kubeadm join {} --token {} ",
            self.endpoint,
            token.expose()
        );
        for pin in &self.pins {
            let _ = write!(text, "--discovery-token-ca-cert-hash {pin} ");
        }
        if let Some(key) = &self.key {
            let _ = write!(text, "--control-plane --certificate-key {}", key.expose());
        }
        text
    }
}
