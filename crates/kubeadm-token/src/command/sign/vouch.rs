//! What whoever signs vouches for, and what nobody is to vouch for.

use bootstrap_token_discovery::{Anchor, Certificate, Endpoint, Pin};
use bootstrap_token_kube::Signatures;

use crate::api_server::ApiServer;
use crate::failure::Chain;

/// What is known of the cluster without asking cluster-info.
pub(super) struct Known {
    /// Where the kubeconfig leads to, if that is by TLS.
    server: Option<Endpoint>,
    /// The CAs that it trusts there.
    pins: Vec<Pin>,
    /// Those that were named besides.
    named: Option<Anchor>,
}

impl Known {
    pub(super) fn of(server: &ApiServer, named: Option<Anchor>) -> Self {
        let route = server.route();
        Self {
            // By plain HTTP nothing vouches for the server, and there is nothing to compare.
            pins: route.as_ref().map_or_else(Vec::new, |_| server.pins()),
            server: route.map(|route| route.server().clone()),
            named,
        }
    }

    /// What is to be told before it is signed, or why it is not to be.
    pub(super) fn judge(&self, signatures: &Signatures) -> Result<Option<String>, String> {
        let is_to_sign = signatures.changes().any(|(_, value)| value.is_some());
        let is_compared = !self.pins.is_empty() || self.named.is_some();
        let cluster = match signatures.danger_unverified_cluster() {
            Ok(cluster) => cluster,
            // kubeadm may read a CA there all the same.
            Err(distrust) if is_to_sign && is_compared => {
                return Err(format!("its CA cannot be told: {}", Chain(distrust)));
            }
            Err(distrust) => {
                let why = Chain(distrust);
                let warning = format!("no machine can join by what is signed here: {why}");
                return Ok(is_to_sign.then_some(warning));
            }
        };
        let all = cluster.certificates();
        let foreign: Vec<_> = all.iter().filter(|one| !self.vouches_for(one)).collect();
        // Elsewhere the kubeconfig may have a CA of its own for the server, as for a load balancer.
        let is_elsewhere = self.server.as_ref() != Some(cluster.server())
            && self.named.is_none()
            && foreign.len() == all.len();
        if is_compared && !is_elsewhere && !foreign.is_empty() {
            return Err(format!(
                "in it stands a CA that the kubeconfig does not trust: {}",
                listed(foreign)
            ));
        }
        Ok(is_to_sign.then(|| {
            let server = cluster.server().address();
            let pins = listed(all);
            let compared = if is_compared && is_elsewhere {
                "; this kubeconfig leads to another server and trusts no CA of these, so that nothing was compared: --ca-pin or --ca-file does"
            } else {
                ""
            };
            format!(
                "whoever signs vouches for the server {server} and the CA {pins}, which stand in cluster-info: see that they are this cluster's{compared}"
            )
        }))
    }

    fn vouches_for(&self, certificate: &Certificate) -> bool {
        let is_named = |named: &Anchor| named.vouches_for(certificate);
        self.pins.contains(&Pin::of(certificate)) || self.named.as_ref().is_some_and(is_named)
    }
}

fn listed<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> String {
    let pins = certificates.into_iter().map(|one| Pin::of(one).to_string());
    pins.collect::<Vec<_>>().join(", ")
}
