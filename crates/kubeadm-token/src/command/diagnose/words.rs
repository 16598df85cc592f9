//! Each finding in words.

use std::error::Error as _;
use std::time::SystemTime;

use bootstrap_token::TokenId;
use bootstrap_token_kube::{Finding, Subject, Unchecked, Unsigned};
use bootstrap_token_secret::{Defect, Expiration, ExtraGroup, Usage, keys};

const NEW_TOKEN: &str = "`kubeadm-token create`, and join by the new token";

/// What is told of one cause.
pub(super) struct Line {
    pub(super) code: &'static str,
    pub(super) words: Words,
}

pub(super) struct Words {
    pub(super) saw: String,
    pub(super) why: &'static str,
    pub(super) mend: String,
}

impl Line {
    pub(super) fn of(finding: &Finding, subject: &Subject) -> Self {
        Self {
            code: finding.code(),
            words: Words::of(finding, subject),
        }
    }
}

impl Words {
    fn of(finding: &Finding, subject: &Subject) -> Self {
        let id = subject.id().map(|id| id.to_string()).unwrap_or_default();
        let name = format!("{}{id}", keys::SECRET_PREFIX);
        of_token(finding, &name)
            .or_else(|| of_cluster_info(finding))
            .or_else(|| of_signature(finding))
            .unwrap_or_else(|| {
                words(
                    finding.code().to_owned(),
                    "it keeps machines from joining",
                    String::new(),
                )
            })
    }
}

pub(super) fn words(saw: String, why: &'static str, mend: impl Into<String>) -> Words {
    let mend = mend.into();
    Words { saw, why, mend }
}

fn of_token(finding: &Finding, name: &str) -> Option<Words> {
    Some(match finding {
        Finding::NoToken { was_there } => words(
            format!(
                "there is no Secret {name:?} in kube-system{}",
                if *was_there {
                    ", and a signature by it is left in cluster-info: it was there until a moment ago"
                } else {
                    ": the token was deleted, has expired and was cleaned away, or never was in this cluster"
                }
            ),
            "the API server refuses a token that is not there",
            format!("{NEW_TOKEN}; is it this cluster that was meant?"),
        ),
        Finding::WrongName { found } => words(
            format!("the Secret {found:?} holds this token-id"),
            "a token is looked for in a Secret of its own name only",
            format!(
                "store it as {name:?}: `kubeadm-token manifest - | kubectl apply -f -`, and delete the other"
            ),
        ),
        Finding::Defect(defect) => of_defect(defect, name),
        Finding::Expired {
            expiration,
            there,
            here_too,
        } => words(
            format!(
                "it expired at {expiration}; {}",
                match there {
                    Some(there) if *here_too =>
                        format!("the API server's clock shows {}", time(*there)),
                    Some(there) => format!(
                        "the API server's clock shows {}, though by this machine's it has not expired",
                        time(*there)
                    ),
                    None => "the API server does not tell its time".to_owned(),
                }
            ),
            "an expired token is refused, signs no more, and is deleted",
            NEW_TOKEN,
        ),
        Finding::ClockAhead { here, there } => words(
            format!(
                "this machine's clock shows {}, and the API server's {}: by the one the token has expired, by the other it has not",
                time(*here),
                time(*there)
            ),
            "the API server's clock decides, but a machine whose clock is wrong refuses certificates",
            "set this machine's clock, by `timedatectl set-ntp true` where there is systemd",
        ),
        Finding::WrongSecret => words(
            "the token's secret is not the one that is stored".to_owned(),
            "the API server refuses it, and the signature cannot be verified by it",
            format!("look for a typing error, or {NEW_TOKEN}"),
        ),
        Finding::NotAuthenticated => words(
            "nothing is wrong with the token, and the API server does not take it".to_owned(),
            "no token is taken while authentication by bootstrap tokens is off",
            "start kube-apiserver with --enable-bootstrap-token-auth=true, in /etc/kubernetes/manifests/kube-apiserver.yaml",
        ),
        Finding::MayNotRequestCertificate { groups } => words(
            format!(
                "none of its groups may create certificate signing requests: {}",
                groups.join(", ")
            ),
            "a kubelet gets its certificate by such a request",
            format!(
                "`kubectl create clusterrolebinding kubeadm:kubelet-bootstrap --clusterrole=system:node-bootstrapper --group={}`, or a token with that group",
                ExtraGroup::DEFAULT_NODE_TOKEN
            ),
        ),
        _ => return None,
    })
}

