//! An administrator's side: what the API server tells by a kubeconfig.

use std::time::Instant;

use bootstrap_token_kube::{Known, Policy, Subject};
use tracing::info;

use super::published;
use super::seen::Seen;
use super::words::Line;
use crate::api_server::ApiServer;
use crate::context::Context;
use crate::failure::{Chain, Failure};

/// What keeps no machine from joining.
pub(super) const WARNINGS: [&str; 3] = [
    "clock-ahead",
    "cluster-info-further-ca",
    "cluster-info-nearly-full",
];

/// What an administrator sees; and, where no machine's side is looked at and nothing keeps machines from joining, what is
/// met by who has no credentials.
pub(super) async fn look(
    subject: &Subject,
    admin: &ApiServer,
    is_alone: bool,
    context: &Context<'_>,
) -> Result<Seen, Failure> {
    info!("[token] looking for what keeps a machine from joining");
    let began = Instant::now();
    let done = admin
        .tokens
        .diagnose(subject, &known(admin, is_alone, context))
        .await;
    let diagnosis = done.map_err(|error| admin.failure("failed to look into it", &error))?;
    let line = |finding| Line::of(finding, subject);
    let mut seen: Seen = diagnosis
        .findings
        .iter()
        .map(line)
        .collect::<Vec<_>>()
        .into();
    for (what, why) in &diagnosis.unchecked {
        seen.extend(Seen::unlooked(*what, Chain(why)));
    }
    let are_warnings = seen.causes.iter().all(|line| WARNINGS.contains(&line.code));
    if is_alone && are_warnings {
        // Within the deadline of all that came before.
        let left = Policy::default().deadline.saturating_sub(began.elapsed());
        seen.extend(published::look(&diagnosis, admin, left, context).await?);
    }
    Ok(seen)
}

fn known(admin: &ApiServer, is_alone: bool, context: &Context<'_>) -> Known {
    let known = Known::at((context.now)());
    let known = match admin.route() {
        Some(route) => known.server(route.server().clone(), admin.pins()),
        // By plain HTTP nothing vouches for it.
        None => known,
    };
    if is_alone {
        known
    } else {
        known.joining_besides()
    }
}
