//! What the API server is asked about others: who somebody is, and what somebody may do.

use bootstrap_token::Token;
use bootstrap_token_discovery::cluster_info;
use bootstrap_token_secret::ExtraGroup;
use bootstrap_token_secret::keys::NAMESPACE;
use bytes::Bytes;
use http::Method;
use k8s_openapi::api::coordination::v1::Lease;
use serde::Deserialize;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::call::{Call, idempotent};
use crate::failure::Failure;
use crate::reply;
use crate::request::Request;

/// What is read of the answer; the token is in it too, and is passed over.
#[derive(Deserialize)]
struct Review {
    #[serde(default)]
    status: Status,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    allowed: bool,
    authenticated: bool,
    user_info: UserInfo,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct UserInfo {
    groups: Vec<String>,
}

/// The group that every token gives, and what the names of those begin with that some give besides.
pub(super) const BOOTSTRAPPERS: &str = "system:bootstrappers";

/// Whether a token can give this group. Any other is a server's own word, which would end up in a command to be typed.
fn is_of_a_token(group: &str) -> bool {
    group == BOOTSTRAPPERS || group.parse::<ExtraGroup>().is_ok()
}

/// Who does it.
pub(crate) enum Who {
    /// Whoever asks.
    Myself,
    /// Nobody in particular: `system:anonymous`.
    Anonymous,
    /// Whoever bears a token.
    Bearer { user: String, groups: Vec<String> },
    /// The controller that signs: `bootstrap-signer`, by the service account that kubeadm gives it.
    Signer,
}

/// What they do.
pub(crate) enum What {
    ReadClusterInfo,
    WriteClusterInfo,
    RequestCertificate,
    /// Has a request approved by the controller manager: `certificates.k8s.io` asks for that of whoever made it.
    BeApproved,
    /// `kubeadm:nodes-kubeadm-config` of kubeadm.
    ReadKubeadmConfig,
}

impl Who {
    fn spec(&self) -> Value {
        match self {
            Self::Myself => json!({}),
            Self::Anonymous => json!({
                "user": "system:anonymous", "groups": ["system:unauthenticated"],
            }),
            Self::Bearer { user, groups } => json!({"user": user, "groups": groups}),
            Self::Signer => json!({
                "user": "system:serviceaccount:kube-system:bootstrap-signer",
                "groups": [
                    "system:serviceaccounts",
                    "system:serviceaccounts:kube-system",
                    "system:authenticated",
                ],
            }),
        }
    }
}

impl What {
    fn attributes(&self) -> Value {
        let cluster_info = |verb: &str| {
            json!({
                "verb": verb,
                "resource": "configmaps",
                "namespace": cluster_info::NAMESPACE,
                "name": cluster_info::NAME,
            })
        };
        match self {
            Self::ReadClusterInfo => cluster_info("get"),
            Self::ReadKubeadmConfig => json!({
                "verb": "get",
                "resource": "configmaps",
                "namespace": NAMESPACE,
                "name": "kubeadm-config",
            }),
            Self::WriteClusterInfo => cluster_info("update"),
            Self::RequestCertificate => json!({
                "verb": "create",
                "group": "certificates.k8s.io",
                "resource": "certificatesigningrequests",
            }),
            Self::BeApproved => json!({
                "verb": "create",
                "group": "certificates.k8s.io",
                "resource": "certificatesigningrequests",
                "subresource": "nodeclient",
            }),
        }
    }
}

impl Call<'_> {
    /// Whether they may.
    pub(crate) async fn may(&mut self, who: &Who, what: &What) -> Result<bool, Failure> {
        const OF_MYSELF: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
        const OF_OTHERS: &str = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

        let (kind, path) = match who {
            Who::Myself => ("SelfSubjectAccessReview", OF_MYSELF),
            _ => ("SubjectAccessReview", OF_OTHERS),
        };
        let mut spec = who.spec();
        spec["resourceAttributes"] = what.attributes();
        let review = json!({
            "apiVersion": "authorization.k8s.io/v1", "kind": kind, "spec": spec,
        });
        let request = Request::json(Method::POST, path, review.to_string().into());
        let reply = self.send(&request, idempotent).await?;
        let review: Review = reply::json(&reply.body)?;
        Ok(review.status.allowed)
    }

    /// Of whoever asks by a token, the groups that it gives; of a server before v1.28, which does not tell, the one
    /// that every token gives.
    pub(crate) async fn my_groups(&mut self) -> Vec<String> {
        let review = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"});
        let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
        let request = Request::json(Method::POST, path, review.to_string().into());
        let reply = self.send(&request, idempotent).await;
        let review: Result<Review, _> = reply.and_then(|reply| reply::json(&reply.body));
        let mut groups = review.map_or_else(
            |_| vec![BOOTSTRAPPERS.to_owned()],
            |review| review.status.user_info.groups,
        );
        groups.retain(|group| is_of_a_token(group));
        groups
    }

    /// Whether the API server takes the token.
    pub(super) async fn authenticates(&mut self, token: &Token) -> Result<bool, Failure> {
        let path = "/apis/authentication.k8s.io/v1/tokenreviews";
        // A token needs no escaping.
        let mut body = Zeroizing::new(Vec::with_capacity(256));
        body.extend_from_slice(
            br#"{"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview","spec":{"token":""#,
        );
        body.extend_from_slice(token.expose().as_bytes());
        body.extend_from_slice(br#""}}"#);
        let request = Request::json(Method::POST, path, Bytes::from_owner(body));
        let reply = self.send(&request, idempotent).await?;
        let review: Review = reply::json(&reply.body)?;
        Ok(review.status.authenticated)
    }

    /// By which the controller manager tells that it runs: `LeaderElectionConfiguration`.
    pub(super) async fn lease(&mut self) -> Result<Lease, Failure> {
        let path =
            "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager";
        let request = Request::json(Method::GET, path, Bytes::new());
        let reply = self.send(&request, idempotent).await?;
        reply::json(&reply.body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_that_no_token_gives_is_passed_over() {
        for (group, is) in [
            ("system:bootstrappers", true),
            ("system:bootstrappers:kubeadm:default-node-token", true),
            ("system:authenticated", false),
            (
                "system:bootstrappers:x --group=system:unauthenticated",
                false,
            ),
            ("system:bootstrappers:x\nhealthy: all is well", false),
            ("system:bootstrappers:$(reboot)", false),
        ] {
            assert_eq!(is_of_a_token(group), is, "{group:?}");
        }
    }
}
