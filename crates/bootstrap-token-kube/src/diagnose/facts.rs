use std::time::{Duration, SystemTime};

use bootstrap_token::TokenId;
use bootstrap_token_discovery::ClusterInfo;
use bootstrap_token_secret::{Defect, StoredToken};

use super::review::{What, Who};
use super::{Subject, Unchecked};
use crate::Stored;
use crate::call::{Call, idempotent};
use crate::error::Kind;
use crate::failure::Failure;
use crate::reply::Reply;
use crate::request::Request;

/// A token that is younger is not missed by anybody yet: signing takes the controller manager less.
const JUST_MADE: Duration = Duration::from_secs(5);

/// Tokens that are compared with one that gives trouble.
const OTHERS: u32 = 500;

/// What was seen. `None` where it was not looked at, or could not be.
pub(super) struct Facts {
    /// This machine's time, and the API server's.
    pub(super) here: SystemTime,
    pub(super) there: Option<SystemTime>,
    /// The Secret of the token's name.
    pub(super) stored: Option<Stored>,
    pub(super) cluster_info: Option<ClusterInfo>,
    /// The other tokens, where they tell something.
    pub(super) others: Vec<Stored>,
    pub(super) authenticates: Option<bool>,
    pub(super) may_request_certificate: Option<bool>,
    pub(super) is_approved: Option<bool>,
    pub(super) anybody_may_read: Option<bool>,
    pub(super) signer_may_write: Option<bool>,
    pub(super) manager: Option<Manager>,
    pub(super) unchecked: Vec<(Unchecked, Failure)>,
}

/// How the controller manager was last heard of.
pub(super) enum Manager {
    Runs,
    /// Since then not.
    Seen(SystemTime),
    /// It tells nothing of itself.
    Silent,
}

impl Facts {
    /// Asks for no more than what the answers so far leave open.
    pub(super) async fn collect(
        call: &mut Call<'_>,
        subject: &Subject,
        here: SystemTime,
    ) -> Result<Self, Failure> {
        let stored = match subject.id() {
            Some(id) => found(secret(call, id).await)?,
            None => None,
        };
        let cluster_info = found(cluster_info(call).await)?;
        let mut facts = Self {
            here,
            there: call.server_time,
            stored,
            cluster_info,
            others: Vec::new(),
            authenticates: None,
            may_request_certificate: None,
            is_approved: None,
            anybody_may_read: None,
            signer_may_write: None,
            manager: None,
            unchecked: Vec::new(),
        };
        facts.about_bearer(call).await;
        if facts.cluster_info.is_some() {
            let may = call.may(&Who::Anonymous, &What::ReadClusterInfo).await;
            facts.anybody_may_read = facts.noted(Unchecked::PublicRead, may);
        }
        facts.about_others(call, subject).await;
        if matches!(subject, Subject::Cluster) {
            facts.about_any_bearer(call).await;
        }
        facts.about_signer(call, subject).await;
        Ok(facts)
    }

    /// By whose clock it counts.
    pub(super) fn now(&self) -> SystemTime {
        self.there.unwrap_or(self.here)
    }

    /// What is wrong with the Secret by the clock that counts.
    pub(super) fn defects(&self) -> Vec<Defect> {
        self.stored
            .as_ref()
            .map(|stored| stored.defects(self.now()))
            .unwrap_or_default()
    }

    /// The token as it is stored, if it can be read.
    pub(super) fn token(&self) -> Option<&StoredToken> {
        self.stored.as_ref()?.token().ok()
    }

    /// Whether it has been there for so long that something should have come of it.
    pub(super) fn is_settled(&self, stored: &Stored) -> bool {
        let age = stored
            .created()
            .and_then(|created| self.now().duration_since(created).ok());
        age.is_some_and(|age| age > JUST_MADE)
    }

    /// Of those that should have signed, the tokens that have not, or not what is there now.
    pub(super) fn unsigned(&self) -> Vec<TokenId> {
        let Some(info) = self.cluster_info.as_ref() else {
            return Vec::new();
        };
        self.others
            .iter()
            .filter(|stored| {
                let defects = stored.defects(self.now());
                !defects.iter().any(Defect::disables_signing)
            })
            .filter_map(|stored| Some((stored, stored.token().ok()?)))
            .filter(|(_, token)| info.verify(token.token()).is_err())
            // For one that is not there yet it may be too early; for a wrong one it is not.
            .filter(|(stored, token)| {
                info.signature(token.id()).is_some() || self.is_settled(stored)
            })
            .map(|(_, token)| token.id())
            .collect()
    }

