use std::time::{Duration, SystemTime};

use bootstrap_token::TokenId;
use bootstrap_token_discovery::ClusterInfo;
use bootstrap_token_secret::{Defect, StoredToken};

use super::elsewhere::is_a_name;
use super::review::{What, Who};
use super::{Known, Subject, Unchecked, WhyUnchecked};
use crate::call::{Call, idempotent};
use crate::error::Kind;
use crate::failure::Failure;
use crate::page_size::PageSize;
use crate::request::Request;
use crate::{Stored, stack};

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
    /// By which it is told from another cluster's.
    pub(super) uid: String,
    /// The other tokens, where they tell something.
    pub(super) others: Vec<Stored>,
    /// The namespaces in which a Secret of the token's name is, though none is where it should be.
    pub(super) elsewhere: Vec<String>,
    pub(super) authenticates: Option<bool>,
    /// The groups by which a certificate is asked for.
    pub(super) groups: Vec<String>,
    pub(super) may_request_certificate: Option<bool>,
    pub(super) is_approved: Option<bool>,
    pub(super) may_read_kubeadm_config: Option<bool>,
    pub(super) anybody_may_read: Option<bool>,
    pub(super) signer_may_write: Option<bool>,
    pub(super) manager: Option<Manager>,
    pub(super) unchecked: Vec<(Unchecked, NotSeen)>,
}

/// How the controller manager was last heard of.
pub(super) enum Manager {
    Runs,
    /// Since then not, and its lease has run out.
    Seen {
        renewed: SystemTime,
        ran_out: SystemTime,
    },
    /// It tells nothing of itself.
    Silent,
}

/// Why something was not seen.
pub(super) enum NotSeen {
    Failed(Failure),
    NoToken,
    JustMade,
    MoreThan(u32),
}

impl NotSeen {
    pub(super) fn told(self, call: &Call<'_>) -> WhyUnchecked {
        match self {
            Self::Failed(failure) => WhyUnchecked::Failed(call.error(failure)),
            Self::NoToken => WhyUnchecked::NoToken,
            Self::JustMade => WhyUnchecked::JustMade,
            Self::MoreThan(number) => WhyUnchecked::MoreThan(number),
        }
    }
}

impl Facts {
    /// Asks for no more than what the answers so far leave open.
    pub(super) async fn collect(
        call: &mut Call<'_>,
        subject: &Subject,
        known: &Known,
    ) -> Result<Self, Failure> {
        let stored = match subject.id() {
            Some(id) => found(call.stored(id).await)?,
            None => None,
        };
        let (cluster_info, uid) = found(cluster_info(call).await)?.unzip();
        let mut facts = Self {
            here: known.now,
            there: call.server_time,
            stored,
            cluster_info,
            uid: uid.unwrap_or_default(),
            others: Vec::new(),
            elsewhere: Vec::new(),
            authenticates: None,
            groups: Vec::new(),
            may_request_certificate: None,
            is_approved: None,
            may_read_kubeadm_config: None,
            anybody_may_read: None,
            signer_may_write: None,
            manager: None,
            unchecked: Vec::new(),
        };
        facts.about_others(call, subject).await;
        facts.about_elsewhere(call, subject).await;
        facts.about_bearer(call, subject, known).await;
        if facts.cluster_info.is_some() && !known.joins_besides {
            let may = call.may(&Who::Anonymous, &What::ReadClusterInfo).await;
            facts.anybody_may_read = facts.noted(Unchecked::PublicRead, may);
        }
        facts.about_signer(call, subject).await;
        facts.about_kubeadm(call, subject).await;
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

    /// The Secret that has the ID in its data, and another name: it reads as nothing but that defect.
    pub(super) fn under_another_name(&self, id: TokenId) -> Option<&Stored> {
        self.others.iter().find(|stored| {
            matches!(stored.token(), Err(Defect::WrongName { token_id: Some(other) }) if *other == id)
                && is_a_name(stored.name())
        })
    }

    /// Whether cluster-info has a signature by it.
    pub(super) fn was_there(&self, id: TokenId) -> bool {
        let info = self.cluster_info.as_ref();
        info.is_some_and(|info| info.signature(id).is_some())
    }

    /// Whether it has been there for so long that something should have come of it.
    pub(super) fn is_settled(&self, stored: &Stored) -> bool {
        let age = stored
            .created()
            .and_then(|created| self.now().duration_since(created).ok());
        age.is_some_and(|age| age > JUST_MADE)
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
        if !tells {
            return;
        }
        let read = others(call, subject.id()).await;
        if let Some((others, are_all)) = self.noted(Unchecked::OtherTokens, read) {
            self.others = others;
            if !are_all {
                self.not_seen(Unchecked::OtherTokens, NotSeen::MoreThan(OTHERS));
            }
        }
    }

    pub(super) fn noted<T>(&mut self, what: Unchecked, outcome: Result<T, Failure>) -> Option<T> {
        outcome
            .map_err(|failure| self.not_seen(what, NotSeen::Failed(failure)))
            .ok()
    }

    pub(super) fn not_seen(&mut self, what: Unchecked, why: NotSeen) {
        self.unchecked.push((what, why));
    }
}

async fn cluster_info(call: &mut Call<'_>) -> Result<(ClusterInfo, String), Failure> {
    let reply = call.send(&Request::cluster_info(), idempotent).await?;
    let map = reply.config_map(|_| true)?;
    let uid = map.metadata.unwrap_or_default().uid;
    Ok((ClusterInfo::new(map.data), uid))
}

/// The first of them, but the one, and whether there are no more.
async fn others(call: &mut Call<'_>, id: Option<TokenId>) -> Result<(Vec<Stored>, bool), Failure> {
    let mut page_size = PageSize::new(OTHERS);
    let (page, head) = call.page(&mut page_size, "").await?;
    // A server may send more than it was asked for.
    let are_all = head.r#continue.is_empty() && page.len() <= OTHERS as usize;
    let others = stack::wiped_after(|| {
        page.take(OTHERS as usize)
            .filter_map(Result::ok)
            .filter(|stored| stored.token().ok().map(StoredToken::id) != id || id.is_none())
            .collect()
    });
    Ok((others, are_all))
}

/// What is not there is no failure.
pub(super) fn found<T>(outcome: Result<T, Failure>) -> Result<Option<T>, Failure> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(failure) if matches!(&failure.kind, Kind::Status(status) if status.code() == 404) => {
            Ok(None)
        }
        Err(failure) => Err(failure),
    }
}
