use std::time::SystemTime;

use bootstrap_token::TokenId;
use bootstrap_token_discovery::{Distrust, Pin};
use bootstrap_token_secret::{Defect, Expiration};

/// Something that keeps a machine from joining.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// There is no token of this ID.
    NoToken {
        /// Whether cluster-info still has a signature by it, which tells that there was one.
        was_there: bool,
    },
    /// There is one under a name where no component looks for it.
    WrongName {
        /// The Secret's name.
        found: String,
    },
    /// `kubeadm init phase upload-certs` made it to delete the uploaded certificates in time. Its usages are off on purpose.
    NotForJoining,
    /// Something is wrong with its Secret.
    Defect(Defect),
    /// It expired by the API server's clock, which counts.
    Expired {
        /// When.
        expiration: Expiration,
        /// The API server's time, if it told it.
        there: Option<SystemTime>,
        /// Whether it expired by this machine's clock too.
        here_too: bool,
    },
    /// It expired by this machine's clock, but not by the API server's, which counts.
    ClockAhead {
        /// This machine's time.
        here: SystemTime,
        /// The API server's.
        there: SystemTime,
    },
    /// The ID is right and the secret is not.
    WrongSecret,
    /// Nothing is wrong with it, and the API server does not take it.
    NotAuthenticated,
    /// It may not ask for a certificate.
    MayNotRequestCertificate {
        /// The groups that it authenticates as.
        groups: Vec<String>,
    },
    /// It may ask for a certificate, and the controller manager does not approve what it asks for.
    NotApproved {
        /// The groups that it authenticates as.
        groups: Vec<String>,
    },
    /// `kubeadm join` may not read its configuration by it.
    MayNotReadKubeadmConfig {
        /// The groups that it authenticates as.
        groups: Vec<String>,
    },
    /// There is no ConfigMap `kube-public/cluster-info`.
    NoClusterInfo,
    /// Who has no credentials may not read it.
    ClusterInfoNotPublic,
    /// No newcomer can use what it says.
    ClusterInfo(Distrust),
    /// The certificate authority in it is not the one that this kubeconfig trusts the same API server by.
    OtherAuthority {
        /// The pins of those in cluster-info.
        published: Vec<Pin>,
    },
    /// Besides the certificate authorities that this kubeconfig trusts the same API server by, there are others in it:
    /// in the middle of a rotation the next one, or that of somebody who wants machines to trust another server.
    FurtherAuthority {
        /// The pins of those others.
        further: Vec<Pin>,
    },
    /// It has nearly reached the size at which the API server takes no further signature.
    ClusterInfoNearlyFull {
        /// How long it is, in bytes.
        bytes: usize,
    },
    /// It is not signed by the token, which was made a moment ago.
    NotSignedYet,
    /// It is not signed by these tokens, or would not be by a new one.
    NotSigned {
        /// Which; none where no token is there that should have signed.
        ids: Vec<TokenId>,
        /// Why, as far as can be told.
        why: Unsigned,
    },
    /// The signature does not verify, and those by other tokens do: another secret made it, or it was tampered with.
    SignatureOfAnother {
        /// By which tokens it should be.
        ids: Vec<TokenId>,
    },
    /// What stands in the signature's place is none.
    SignatureMalformed {
        /// By which tokens it should be.
        ids: Vec<TokenId>,
    },
    /// The signature does not verify: the kubeconfig has been changed since it was made.
    SignatureStale {
        /// By which tokens it is.
        ids: Vec<TokenId>,
        /// Why it is stale still, as far as can be told.
        why: Unsigned,
        /// Whether other signatures tell so too; alone, it may be one by another secret.
        others_too: bool,
    },
    /// The controller manager, which signs, approves and issues certificates, runs no more.
    NoControllerManager {
        /// When it last said that it does.
        seen: SystemTime,
    },
}

/// Why nobody signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unsigned {
    /// The controller manager runs no more.
    NoControllerManager {
        /// When it last said that it does.
        seen: SystemTime,
    },
    /// It may not write cluster-info.
    MayNotWrite,
    /// It could not be looked at.
    Unknown,
    /// Its signer does not run.
    SignerOff {
        /// Whether the controller manager does. With `--leader-elect=false` it does not say so.
        manager_runs: bool,
    },
}

impl Finding {
    /// The most that the data of a ConfigMap may hold: `MaxSecretSize` in `k8s.io/api/core/v1`.
    pub const MOST_BYTES: usize = 1 << 20;

    /// A name for it that stays.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoToken { .. } => "token-not-found",
            Self::WrongName { .. } | Self::Defect(Defect::WrongName { .. }) => "secret-wrong-name",
            Self::Defect(defect) => match defect {
                Defect::WrongNamespace { .. } => "secret-wrong-namespace",
                Defect::WrongType { .. } => "secret-wrong-type",
                Defect::BeingDeleted => "token-being-deleted",
                Defect::MissingKey { .. } => "secret-lacks-key",
                Defect::MalformedId(_) => "token-id-malformed",
                Defect::MalformedSecret(_) => "token-secret-malformed",
                Defect::MalformedExpiration(_) => "expiration-unreadable",
                Defect::LacksUsage { usage, .. } => match usage {
                    bootstrap_token_secret::Usage::Signing => "token-not-for-signing",
                    bootstrap_token_secret::Usage::Authentication => "token-not-for-authentication",
                },
                Defect::BadGroup { .. } => "group-invalid",
                _ => "secret-defect",
            },
            Self::Expired { .. } => "token-expired",
            Self::ClockAhead { .. } => "clock-ahead",
            Self::NotForJoining => "token-not-for-joining",
            Self::WrongSecret => "token-wrong-secret",
            Self::NotAuthenticated => "token-authentication-off",
            Self::MayNotRequestCertificate { .. } => "group-without-rights",
            Self::NotApproved { .. } => "requests-not-approved",
            Self::MayNotReadKubeadmConfig { .. } => "kubeadm-config-not-readable",
            Self::NoClusterInfo => "cluster-info-missing",
            Self::ClusterInfoNotPublic => "cluster-info-not-public",
            Self::ClusterInfo(Distrust::NoKubeconfig) => "cluster-info-without-kubeconfig",
            Self::ClusterInfo(Distrust::Expired { .. }) => "ca-expired",
            Self::ClusterInfo(Distrust::NotYetValid { .. }) => "ca-not-yet-valid",
            Self::ClusterInfo(_) => "cluster-info-unusable",
            Self::OtherAuthority { .. } => "cluster-info-other-ca",
            Self::FurtherAuthority { .. } => "cluster-info-further-ca",
            Self::ClusterInfoNearlyFull { .. } => "cluster-info-nearly-full",
            Self::NotSignedYet => "not-signed-yet",
            Self::NoControllerManager { .. } => "controller-manager-not-running",
            Self::NotSigned { why, .. } => match why {
                Unsigned::NoControllerManager { .. } => "controller-manager-not-running",
                Unsigned::MayNotWrite => "signer-without-rights",
                Unsigned::SignerOff { .. } => "signer-not-running",
                Unsigned::Unknown => "not-signed",
            },
            Self::SignatureMalformed { .. } => "signature-malformed",
            Self::SignatureOfAnother { .. } => "signature-of-another-secret",
            Self::SignatureStale { .. } => "signature-stale",
        }
    }
}
