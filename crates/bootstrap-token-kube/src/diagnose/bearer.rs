//! What the API server makes of whoever shows a token.

use bootstrap_token::TokenId;
use bootstrap_token_secret::{Defect, ExtraGroup, StoredToken};

use super::facts::{Facts, NotSeen};
use super::review::{BOOTSTRAPPERS, What, Who};
use super::{Known, Subject, Unchecked};
use crate::call::Call;
use crate::{Stored, stack};

impl Facts {
    /// Of the cluster as a whole, one of its tokens tells whether tokens are taken.
    pub(super) async fn about_bearer(
        &mut self,
        call: &mut Call<'_>,
        subject: &Subject,
        known: &Known,
    ) {
        let stored = match subject {
            Subject::Cluster => self.any_bearer(),
            _ => self.stored.as_ref().filter(|stored| self.is_taken(stored)),
        };
        let is_settled = stored.is_some_and(|stored| self.is_settled(stored));
        let token = stored.and_then(|stored| stored.token().ok());
        let token = stack::wiped_after(|| token.cloned().map(Box::new));
        if let Some(token) = &token {
            if !known.joins_besides {
                let answer = call.authenticates(token.token()).await;
                self.authenticates = self.noted(Unchecked::Authentication, answer);
            }
            if self.authenticates == Some(false) && !is_settled {
                self.authenticates = None;
                self.not_seen(Unchecked::Authentication, NotSeen::JustMade);
            }
            self.groups = groups(token);
        } else if matches!(subject, Subject::Cluster) {
            self.not_seen(Unchecked::Authentication, NotSeen::NoToken);
            self.groups = [BOOTSTRAPPERS, ExtraGroup::DEFAULT_NODE_TOKEN]
                .map(str::to_owned)
                .into();
        } else {
            return;
        }
        let who = self.bearer(token.as_ref().map(|token| token.id()));
        let may = call.may(&who, &What::RequestCertificate).await;
        self.may_request_certificate = self.noted(Unchecked::CertificateRights, may);
        if self.may_request_certificate == Some(true) {
            let may = call.may(&who, &What::BeApproved).await;
            self.is_approved = self.noted(Unchecked::CertificateRights, may);
        }
    }

    /// `kubeadm join` reads its own configuration by the token; other installers have none. Of a token with which nothing
    /// else is wrong, since it is the last request that there is room for.
    pub(super) async fn about_kubeadm(&mut self, call: &mut Call<'_>, subject: &Subject) {
        let is_for_kubeadm = self
            .groups
            .iter()
            .any(|group| group == ExtraGroup::DEFAULT_NODE_TOKEN);
        let (Some(id), true) = (
            subject.id(),
            is_for_kubeadm && self.wrong(subject).is_empty(),
        ) else {
            return;
        };
        let may = call
            .may(&self.bearer(Some(id)), &What::ReadKubeadmConfig)
            .await;
        self.may_read_kubeadm_config = self.noted(Unchecked::KubeadmRights, may);
    }

    fn bearer(&self, id: Option<TokenId>) -> Who {
        let mut groups = self.groups.clone();
        groups.push("system:authenticated".to_owned());
        Who::Bearer {
            user: match id {
                Some(id) => format!("system:bootstrap:{id}"),
                None => "system:bootstrap:any".to_owned(),
            },
            groups,
        }
    }

    /// One that is for joining, rather than one for something else.
    fn any_bearer(&self) -> Option<&Stored> {
        let is_for_joining = |stored: &&Stored| {
            let groups = stored.token().map(groups).unwrap_or_default();
            groups
                .iter()
                .any(|group| group == ExtraGroup::DEFAULT_NODE_TOKEN)
        };
        let usable = || self.others.iter().filter(|stored| self.is_taken(stored));
        usable().find(is_for_joining).or_else(|| usable().next())
    }

    /// Whether nothing is wrong with it by which the API server would refuse it.
    fn is_taken(&self, stored: &Stored) -> bool {
        let defects = stored.defects(self.now());
        stored.token().is_ok() && !defects.iter().any(Defect::disables_authentication)
    }
}

fn groups(token: &StoredToken) -> Vec<String> {
    let mut groups = vec![BOOTSTRAPPERS.to_owned()];
    groups.extend_from_slice(token.groups());
    groups
}
