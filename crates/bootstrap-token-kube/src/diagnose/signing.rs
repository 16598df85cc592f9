//! Who signs, and what is not signed.

use std::time::{Duration, SystemTime};

use bootstrap_token::TokenId;
use bootstrap_token_discovery::{ClusterInfo, Distrust, VerifyError};
use bootstrap_token_secret::Defect;

use super::facts::{Facts, Manager, found};
use super::review::{What, Who};
use super::{Subject, Unchecked};
use crate::Stored;
use crate::call::Call;
use crate::failure::Failure;

/// How the signature by a token stands that is to sign, where it does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrong {
    /// There is none, and the token is old enough for one.
    Missing,
    /// There is none yet.
    MissingYet,
    /// What is there is none of a controller manager's.
    Malformed,
    /// It is of something else, or by another secret.
    Other,
}

impl Facts {
    /// Each token that is to sign and whose signature does not verify: the one that is asked about, or of the cluster
    /// as a whole all that were read.
    pub(super) fn wrong(&self, subject: &Subject) -> Vec<(TokenId, Wrong)> {
        let Some(info) = self.cluster_info.as_ref() else {
            return Vec::new();
        };
        let all = match subject {
            Subject::Cluster => &self.others[..],
            _ => self.stored.as_slice(),
        };
        let wrong = |stored: &Stored| {
            let defects = stored.defects(self.now());
            if defects.iter().any(Defect::disables_signing) {
                return None;
            }
            let token = stored.token().ok()?.token();
            let wrong = match info.verify(token).err()? {
                Distrust::Signature(VerifyError::Signature) => Wrong::Other,
                Distrust::Signature(_) => Wrong::Malformed,
                _ if self.is_settled(stored) => Wrong::Missing,
                _ => Wrong::MissingYet,
            };
            Some((token.id(), wrong))
        };
        all.iter().filter_map(wrong).collect()
    }

    /// Whether some signature by another token verifies; nothing when there is none to try.
    pub(super) fn others_verify(&self, info: &ClusterInfo) -> Option<bool> {
        let signed = self
            .others
            .iter()
            .filter_map(|stored| stored.token().ok())
            .filter(|token| info.signature(token.id()).is_some());
        let mut verified = signed
            .map(|token| info.verify(token.token()).is_ok())
            .peekable();
        verified.peek()?;
        Some(verified.any(|good| good))
    }

    /// Whether a token was made after that moment whose signature verifies.
    fn has_signed_since(&self, moment: SystemTime) -> bool {
        let is_signed = |stored: &Stored| {
            let (Some(info), Ok(token)) = (&self.cluster_info, stored.token()) else {
                return false;
            };
            info.verify(token.token()).is_ok()
        };
        let mut all = self.others.iter().chain(&self.stored);
        all.any(|stored| stored.created().is_some_and(|made| made > moment) && is_signed(stored))
    }

    /// The controller manager signs, and approves what a machine asks for. What the signer may do is looked at where
    /// there should be a signature that is not there, or will have to be.
    pub(super) async fn about_signer(&mut self, call: &mut Call<'_>, subject: &Subject) {
        let manager = manager(call, self.now()).await;
        self.manager = self.noted(Unchecked::ControllerManager, manager);
        if matches!(self.manager, Some(Manager::Seen { ran_out, .. }) if self.has_signed_since(ran_out))
        {
            // It runs on without leader election, and the lease is left over.
            self.manager = Some(Manager::Silent);
        }
        let has_kubeconfig = self
            .cluster_info
            .as_ref()
            .is_some_and(|info| info.kubeconfig().is_some());
        // A new token must be signed with.
        let must_sign = matches!(subject, Subject::Cluster) || !self.wrong(subject).is_empty();
        if !has_kubeconfig || !must_sign {
            return;
        }
        let may = call.may(&Who::Signer, &What::WriteClusterInfo).await;
        self.signer_may_write = self.noted(Unchecked::SignerRights, may);
    }
}

async fn manager(call: &mut Call<'_>, now: SystemTime) -> Result<Manager, Failure> {
    let Some(lease) = found(call.lease().await)? else {
        return Ok(Manager::Silent);
    };
    let spec = lease.spec.unwrap_or_default();
    let Some(renewed) = spec.renew_time.map(|time| SystemTime::from(time.0)) else {
        return Ok(Manager::Silent);
    };
    // The controller manager's clock may be another than the API server's, which noted when that was written.
    let noted = lease.metadata.managed_fields.into_iter().flatten();
    let noted = noted
        .filter(|entry| {
            let fields = entry.fields_v1.as_ref();
            fields.is_some_and(|fields| !fields.0["f:spec"]["f:renewTime"].is_null())
        })
        .filter_map(|entry| Some(SystemTime::from(entry.time?.0)));
    let renewed = noted.max().unwrap_or(renewed);
    let seconds = spec.lease_duration_seconds.unwrap_or_default();
    let lasts = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
    // Who steps down properly leaves no holder behind.
    let is_held = spec
        .holder_identity
        .is_some_and(|holder| !holder.is_empty());
    let ran_out = renewed + lasts;
    Ok(if is_held && ran_out >= now {
        Manager::Runs
    } else {
        Manager::Seen { renewed, ran_out }
    })
}
