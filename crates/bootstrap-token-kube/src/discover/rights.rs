use core::time::Duration;

use bootstrap_token::Token;
use bootstrap_token_discovery::TrustedCluster;
use bootstrap_token_secret::ExtraGroup;

use super::Route;
use super::fetch::{self, Trust};
use crate::call::Call;
use crate::diagnose::review::{What, Who};
use crate::failure::Failure;
use crate::policy::Policy;
use crate::request::Purpose;
use crate::{Error, Finding};

impl Route {
    /// Returns the first right that the token's groups lack and a joining machine needs to get its certificate, if any.
    /// Asks the API server with the token, over TLS that trusts only the cluster's CA certificates, in at most four
    /// requests.
    ///
    /// # Errors
    /// The API server does not answer the question.
    pub async fn rights(
        &self,
        cluster: &TrustedCluster,
        token: &Token,
        deadline: Duration,
    ) -> Result<Option<Finding>, Error> {
        let trust = Trust::Only(cluster.certificates());
        let client = fetch::client(self, trust, Some(token)).map_err(|failure| {
            Error::new(Purpose::Rights, failure.kind).caused_by(failure.source)
        })?;
        let policy = Policy::default().with_deadline(deadline);
        let mut call = Call::new(&client, &policy, Purpose::Rights);
        let lacking = lacking(&mut call).await;
        lacking.map_err(|failure| call.error(failure))
    }
}

async fn lacking(call: &mut Call<'_>) -> Result<Option<Finding>, Failure> {
    if !call.may(&Who::Myself, &What::RequestCertificate).await? {
        let groups = call.my_groups().await;
        return Ok(Some(Finding::MayNotRequestCertificate { groups }));
    }
    if !call.may(&Who::Myself, &What::BeApproved).await? {
        let groups = call.my_groups().await;
        return Ok(Some(Finding::NotApproved { groups }));
    }
    if !call.may(&Who::Myself, &What::ReadKubeadmConfig).await? {
        let groups = call.my_groups().await;
        // Other installers have no kubeadm-config.
        let is_for_kubeadm = groups
            .iter()
            .any(|group| group == ExtraGroup::DEFAULT_NODE_TOKEN);
        return Ok(is_for_kubeadm.then_some(Finding::MayNotReadKubeadmConfig { groups }));
    }
    Ok(None)
}
