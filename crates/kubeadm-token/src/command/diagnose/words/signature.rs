//! What is wrong with a signature.

use bootstrap_token::TokenId;
use bootstrap_token_kube::{Finding, Unsigned};

use super::{Words, words};
use crate::command::discover::remedy::RESTART;
use crate::utc::utc;

pub(super) fn of(finding: &Finding) -> Option<Words> {
    Some(match finding {
        Finding::NotSignedYet => words(
            "cluster-info is not signed by it, and it was made a moment ago".to_owned(),
            "a machine waits for the signature",
            "wait some seconds, and ask again",
        ),
        Finding::NotSigned { ids, why } => words(
            match &ids[..] {
                [] => format!(
                    "cluster-info would not be signed by a new token: {}",
                    seen(*why)
                ),
                ids => format!(
                    "cluster-info is not signed by {}, and {}",
                    listed(ids),
                    seen(*why)
                ),
            },
            "a machine waits for the signature in vain",
            mend(*why),
        ),
        Finding::SignatureOfAnother { ids } => words(
            format!(
                "the signature in cluster-info by {} does not verify, though others do: it was made by another secret, as before the token's Secret was changed, or tampered with",
                listed(ids)
            ),
            "a machine takes the cluster for a false one",
            "if nobody has changed the token's Secret, find out who wrote it; then `kubeadm-token sign --write` puts the right one there",
        ),
        Finding::SignatureMalformed { ids } => words(
            format!(
                "what stands in cluster-info in the place of the signature by {} is none of a controller manager's",
                listed(ids)
            ),
            "a machine takes the cluster for a false one",
            "find out who wrote it; `kubeadm-token sign --write` puts the right one there",
        ),
        Finding::SignatureStale {
            ids,
            why,
            others_too,
        } => words(
            format!(
                "the signature in cluster-info by {} does not verify: {}, and {}",
                listed(ids),
                if *others_too {
                    "no other does, so that the kubeconfig has been changed since"
                } else {
                    "the kubeconfig has been changed since, or another secret made it"
                },
                seen(*why)
            ),
            "a machine takes the cluster for a false one",
            format!(
                "look at the server and CA in `kubectl -n kube-public get configmap cluster-info -o yaml`, since whoever signs vouches for them; \
                 if they are right, {}",
                mend(*why)
            ),
        ),
        Finding::NoControllerManager { seen } => words(
            self::seen(Unsigned::NoControllerManager { seen: *seen }),
            "it signs cluster-info, and approves and issues the certificate that a machine asks for",
            mend(Unsigned::NoControllerManager { seen: *seen }),
        ),
        _ => return None,
    })
}

fn listed(ids: &[TokenId]) -> String {
    ids.iter()
        .map(TokenId::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}

fn seen(why: Unsigned) -> String {
    match why {
        Unsigned::NoControllerManager { seen } => format!(
            "the controller manager has not been heard of since {}",
            utc(seen)
        ),
        Unsigned::MayNotWrite => {
            "its signer, the service account kube-system/bootstrap-signer, may not write it"
                .to_owned()
        }
        Unsigned::SignerOff { manager_runs: true } => {
            "the controller manager was heard of a moment ago, but nothing of its signer".to_owned()
        }
        Unsigned::Unknown => {
            "why that is so, could not be looked at, as the warnings say".to_owned()
        }
        _ => "nobody signs it".to_owned(),
    }
}

/// The controller manager for good, and this command meanwhile.
fn mend(why: Unsigned) -> String {
    let for_good = match why {
        Unsigned::NoControllerManager { .. } => {
            return "start kube-controller-manager: `crictl ps -a` and its log on a control-plane node tell why it stopped".to_owned();
        }
        Unsigned::Unknown => {
            "mend what the warnings say, and ask again".to_owned()
        }
        Unsigned::MayNotWrite => format!(
            "have kube-apiserver restore the Role and RoleBinding system:controller:bootstrap-signer in kube-public, which it does as it starts ({RESTART})"
        ),
        _ => "if it is so again in half a minute, look at --controllers in /etc/kubernetes/manifests/kube-controller-manager.yaml on each control-plane node: add bootstrapsigner and tokencleaner to what is there, or have --controllers=*,bootstrapsigner,tokencleaner where there is none, and take out what switches them off, as -bootstrapsigner or -bootstrap-signer-controller; the kubelet restarts it by itself: see by `crictl ps -a` that it runs".to_owned(),
    };
    format!("`kubeadm-token sign --write` signs at once; and for what comes, {for_good}")
}
