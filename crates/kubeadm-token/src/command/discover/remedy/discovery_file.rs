//! Help for a bad discovery file. Only the file is to be fixed, not a cluster.

use bootstrap_token_discovery::Distrust;

use super::PUBLISHED;
use crate::command::discover::ca_description::CaDescription;

/// Returns the help for each reason.
pub(in crate::command::discover) fn of(distrust: &Distrust, by: &CaDescription) -> String {
    let help = match distrust {
        Distrust::Malformed { .. } => {
            "mend the fault in that file, or ask for it anew: it is to be a kubeconfig; aliases, anchors and tags are not taken"
        }
        Distrust::NotAKubeconfig => return format!("name a kubeconfig: {PUBLISHED} prints one"),
        Distrust::NoCluster => {
            return format!(
                "name a kubeconfig with one entry in clusters, with a server and its CA: {PUBLISHED} prints one"
            );
        }
        Distrust::SeveralClusters { .. } | Distrust::NotCurrent => {
            return format!("leave one cluster in it, as in what {PUBLISHED} prints");
        }
        Distrust::Server(_) => "mend the server in that file: write it as https://cp.example:6443",
        Distrust::NoAuthority => {
            return format!(
                "write its CA into it, as certificate-authority-data: in what {PUBLISHED} prints it stands"
            );
        }
        Distrust::AuthorityNotBase64 => {
            "write the cluster's CA into that file anew: `base64 -w0 ca.crt` makes certificate-authority-data"
        }
        Distrust::Authority(_) => {
            "certificate-authority-data in that file is to hold the cluster's CA certificates in PEM, and no other form"
        }
        Distrust::Expired { .. } => {
            "set this machine's clock, if it is ahead; otherwise ask for a file with the cluster's CA of today"
        }
        other => return super::of_distrust(other, by),
    };
    help.to_owned()
}
