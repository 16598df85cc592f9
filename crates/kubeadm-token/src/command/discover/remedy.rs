//! Help for a discovery without a trusted server.

mod discovery_file;

use bootstrap_token_discovery::{Distrust, VerifyError};
use bootstrap_token_kube::{Attempt, DiscoverError, Unreachable, Why};

use super::ca_description::CaDescription;
use super::fetch_problem::FetchProblem;
pub(super) use discovery_file::of as of_discovery_file;

/// Command that prints a discovery file from public data. Unlike the administrator's own kubeconfig, the result holds
/// no credential.
const PUBLISHED: &str = "an administrator's `kubectl -n kube-public get configmap cluster-info -o jsonpath='{.data.kubeconfig}'`";

/// Command that prints the cluster's configuration. Without it kubeadm makes certificates for its own defaults.
const CONFIGURATION: &str = "kubectl -n kube-system get configmap kubeadm-config -o jsonpath='{.data.ClusterConfiguration}'";

/// Help for a server whose certificate comes from a CA in cluster-info that no pin names. kubeadm trusts it. It may
/// belong to somebody who wrote their own CA into cluster-info.
const ROTATION: &str = "do not trust this server yet: cluster-info also holds CA certificates that no pin names. If the CA is being rotated, pass the pins of both CAs. Get them from `kubeadm-token pin` on a control-plane node, not over this network";

/// How to restart kube-apiserver. There is no command for it: the kubelet runs it from a manifest, and checks that
/// every 20 seconds.
pub(in crate::command) const RESTART: &str =
    "move kube-apiserver.yaml out of /etc/kubernetes/manifests, wait half a minute, move it back";

/// Lets anybody read cluster-info, as kubeadm's `CreateClusterInfoRBACRules` does, and removes nothing.
pub(in crate::command) const LET_READ: &str = "`kubectl -n kube-public create role kubeadm:bootstrap-signer-clusterinfo --verb=get --resource=configmaps --resource-name=cluster-info` and \
     `kubectl -n kube-public create rolebinding kubeadm:bootstrap-signer-clusterinfo --role=kubeadm:bootstrap-signer-clusterinfo --user=system:anonymous`";

/// Returns the help for the server that came closest to being trusted.
pub(in crate::command) fn of(error: &DiscoverError, by: &CaDescription) -> String {
    let attempts = error.attempts();
    let Some(attempt) = attempts.iter().min_by_key(|attempt| distance(attempt)) else {
        return "name an API server".to_owned();
    };
    let why = attempt.why();
    let help = match (FetchProblem::of(why), why) {
        (
            Some(FetchProblem::Unreachable(Unreachable::UntrustedCertificate)),
            Why::NotVerified { unpinned: 1.., .. },
        ) => ROTATION.to_owned(),
        (Some(met), _) => of_fetch(met),
        (None, Why::Distrust(distrust)) => of_distrust(distrust, by),
        (None, Why::Changed) => {
            "try again; if it stays so, something between here and the cluster answers in its place"
                .to_owned()
        }
        _ => "see what `-v=8` tells".to_owned(),
    };
    match attempts.len() {
        1 => help,
        _ => format!("{}: {help}", attempt.server()),
    }
}

fn distance(attempt: &Attempt) -> u8 {
    match attempt.why() {
        Why::NotVerified { .. } | Why::NotConfirmed(_) | Why::Changed => 0,
        Why::Distrust(_) => 1,
        Why::Unread(error) if error.status().is_some() => 2,
        Why::Unread(error) if !error.is_unreachable() => 3,
        _ => 4,
    }
}

