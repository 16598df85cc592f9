//! Checks the CA certificates in cluster-info before they are signed.

use bootstrap_token_discovery::{Anchor, Certificate, Endpoint, Pin};
use bootstrap_token_kube::Signatures;

use crate::api_server::ApiServer;
use crate::failure::Chain;
use crate::notes::Kind;

/// The server and the CA that the kubeconfig or the flags name.
pub(super) struct CaCheck {
    /// The kubeconfig's server, if it is reached by TLS.
    server: Option<Endpoint>,
    /// The CAs that the kubeconfig trusts there.
    pins: Vec<Pin>,
    /// The CAs named by flags.
    named: Option<Anchor>,
    options: Options,
}

/// The flags of `sign`.
#[derive(Clone, Copy)]
pub(super) struct Options {
    /// Sign, instead of only showing what would be signed.
    pub(super) write: bool,
    /// Sign without a known CA.
    pub(super) danger: bool,
}

/// A warning about what is signed.
#[derive(PartialEq, Eq)]
pub(super) struct Warning {
    pub(super) kind: Kind,
    pub(super) text: String,
}

/// Why nothing is signed.
#[derive(Clone, Copy)]
pub(super) enum Refusal {
    Foreign,
    Uncompared,
}

impl Refusal {
    pub(super) fn help(self) -> &'static str {
        match self {
            Self::Foreign => {
                "find out who wrote it, and write the kubeconfig in it anew: `kubeadm init phase bootstrap-token` on a control-plane node; the controller manager signs it then. A CA that is this cluster's, as the next one in the middle of a rotation, is named by --ca-pin or --ca-file"
            }
            Self::Uncompared => {
                "name this cluster's CA by --ca-pin or --ca-file, as /etc/kubernetes/pki/ca.crt on a control-plane node; --danger-skip-ca-pin signs whatever stands there"
            }
        }
    }
}

impl CaCheck {
    pub(super) fn of(server: &ApiServer, named: Option<Anchor>, options: Options) -> Self {
        let route = server.route().filter(|_| server.not_verified().is_none());
        Self {
            // If the server is not verified, there is nothing to compare with.
            pins: route.as_ref().map_or_else(Vec::new, |_| server.pins()),
            server: route.map(|route| route.server().clone()),
            named,
            options,
        }
    }

    /// Returns the warning to show before signing, or the reason to refuse it.
    pub(super) fn judge(
        &self,
        signatures: &Signatures,
    ) -> Result<Option<Warning>, (Refusal, String)> {
        let is_to_sign = signatures.changes().any(|(_, value)| value.is_some());
        let Options { write, danger } = self.options;
        let is_refused_unseen = is_to_sign && write && !danger;
        let knows_some = !self.pins.is_empty() || self.named.is_some();
        let cluster = match signatures.danger_unverified_cluster() {
            Ok(cluster) => cluster,
            // kubeadm may still find a CA there.
            Err(distrust) if is_refused_unseen || is_to_sign && knows_some => {
                let why = format!("its CA cannot be told: {}", Chain(distrust));
                return Err((Refusal::Foreign, why));
            }
            Err(distrust) => {
                let why = Chain(distrust);
                // A program must learn that signing does not help.
                let warning = Warning {
                    kind: Kind::Finding,
                    text: format!("no machine can join by what is signed here: {why}"),
                };
                return Ok(is_to_sign.then_some(warning));
            }
        };
        let all = cluster.certificates();
        let foreign: Vec<_> = all.iter().filter(|one| !self.vouches_for(one)).collect();
        // The kubeconfig may have another CA for another server, such as a load balancer.
        let is_elsewhere = self.server.as_ref() != Some(cluster.server())
            && self.named.is_none()
            && foreign.len() == all.len();
        let uncompared = if !knows_some {
            Some("this kubeconfig knows no server by a CA")
        } else if is_elsewhere {
            Some("this kubeconfig leads to another server and trusts no CA of these")
        } else {
            None
        };
        if uncompared.is_none() && !foreign.is_empty() {
            let foreign = listed(foreign);
            let why = format!("in it stands a CA that the kubeconfig does not trust: {foreign}");
            return Err((Refusal::Foreign, why));
        }
        let (server, pins) = (cluster.server().address(), listed(all));
        match uncompared {
            Some(why) if is_refused_unseen => Err((
                Refusal::Uncompared,
                format!("nobody vouches for the server {server} and the CA {pins} in it: {why}"),
            )),
            _ => Ok(is_to_sign.then(|| {
                let nothing = uncompared.map_or_else(String::new, |why| {
                    format!("; {why}, so that nothing was compared: --ca-pin or --ca-file does")
                });
                let text = format!(
                    "whoever signs vouches for the server {server} and the CA {pins}, which stand in cluster-info: see that they are this cluster's{nothing}"
                );
                Warning {
                    kind: Kind::Advice,
                    text,
                }
            })),
        }
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
