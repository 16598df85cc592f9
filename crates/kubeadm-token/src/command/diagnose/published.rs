//! The server that cluster-info names, asked by an administrator as a machine asks it that has no credentials yet.

use core::fmt::Display;
use core::iter;
use core::time::Duration;
use std::error::Error;
use std::io;
use std::time::Instant;

use bootstrap_token_discovery::UnverifiedCluster;
use bootstrap_token_kube::{Diagnosis, DiscoverError, Unchecked};

use super::seen::Seen;
use super::way::{LAST_LOOK, Way, is_late};
use super::words::{Line, PUBLISH, words};
use crate::api_server::ApiServer;
use crate::command::discover::ca_description::CaDescription;
use crate::context::Context;
use crate::failure::{Chain, Failure};

/// What keeps every machine from joining, wherever it is; the rest may pass, where the same server has just answered.
pub(super) const EVERYWHERE: [&str; 5] = [
    "anonymous-off",
    "cluster-info-not-public",
    "server-other-ca",
    "server-wrong-name",
    "server-certificate-expired",
];

/// What may pass at any server.
pub(super) const MAY_PASS: [&str; 2] = ["server-in-trouble", "server-too-slow"];

/// What may be of the place that is asked from, where that goes elsewhere itself: an administrator's own machine may see
/// the cluster by another way than those that join.
pub(super) const FROM_HERE: [&str; 3] =
    ["server-name-unknown", "server-unreachable", "proxy-refuses"];

pub(super) async fn look(
    diagnosis: &Diagnosis,
    admin: &ApiServer,
    left: Duration,
    context: &Context<'_>,
) -> Result<Seen, Failure> {
    let Some(cluster) = &diagnosis.cluster else {
        return Ok(Seen::default());
    };
    let until = Instant::now() + left.saturating_sub(LAST_LOOK);
    if is_late(until) {
        return Ok(Seen::unlooked(
            Unchecked::PublicRead,
            "no time is left for it",
        ));
    }
    let route = admin
        .route()
        .filter(|route| route.server() == cluster.server());
    let is_the_same = route.is_some();
    let mut way = match route {
        // As the kubeconfig goes there.
        Some(route) => Way::by(route),
        None => match Way::to(cluster.server(), context) {
            Ok(way) => way,
            Err(line) => return Ok(Seen::unlooked(Unchecked::PublicRead, line.words.saw)),
        },
    };
    if way.unresolved(until).await.is_some() {
        return Ok(not_from_here(
            cluster,
            "what address that name has is not answered",
        ));
    }
    let error = match way
        .discovery(until)?
        .as_anybody(cluster.certificates())
        .await
    {
        Ok(uid)
            if [&uid, &diagnosis.uid].iter().all(|uid| !uid.is_empty()) && uid != diagnosis.uid =>
        {
            return Ok(vec![another_cluster(cluster)].into());
        }
        Ok(_) => return Ok(Seen::default()),
        Err(error) => error,
    };
    let lines = way.met(&error, &CaDescription::Pins).await;
    let is_refused = way.route().is_direct() && is_refused(&error);
    if !is_the_same && !is_refused && lines.iter().any(|line| FROM_HERE.contains(&line.code)) {
        return Ok(not_from_here(cluster, Chain(&error)));
    }
    let is_cause = |line: &Line| {
        EVERYWHERE.contains(&line.code) || !is_the_same && !MAY_PASS.contains(&line.code)
    };
    if !lines.iter().all(is_cause) {
        return Ok(Seen::unlooked(Unchecked::PublicRead, Chain(&error)));
    }
    let told = |line| told(line, (!is_the_same).then(|| admin.url()));
    Ok(lines.into_iter().map(told).collect::<Vec<_>>().into())
}

fn not_from_here(cluster: &UnverifiedCluster, why: impl Display) -> Seen {
    Seen::unlooked(
        Unchecked::PublicRead,
        format_args!(
            "cluster-info sends machines to {}, which is not to be reached from here; ask from where it should be ({why})",
            cluster.server()
        ),
    )
}

/// Whether whoever is there refused: so it does from everywhere.
fn is_refused(error: &DiscoverError) -> bool {
    let is_refusal = |error: &(dyn Error + 'static)| {
        let error = error.downcast_ref::<io::Error>();
        error.is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
    };
    error.attempts().iter().any(|attempt| {
        iter::successors(Some(attempt.why() as &(dyn Error + 'static)), |&error| {
            error.source()
        })
        .any(is_refusal)
    })
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