fn of_fetch(met: FetchProblem) -> String {
    let help = match met {
        FetchProblem::Unreachable(unreachable) => return of_unreachable(unreachable),
        FetchProblem::TokenRefused => {
            "the API server does not take the token: it was deleted, has expired, is not for authentication, is of another cluster, or tokens are switched off there; `kubeadm-token diagnose ID`, as root on a control-plane node or with an administrator's kubeconfig, tells which"
        }
        FetchProblem::AnonymousOff => {
            return format!(
                "anonymous requests are switched off there: use --discovery-file with what {PUBLISHED} prints; `kubeadm join` needs the token in its discovery file then, as in the one that `kubeadm-token discover --discovery-file` prints"
            );
        }
        FetchProblem::NotPublic => {
            return format!(
                "anonymous users may not read cluster-info there: an administrator lets them by {LET_READ}; or use --discovery-file with what {PUBLISHED} prints"
            );
        }
        FetchProblem::Missing => {
            "there is no cluster-info there: is it a Kubernetes API server? `kubeadm init phase bootstrap-token` on a control-plane node makes one"
        }
        FetchProblem::InTrouble => {
            "the API server is too busy or has trouble of its own, which its log tells: try again later; a load balancer with nothing behind it answers so too"
        }
        FetchProblem::TooSlow => {
            "is the API server overloaded or stopped (`crictl ps -a` on a control-plane node), or does a proxy or firewall in between swallow what is sent?"
        }
        FetchProblem::NotItsAnswer => {
            "is that a Kubernetes API server, with no proxy, load balancer or login page in between that answers in its place?"
        }
        FetchProblem::NoWay => {
            "is the address right, the CA certificate one that can be used, and the proxy in HTTPS_PROXY an http:, https: or socks5: one?"
        }
    };
    help.to_owned()
}

fn of_unreachable(unreachable: Unreachable) -> String {
    let help = match unreachable {
        Unreachable::NameNotResolved => {
            "is the name right, and does this machine's DNS know it? An address does as well"
        }
        Unreachable::NotConnected => {
            "is the API server up, its port open from here, and 6443 unless it is given? Behind a proxy, HTTPS_PROXY names that"
        }
        Unreachable::NoAnswer => {
            "is the address right, and the machine up? If it is, a firewall or security group in between drops what is sent: let TCP through to that port. Behind a proxy, HTTPS_PROXY names that"
        }
        Unreachable::Proxy => {
            "is the proxy right that HTTPS_PROXY names, and may it connect there? Where it asks for a password, write it as http://USER:PASSWORD@HOST:PORT; if none is needed, `NO_PROXY=HOST` before the command goes without one"
        }
        Unreachable::UntrustedCertificate => {
            "its certificate is not of the CA that cluster-info, or the file that was given, tells to trust: something in between may answer in its place, so trust nothing that comes from there; `kubeadm-token diagnose`, as root on a control-plane node or with an administrator's kubeconfig, tells whether cluster-info has the wrong CA"
        }
        Unreachable::ExpiredCertificate => {
            return format!(
                "renew the API server's certificate (`kubeadm certs renew apiserver` on a control-plane node, then a restart of kube-apiserver: {RESTART}), or set this machine's clock"
            );
        }
        Unreachable::UnfitCertificate => {
            "replace the certificate that the error names: `kubeadm certs renew apiserver` on a control-plane node makes that of the API server anew"
        }
        Unreachable::FutureCertificate => "set this machine's clock, or that of the server",
        Unreachable::WrongName => {
            return format!(
                "use a name or address that stands in the API server's certificate; or add this one, on each control-plane node: `{CONFIGURATION} > c.yaml`; \
                 in c.yaml write under apiServer.certSANs this name and those that `openssl x509 -noout -ext subjectAltName -in /etc/kubernetes/pki/apiserver.crt` shows; \
                 move apiserver.crt and apiserver.key out of /etc/kubernetes/pki; `kubeadm init phase certs apiserver --config c.yaml`; \
                 restart kube-apiserver ({RESTART})"
            );
        }
        Unreachable::Tls => {
            "is that the API server's own port? A server of plain HTTP, or a proxy, does not speak TLS; a load balancer with nothing behind it hangs up"
        }
        _ => "is that the API server's own port, and nothing in between that ends connections?",
    };
    help.to_owned()
}