fn of_cluster_info(finding: &Finding) -> Option<Words> {
    Some(match finding {
        Finding::NoClusterInfo => words(
            "there is no ConfigMap cluster-info in kube-public".to_owned(),
            "by it a machine learns which cluster it joins",
            "`kubeadm init phase bootstrap-token` on a control-plane node",
        ),
        Finding::ClusterInfoNotPublic => words(
            "who has no credentials may not read cluster-info".to_owned(),
            "a machine that joins has none, and is answered 401 or 403",
            "`kubeadm init phase bootstrap-token`, and --anonymous-auth of kube-apiserver; or join by a discovery file",
        ),
        Finding::ClusterInfo(distrust) => words(
            match distrust.source() {
                Some(source) => format!("{distrust}: {source}"),
                None => distrust.to_string(),
            },
            "a machine can do nothing with it",
            "`kubeadm init phase bootstrap-token` writes the kubeconfig in cluster-info anew",
        ),
        Finding::OtherAuthority { published } => words(
            format!(
                "cluster-info has another certificate authority than this kubeconfig: {}",
                published
                    .iter()
                    .map(ToString::to_string)
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
            "it is not the one that vouches for the API server, so a machine that trusts it refuses the server",
            "`kubeadm init phase bootstrap-token` writes the kubeconfig in cluster-info anew; then hand out the new pin, which `kubeadm-token pin` prints",
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

fn of_signature(finding: &Finding) -> Option<Words> {
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

fn of_defect(defect: &Defect, name: &str) -> Words {
    let saw = match defect.source() {
        Some(source) => format!("of the Secret {name:?}: {defect}: {source}"),
        None => format!("of the Secret {name:?}: {defect}"),
    };
    let (why, mend) = match defect {
        Defect::WrongType { .. } => (
            "no component looks at a Secret of another type",
            "a type cannot be changed: delete the Secret and store it anew, by `kubeadm-token manifest - | kubectl apply -f -`".to_owned(),
        ),
        Defect::WrongName { .. } => (
            "a token is looked for in a Secret of its own name only",
            format!("`kubectl -n kube-system delete secret {name}`, and {NEW_TOKEN}"),
        ),
        Defect::BeingDeleted => ("a token that is being deleted is refused", NEW_TOKEN.to_owned()),
        Defect::LacksUsage {
            usage: Usage::Signing,
            ..
        } => (
            "a machine cannot verify the cluster by it",
            format!("{NEW_TOKEN}, with --usages signing,authentication as by default"),
        ),
        Defect::LacksUsage {
            usage: Usage::Authentication,
            ..
        } => (
            "the API server refuses it",
            format!("{NEW_TOKEN}, with --usages signing,authentication as by default"),
        ),
        Defect::BadGroup { .. } => (
            "one bad group, and the API server refuses the token",
            format!(
                "`kubectl -n kube-system edit secret {name}`, auth-extra-groups; or {NEW_TOKEN}"
            ),
        ),
        Defect::MalformedExpiration(_) => ("it is taken for expired", NEW_TOKEN.to_owned()),
        _ => (
            "no component can use it",
            format!("`kubectl -n kube-system delete secret {name}`, and {NEW_TOKEN}"),
        ),
    };
    Words { saw, why, mend }
}

fn seen(why: Unsigned) -> String {
    match why {
        Unsigned::NoControllerManager { seen } => format!(
            "the controller manager has not been heard of since {}",
            time(seen)
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
            "see to it that kube-controller-manager runs, with bootstrap-signer-controller in its --controllers"
        }
    }
}

/// What was not looked at.
pub(super) fn unchecked(what: Unchecked) -> &'static str {
    match what {
        Unchecked::Authentication => "whether the API server takes the token",
        Unchecked::CertificateRights => "whether its groups may ask for a certificate",
        Unchecked::PublicRead => "whether anybody may read cluster-info",
        Unchecked::SignerRights => "whether the signer may write cluster-info",
        Unchecked::ControllerManager => "whether the controller manager runs",
        Unchecked::OtherTokens => "the other tokens",
        _ => "something else",
    }
}

fn time(time: SystemTime) -> String {
    Expiration::after(time, std::time::Duration::ZERO).map_or_else(
        |_| "a time beyond all calendars".to_owned(),
        |time| time.to_utc_string(),
    )
}