    async fn about_bearer(&mut self, call: &mut Call<'_>) {
        let Some(stored) = self.stored.as_ref() else {
            return;
        };
        let defects = stored.defects(self.now());
        if defects.iter().any(Defect::disables_authentication) {
            return;
        }
        let Ok(token) = stored.token().cloned() else {
            return;
        };
        let answer = call.authenticates(token.token()).await;
        self.authenticates = self.noted(Unchecked::Authentication, answer);
        let mut groups = token.groups().to_vec();
        groups.extend(["system:bootstrappers", "system:authenticated"].map(str::to_owned));
        let may = call
            .may(&Who::Bearer(&groups), &What::RequestCertificate)
            .await;
        self.may_request_certificate = self.noted(Unchecked::CertificateRights, may);
        if self.may_request_certificate == Some(true) {
            let may = call.may(&Who::Bearer(&groups), &What::BeApproved).await;
            self.is_approved = self.noted(Unchecked::CertificateRights, may);
        }
    }

    /// Of the cluster as a whole, one of its tokens tells whether tokens are taken.
    async fn about_any_bearer(&mut self, call: &mut Call<'_>) {
        let usable = self.others.iter().find(|stored| {
            let defects = stored.defects(self.now());
            !defects.iter().any(Defect::disables_authentication)
        });
        let Some(token) = usable.and_then(|stored| stored.token().ok().cloned()) else {
            return;
        };
        let answer = call.authenticates(token.token()).await;
        self.authenticates = self.noted(Unchecked::Authentication, answer);
    }

    /// They are looked at where the token is not there, where its signature is no good, and for the cluster as
    /// a whole.
    async fn about_others(&mut self, call: &mut Call<'_>, subject: &Subject) {
        let tells = match (subject, self.token(), &self.cluster_info) {
            (Subject::Cluster, ..) => true,
            (_, Some(token), Some(info)) => {
                info.signature(token.id()).is_some() && info.verify(token.token()).is_err()
            }
            _ => self.stored.is_none(),
        };
        if tells {
            let others = others(call, subject.id()).await;
            self.others = self
                .noted(Unchecked::OtherTokens, others)
                .unwrap_or_default();
        }
    }

    /// It is looked at where there should be a signature that is not there, or will have to be.
    async fn about_signer(&mut self, call: &mut Call<'_>, subject: &Subject) {
        let has_kubeconfig = self
            .cluster_info
            .as_ref()
            .is_some_and(|info| info.kubeconfig().is_some());
        let is_unsigned = match (subject, self.token(), &self.cluster_info) {
            // A new token must be signed with.
            (Subject::Cluster, ..) => true,
            (_, Some(token), Some(info)) => {
                !self.defects().iter().any(Defect::disables_signing)
                    && info.verify(token.token()).is_err()
            }
            _ => false,
        };
        if !has_kubeconfig || !is_unsigned {
            return;
        }
        let may = call.may(&Who::Signer, &What::WriteClusterInfo).await;
        self.signer_may_write = self.noted(Unchecked::SignerRights, may);
        let manager = manager(call, self.now()).await;
        self.manager = self.noted(Unchecked::ControllerManager, manager);
    }

    fn noted<T>(&mut self, what: Unchecked, outcome: Result<T, Failure>) -> Option<T> {
        outcome
            .map_err(|failure| self.unchecked.push((what, failure)))
            .ok()
    }
}

async fn secret(call: &mut Call<'_>, id: TokenId) -> Result<Stored, Failure> {
    let reply = call.send(&Request::get(id), None, idempotent).await?;
    reply.secret().map(Stored::new)
}

async fn cluster_info(call: &mut Call<'_>) -> Result<ClusterInfo, Failure> {
    let reply = call
        .send(&Request::cluster_info(), None, idempotent)
        .await?;
    Ok(ClusterInfo::new(reply.config_map()?.data))
}

/// The first page of them, but the one.
async fn others(call: &mut Call<'_>, id: Option<TokenId>) -> Result<Vec<Stored>, Failure> {
    let reply = call
        .send(&Request::list(OTHERS, ""), None, idempotent)
        .await?;
    let (page, _) = Reply::page(reply)?;
    Ok(page
        .filter_map(Result::ok)
        .filter(|stored| stored.token().ok().map(StoredToken::id) != id || id.is_none())
        .collect())
}

async fn manager(call: &mut Call<'_>, now: SystemTime) -> Result<Manager, Failure> {
    let Some(lease) = found(call.lease().await)? else {
        return Ok(Manager::Silent);
    };
    let spec = lease.spec.unwrap_or_default();
    let Some(renewed) = spec.renew_time.map(|time| SystemTime::from(time.0)) else {
        return Ok(Manager::Silent);
    };
    let seconds = spec.lease_duration_seconds.unwrap_or_default();
    let lasts = Duration::from_secs(u64::try_from(seconds).unwrap_or_default());
    // Who steps down properly leaves no holder behind.
    let is_held = spec
        .holder_identity
        .is_some_and(|holder| !holder.is_empty());
    Ok(if is_held && renewed + lasts >= now {
        Manager::Runs
    } else {
        Manager::Seen(renewed)
    })
}

/// What is not there is no failure.
fn found<T>(outcome: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(failure) if matches!(&failure.kind, Kind::Status(status) if status.code() == 404) => {
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}
