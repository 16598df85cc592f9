//! What is wrong with a signature.

use bootstrap_token::TokenId;
use bootstrap_token_kube::{Finding, Unsigned};

use super::{Words, words};
use crate::moment::utc;

pub(super) fn of(finding: &Finding) -> Option<Words> {
    Some(match finding {
        Finding::NotSignedYet => words(
            "cluster-info is not signed by it, and it was made a moment ago".to_owned(),
            "a machine waits for the signature",
            "wait some seconds, and ask again",
        ),
        Finding::NotSigned { ids, why } => words(
            format!(
                "cluster-info is not signed by {}, and {}",
                ids.iter().map(TokenId::as_str).collect::<Vec<_>>().join(", "),
                seen(*why)
            ),
            "a machine waits for the signature in vain",
            mend(*why),
        ),
        Finding::SignatureOfAnother => words(
            "its signature in cluster-info does not verify, though others do: another secret made it".to_owned(),
            "a machine takes the cluster for a false one",
            "`kubeadm-token sign --write`; and find out who wrote it",
        ),
        Finding::SignatureStale { why, others_too } => words(
            format!(
                "its signature in cluster-info does not verify{}, and {}",
                if *others_too {
                    ", nor does any other: the kubeconfig has been changed since they were made"
                } else {
                    ": the kubeconfig has been changed since it was made, or another secret made it"
                },
                seen(*why)
            ),
            "a machine takes the cluster for a false one",
            format!("`kubeadm-token sign --write` at once; for good, {}", mend(*why)),
        ),
        _ => return None,
    })
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
            "the controller manager runs, but not its signer".to_owned()
        }
        _ => "nobody signs it".to_owned(),
    }
}

fn mend(why: Unsigned) -> &'static str {
    match why {
        Unsigned::NoControllerManager { .. } => {
            "start kube-controller-manager: `crictl ps -a` and its log on a control-plane node tell why it stopped"
        }
        Unsigned::MayNotWrite => {
            "restore the Role and RoleBinding system:controller:bootstrap-signer in kube-public; restarting kube-apiserver does"
        }
        _ => {
            "have --controllers=*,bootstrap-signer-controller,token-cleaner-controller in /etc/kubernetes/manifests/kube-controller-manager.yaml on each control-plane node, and see by `crictl ps -a` that it runs"
        }
    }
}
