//! What is wrong with a token.

use std::error::Error as _;

use bootstrap_token_kube::Finding;
use bootstrap_token_secret::{Defect, ExtraGroup, Usage};

use super::{PUBLISH, Words, words};
use crate::command::discover::remedy::RESTART;
use crate::utc::utc;

const NEW_TOKEN: &str = "`kubeadm-token create`, and join by the new token";

pub(super) fn of(finding: &Finding, name: &str) -> Option<Words> {
    Some(match finding {
        Finding::NoToken { was_there } => words(
            format!(
                "there is no Secret {name:?} in kube-system{}",
                if *was_there {
                    ", and a signature by it is left in cluster-info: it was there once"
                } else {
                    ": the token was deleted, was cleaned away since it had expired or its expiration could not be read, or never was in this cluster"
                }
            ),
            "the API server refuses a token that is not there",
            format!("{NEW_TOKEN}; is it this cluster that was meant?"),
        ),
        Finding::WrongName { found } => words(
            format!("the Secret {found:?} holds this token-id"),
            "a token is looked for in a Secret of its own name only",
            format!("`kubectl -n kube-system delete secret {found}`, and {NEW_TOKEN}"),
        ),
        Finding::NotForJoining => words(
            format!(
                "`kubeadm init phase upload-certs` made the token of the Secret {name:?}, and no machine joins by it: when it expires, the uploaded certificates in the Secret \"kubeadm-certs\" are deleted"
            ),
            "it has no usages on purpose, and nothing is wrong with it",
            NEW_TOKEN,
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
                        format!("the API server's clock shows {}", utc(*there)),
                    Some(there) => format!(
                        "the API server's clock shows {}, though by this machine's it has not expired",
                        utc(*there)
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
                utc(*here),
                utc(*there)
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
            "the API server does not take a token with which nothing is wrong".to_owned(),
            "no token is taken while authentication by bootstrap tokens is off",
            "write --enable-bootstrap-token-auth=true into /etc/kubernetes/manifests/kube-apiserver.yaml on each control-plane node; the kubelet restarts it by itself",
        ),
        Finding::MayNotRequestCertificate { groups } => words(
            format!(
                "none of these groups may create certificate signing requests: {}",
                listed(groups)
            ),
            "a kubelet gets its certificate by such a request",
            allow(groups, &ASK),
        ),
        Finding::NotApproved { groups } => words(
            format!(
                "requests for a certificate by these groups are approved by nobody: {}",
                listed(groups)
            ),
            "a kubelet waits for the certificate until somebody runs `kubectl certificate approve`",
            allow(groups, &APPROVAL),
        ),
        Finding::MayNotReadKubeadmConfig { groups } => words(
            format!(
                "none of these groups may read the ConfigMap kubeadm-config in kube-system: {}",
                listed(groups)
            ),
            "`kubeadm join` reads it; a kubelet that bootstraps by itself does not",
            format!(
                "`kubectl -n kube-system create role kubeadm:nodes-kubeadm-config --verb=get --resource=configmaps --resource-name=kubeadm-config` and \
                 `kubectl -n kube-system create rolebinding kubeadm:nodes-kubeadm-config --role=kubeadm:nodes-kubeadm-config --group={} --group=system:nodes`; \
                 and the same for kubelet-config, by the name kubeadm:kubelet-config, if that is missing too",
                ExtraGroup::DEFAULT_NODE_TOKEN
            ),
        ),
        _ => return None,
    })
}

/// The most groups that are told by name.
const MOST_NAMED: usize = 8;

/// The first of them; a token may be in a hundred thousand.
fn listed(groups: &[String]) -> String {
    let (named, others) = groups.split_at(groups.len().min(MOST_NAMED));
    match others.len() {
        0 => named.join(", "),
        others => format!("{} and {others} more", named.join(", ")),
    }
}

/// A role that a machine takes, and the names of the bindings that kubeadm and others give it by.
struct Right {
    role: &'static str,
    by_kubeadm: &'static str,
    by_others: &'static str,
}

const ASK: Right = Right {
    role: "system:node-bootstrapper",
    by_kubeadm: "kubeadm:kubelet-bootstrap",
    by_others: "kubelet-bootstrap",
};

const APPROVAL: Right = Right {
    role: "system:certificates.k8s.io:certificatesigningrequests:nodeclient",
    by_kubeadm: "kubeadm:node-autoapprove-bootstrap",
    by_others: "node-autoapprove-bootstrap",
};

impl Right {
    fn bind(&self, name: &str, group: &str) -> String {
        let Self { role, .. } = self;
        format!("`kubectl create clusterrolebinding {name} --clusterrole={role} --group={group}`")
    }
}

/// How one of a token's groups gets a right.
fn allow(groups: &[String], right: &Right) -> String {
    let default = ExtraGroup::DEFAULT_NODE_TOKEN;
    if groups.iter().any(|group| group == default) {
        let bind = right.bind(right.by_kubeadm, default);
        return format!(
            "{bind}; if that is there already, for another group, {PUBLISH}; and if it is so still, have kube-apiserver restore the role itself as it starts ({RESTART})"
        );
    }
    let new = format!(
        "`kubeadm-token create` makes a token in the group {default}, which kubeadm gives all rights that joining takes"
    );
    let extra = |group: &String| {
        let name = group.strip_prefix("system:bootstrappers:")?;
        let [asks, is_approved] =
            [ASK, APPROVAL].map(|right| right.bind(&format!("{}:{name}", right.by_others), group));
        Some(format!("{asks} and {is_approved}"))
    };
    match groups.iter().find_map(extra) {
        Some(bind) => format!("{new}; or, where no kubeadm joins, give them to this one: {bind}"),
        None => new,
    }
}

fn of_defect(defect: &Defect, name: &str) -> Words {
    let saw = match defect.source() {
        Some(source) => format!("of the Secret {name:?}: {defect}: {source}"),
        None => format!("of the Secret {name:?}: {defect}"),
    };
    let (why, mend) = match defect {
        Defect::WrongNamespace { found } => (
            "no component looks for tokens in another namespace than kube-system",
            format!("`kubectl -n {found} delete secret {name}`, and {NEW_TOKEN}"),
        ),
        Defect::WrongType { .. } => (
            "no component looks at a Secret of another type",
            format!("`kubectl -n kube-system delete secret {name}`, and {NEW_TOKEN}"),
        ),
        Defect::WrongName { .. } => (
            "a token is looked for in a Secret of its own name only",
            format!("`kubectl -n kube-system delete secret {name}`, and {NEW_TOKEN}"),
        ),
        Defect::BeingDeleted => (
            "a token that is being deleted is refused",
            NEW_TOKEN.to_owned(),
        ),
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
                "{NEW_TOKEN}; or put the default group in the place of all that it has: `kubectl -n kube-system patch secret {name} --patch \
                 '{{\"stringData\":{{\"auth-extra-groups\":\"{}\"}}}}'`",
                ExtraGroup::DEFAULT_NODE_TOKEN
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_right_to_ask_for_a_certificate_is_given_to_a_group_that_the_token_is_in() {
        let of = |extra: &[&str]| {
            let groups = [&["system:bootstrappers"], extra].concat();
            allow(
                &groups.iter().map(ToString::to_string).collect::<Vec<_>>(),
                &ASK,
            )
        };
        let default = "system:bootstrappers:kubeadm:default-node-token";
        // What takes nothing away comes first.
        let bind = format!(
            "`kubectl create clusterrolebinding kubeadm:kubelet-bootstrap --clusterrole=system:node-bootstrapper --group={default}`; if "
        );
        assert!(of(&["system:bootstrappers:a", default]).starts_with(&bind));
        let other = "`kubeadm-token create` makes a token in the group system:bootstrappers:kubeadm:default-node-token, \
                     which kubeadm gives all rights that joining takes";
        assert_eq!(
            of(&["system:bootstrappers:rack:7", "system:bootstrappers:b"]),
            format!(
                "{other}; or, where no kubeadm joins, give them to this one: \
                 `kubectl create clusterrolebinding kubelet-bootstrap:rack:7 \
                 --clusterrole=system:node-bootstrapper --group=system:bootstrappers:rack:7` and \
                 `kubectl create clusterrolebinding node-autoapprove-bootstrap:rack:7 \
                 --clusterrole=system:certificates.k8s.io:certificatesigningrequests:nodeclient \
                 --group=system:bootstrappers:rack:7`"
            )
        );
        assert_eq!(of(&[]), other);
    }

    #[test]
    fn of_many_groups_the_first_are_named() {
        let groups = |count: usize| -> Vec<_> { (0..count).map(|n| format!("g{n}")).collect() };
        assert_eq!(listed(&groups(1)), "g0");
        assert_eq!(listed(&groups(8)), "g0, g1, g2, g3, g4, g5, g6, g7");
        assert_eq!(
            listed(&groups(100_000)),
            "g0, g1, g2, g3, g4, g5, g6, g7 and 99992 more"
        );
    }
}
