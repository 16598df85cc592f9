//! What is wrong with cluster-info.

use std::error::Error as _;

use bootstrap_token_discovery::{Distrust, Pin};
use bootstrap_token_kube::Finding;

use super::{PUBLISH, Words, words};
use crate::command::discover::remedy::LET_READ;

pub(super) fn of(finding: &Finding) -> Option<Words> {
    Some(match finding {
        Finding::NoClusterInfo => words(
            "there is no ConfigMap cluster-info in kube-public".to_owned(),
            "by it a machine learns which cluster it joins",
            PUBLISH,
        ),
        Finding::ClusterInfoNotPublic => words(
            "cluster-info cannot be read without credentials".to_owned(),
            "a machine that joins has none, and is answered 401 or 403",
            format!(
                "{LET_READ}; where one is there already, go on with the other. If it is so still, see --anonymous-auth and --authentication-config of kube-apiserver, or join by a discovery file, as `kubeadm-token discover --help` tells; last of all, {PUBLISH}"
            ),
        ),
        Finding::ClusterInfo(
            distrust @ (Distrust::Expired { .. } | Distrust::NotYetValid { .. }),
        ) => words(
            format!("{distrust}, by the API server's clock"),
            "nothing that it vouches for is trusted",
            "is the clock right on the control-plane nodes (`timedatectl`)? If it is, the cluster needs a CA that is valid, and nothing can join before that",
        ),
        Finding::ClusterInfo(distrust) => words(
            match distrust.source() {
                Some(source) => format!("{distrust}: {source}"),
                None => distrust.to_string(),
            },
            "a machine can do nothing with it",
            format!("write the kubeconfig in it anew: {PUBLISH}"),
        ),
        Finding::FurtherAuthority { further } => words(
            format!(
                "cluster-info has certificate authorities besides that of this kubeconfig: {}",
                listed(further)
            ),
            "`kubeadm join` trusts each of them once one is pinned, so that whoever has the key of one can pass for the cluster",
            format!(
                "is the cluster's CA being changed, and that the next one? If not, somebody else put it there: write the kubeconfig anew: {PUBLISH}"
            ),
        ),
        Finding::OtherAuthority { published } => words(
            format!(
                "cluster-info has another certificate authority than this kubeconfig has for the same server: {}",
                listed(published)
            ),
            "it is not the one that vouches for the API server, so a machine that trusts it refuses the server",
            format!(
                "write the kubeconfig in it anew: {PUBLISH}; then hand out the new pin, which `kubeadm-token pin` prints"
            ),
        ),
        Finding::ClusterInfoNearlyFull { bytes } => words(
            format!(
                "cluster-info holds {bytes} of {} bytes",
                Finding::MOST_BYTES
            ),
            "when it is full, no token is signed any more",
            "delete tokens that nobody needs: `kubeadm-token list --redact --sort-by expires`, `kubeadm-token delete`",
        ),
        _ => return None,
    })
}

fn listed(pins: &[Pin]) -> String {
    let pins: Vec<_> = pins.iter().map(ToString::to_string).collect();
    pins.join(", ")
}