/// Returns the help for a cluster that is not trusted.
fn of_distrust(distrust: &Distrust, by: &CaDescription) -> String {
    let help = match distrust {
        Distrust::NoKubeconfig => {
            "the cluster is not set up for joining by token: `kubeadm init phase bootstrap-token` on a control-plane node does that"
        }
        Distrust::NotSigned { .. } => {
            "is the token of that cluster, not expired or deleted, and for signing, and does the controller manager sign? `kubeadm-token diagnose ID`, as root on a control-plane node or with an administrator's kubeconfig, tells"
        }
        Distrust::Signature(VerifyError::Signature) => {
            "the token's secret is another one, or cluster-info has been changed since it was signed: copy the token anew; if it is right, `kubeadm-token diagnose -`, as root on a control-plane node or with an administrator's kubeconfig, tells which, and do not join before"
        }
        Distrust::Signature(VerifyError::OtherToken(_)) => {
            "somebody has copied a signature to the place of another in cluster-info: find out who wrote it, and see that the server and CA there are this cluster's; `kubeadm-token sign --write`, as root on a control-plane node or with an administrator's kubeconfig, then mends it"
        }
        Distrust::Signature(VerifyError::NotDetached) => {
            "something else was written in the place of the signature in cluster-info: find out who wrote it, and see that the server and CA there are this cluster's; `kubeadm-token sign --write`, as root on a control-plane node or with an administrator's kubeconfig, then mends it"
        }
        Distrust::Signature(_) => {
            "that is no signature of a controller manager's: find out who wrote it, or what answers in the cluster's place; if it stands so in cluster-info, and the server and CA there are this cluster's, `kubeadm-token sign --write`, as root on a control-plane node or with an administrator's kubeconfig, mends it"
        }
        Distrust::Malformed { .. } => {
            "look for the fault in `kubectl --namespace kube-public get configmap cluster-info --output yaml`; aliases, anchors and tags are not taken"
        }
        Distrust::NotAKubeconfig => {
            "is another object in its place? `kubeadm init phase bootstrap-token` on a control-plane node writes a kubeconfig there"
        }
        Distrust::NoCluster => {
            "there must be one entry in clusters, with a server and its CA: `kubeadm init phase bootstrap-token` on a control-plane node writes it"
        }
        Distrust::SeveralClusters { .. } => {
            "leave the one cluster there that is meant: which of them it is, nobody can tell from here"
        }
        Distrust::NotCurrent => {
            "give the cluster no name, as kubeadm does, or a context that leads to it and is the current one"
        }
        Distrust::Server(_) => {
            "mend the server in the kubeconfig in cluster-info: controlPlaneEndpoint in kubeadm's configuration says what it is to be"
        }
        Distrust::NoAuthority => {
            "write the cluster's CA into the kubeconfig in cluster-info: a path to it is of no use to a machine that joins"
        }
        Distrust::AuthorityNotBase64 => {
            "write the cluster's CA into the kubeconfig in cluster-info anew: `base64 -w0 ca.crt` makes certificate-authority-data"
        }
        Distrust::Authority(_) => {
            "certificate-authority-data is to hold the cluster's CA certificates in PEM, and no other form"
        }
        Distrust::NotPinned {
            hashed: Some(_), ..
        } => {
            "take the pin from `kubeadm-token pin`, as root on a control-plane node or with an administrator's kubeconfig, and never from here"
        }
        Distrust::NotPinned { .. } => return of_not_pinned(by),
        Distrust::Expired { .. } => {
            "set this machine's clock, if it is ahead; otherwise the cluster needs a new CA, and nothing can join it before that"
        }
        Distrust::NotYetValid { .. } => "set this machine's clock: it is behind",
        _ => "see what `-v=8` tells",
    };
    help.to_owned()
}

/// Returns the help for a cluster with another CA.
fn of_not_pinned(by: &CaDescription) -> String {
    match by {
        CaDescription::Pins => {
            "is the pin of that cluster, and of its CA of today? `kubeadm-token pin`, as root on a control-plane node or with an administrator's kubeconfig, prints the right one: get it over another way than this network, and never take it from here".to_owned()
        }
        CaDescription::CaFile(file) => format!(
            "is {file} the CA of that cluster, and its CA of today? On a control-plane node it is /etc/kubernetes/pki/ca.crt: get it over another way than this network, and never take it from here"
        ),
    }
}
