//! The server that cluster-info names, asked by an administrator as a machine asks it that has no credentials yet.

use core::time::Duration;
use std::time::Instant;

use bootstrap_token_discovery::UnverifiedCluster;
use bootstrap_token_kube::{Diagnosis, Unchecked};

use super::joiner::Way;
use super::seen::Seen;
use super::words::{Line, PUBLISH, words};
use crate::api_server::ApiServer;
use crate::command::discover::by::By;
use crate::context::Context;
use crate::failure::Failure;

/// The least time in which an answer says something of the server.
const SHORTEST: Duration = Duration::from_secs(1);

/// What keeps every machine from joining, wherever it is; the rest may pass, where the same server has just answered.
const EVERYWHERE: [&str; 5] = [
    "anonymous-off",
    "cluster-info-not-public",
    "server-other-ca",
    "server-wrong-name",
    "server-certificate-expired",
];

/// What may pass at any server.
const MAY_PASS: [&str; 2] = ["server-in-trouble", "server-too-slow"];

pub(super) async fn look(
    diagnosis: &Diagnosis,
    admin: &ApiServer,
    left: Duration,
    context: &Context<'_>,
) -> Result<Seen, Failure> {
    let Some(cluster) = &diagnosis.cluster else {
        return Ok(Seen::default());
    };
    if left < SHORTEST {
        return Ok(Seen::unlooked(
            Unchecked::PublicRead,
            "no time is left for it",
        ));
    }
    let route = admin
        .route()
        .filter(|route| route.server() == cluster.server());
    let is_the_same = route.is_some();
    let way = match route {
        // As the kubeconfig goes there.
        Some(route) => Way(route),
        None => Way::to(cluster.server(), context).await?,
    };
    let discovery = way.discovery(Instant::now() + left)?;
    let error = match discovery.as_anybody(cluster.certificates()).await {
        Ok(uid)
            if [&uid, &diagnosis.uid].iter().all(|uid| !uid.is_empty()) && uid != diagnosis.uid =>
        {
            return Ok(vec![another_cluster(cluster)].into());
        }
        Ok(_) => return Ok(Seen::default()),
        Err(error) => error,
    };
    let lines = way.met(&error, &By::Pins).await;
    let is_cause = |line: &Line| {
        EVERYWHERE.contains(&line.code) || !is_the_same && !MAY_PASS.contains(&line.code)
    };
    if !lines.iter().all(is_cause) {
        return Ok(Seen::unlooked(Unchecked::PublicRead, &error));
    }
    let told = |line| told(line, (!is_the_same).then(|| admin.url()));
    Ok(lines.into_iter().map(told).collect::<Vec<_>>().into())
}

/// `admin` is where the kubeconfig goes, if that is elsewhere.
fn told(mut line: Line, admin: Option<&str>) -> Line {
    let words = &mut line.words;
    if let Some(admin) = admin {
        words.saw = format!(
            "cluster-info sends machines elsewhere than this kubeconfig goes, which is {admin}: {}",
            words.saw
        );
    }
    words.mend = match (line.code, admin) {
        // What is right with the way itself.
        ("anonymous-off" | "cluster-info-not-public", _) => return line,
        ("server-other-ca", _) => format!("is that address this cluster's? {ADDRESS}: {PUBLISH}"),
        (_, Some(_)) => format!(
            "{}; or is that address wrong? {ADDRESS}: {PUBLISH}",
            words.mend
        ),
        (_, None) => return line,
    };
    line
}

const ADDRESS: &str = "It is `server` in the kubeconfig in the ConfigMap kube-public/cluster-info; to have that of admin.conf there";

fn another_cluster(cluster: &UnverifiedCluster) -> Line {
    Line {
        code: "cluster-info-of-another-cluster",
        words: words(
            format!(
                "cluster-info sends machines to {}, where another cluster answers",
                cluster.server()
            ),
            "a machine asks that one by a token that it does not know",
            format!("write the kubeconfig in it anew: {PUBLISH}"),
        ),
    }
}
