use core::time::Duration;

use bootstrap_token::Token;
use bootstrap_token_discovery::cluster_info::{KUBECONFIG, signature_id};
use bootstrap_token_discovery::{Certificate, ClusterInfo};
use http::Uri;
use kube::config::AuthInfo;
use kube::{Client, Config};

use super::Route;
use crate::call::Call;
use crate::client::client_through;
use crate::error::{BadReply, Error, Kind, Sender};
use crate::failure::{Failure, Fate};
use crate::policy::Policy;
use crate::request::{Purpose, Request};

/// The CAs that may have issued the server's certificate.
#[derive(Clone, Copy)]
pub(super) enum Trust<'a> {
    /// Any: the reply is not trusted.
    Anyone,
    /// Only these.
    Only(&'a [Certificate]),
}

/// Why cluster-info could not be read, and whether a retry may help.
pub(super) struct FetchError {
    pub(super) error: Error,
    pub(super) may_pass: bool,
}

/// What was read.
pub(super) struct Fetched {
    pub(super) info: ClusterInfo,
    /// Identifies the cluster.
    pub(super) uid: String,
}

/// Sends one GET for cluster-info, without redirects, retries, or any credential but `credential`.
pub(super) async fn cluster_info(
    route: &Route,
    trust: Trust<'_>,
    credential: Option<&Token>,
    deadline: Duration,
) -> Result<Fetched, FetchError> {
    let verified = matches!(trust, Trust::Only(_));
    let purpose = Purpose::ClusterInfo { verified };
    let unfetched = |failure: Failure| {
        let failure = if is_from_api_server(&failure) {
            failure
        } else {
            unexpected(failure)
        };
        let may_pass = may_pass(&failure, credential);
        let error = Error::new(purpose, failure.kind).caused_by(failure.source);
        FetchError { error, may_pass }
    };
    let client = client(route, trust, credential).map_err(unfetched)?;
    let policy = Policy::default().with_deadline(deadline);
    let mut call = Call::new(&client, &policy, purpose);
    let reply = call.send(&Request::cluster_info(), |_| false).await;
    let config_map = reply
        .and_then(|reply| reply.config_map(is_read))
        .map_err(unfetched)?;
    Ok(Fetched {
        info: ClusterInfo::new(config_map.data),
        uid: config_map.metadata.unwrap_or_default().uid,
    })
}

/// Returns whether a joining machine reads this key. Other keys, which may come from anybody, are dropped.
fn is_read(key: &str) -> bool {
    key == KUBECONFIG || signature_id(key).is_some()
}

/// Returns whether a refusal comes from an API server and is about cluster-info. The controller manager also refuses
/// the path with a `Status`, and under a wrong path prefix the `Status` names another resource.
fn is_from_api_server(failure: &Failure) -> bool {
    let Kind::Status(status) = &failure.kind else {
        return true;
    };
    match (status.code(), status.sender()) {
        (401, sender) => matches!(sender, Sender::Status | Sender::StatusOfConfigMaps),
        (403 | 404, _) => status.is_of_config_maps(),
        _ => true,
    }
}

fn unexpected(failure: Failure) -> Failure {
    match failure.kind {
        Kind::Status(status) => {
            let code = status.code();
            BadReply::Unexpected { code }.into()
        }
        _ => failure,
    }
}

/// Returns whether the failure may be temporary, as while a server starts up.
fn may_pass(failure: &Failure, credential: Option<&Token>) -> bool {
    match &failure.kind {
        Kind::Status(status) => match status.code() {
            // The server may not know the token yet.
            401 => credential.is_some(),
            // cluster-info and the right to read it are created last.
            403 | 404 => true,
            _ => failure.fate != Fate::Final,
        },
        _ => failure.fate != Fate::Final,
    }
}

pub(super) fn client(
    route: &Route,
    trust: Trust<'_>,
    credential: Option<&Token>,
) -> Result<Client, Failure> {
    let url: Uri = route
        .server
        .to_string()
        .parse()
        .map_err(|error: http::uri::InvalidUri| {
            Failure::new(Kind::Client, Fate::Final).caused_by(error)
        })?;
    let mut config = Config::new(url);
    config.tls_server_name.clone_from(&route.tls_server_name);
    // Never `None`, which would trust the system's CAs.
    config.root_cert = Some(match trust {
        Trust::Anyone => Vec::new(),
        Trust::Only(certificates) => certificates.iter().map(|c| c.der().to_vec()).collect(),
    });
    config.accept_invalid_certs = matches!(trust, Trust::Anyone);
    config.auth_info = AuthInfo {
        token: credential.map(|token| token.expose().to_string().into()),
        ..AuthInfo::default()
    };
    let proxy = route.proxy.clone();
    client_through(proxy, config, route.user_agent.clone())
}
