//! Builds kube's client from a configuration. Configurations that make kube panic are rejected first.

use std::panic::{AssertUnwindSafe, catch_unwind};

use http::HeaderValue;
use kube::config::AuthInfo;
use kube::{Client, Config};
use kube_transport::{Proxy, Transport, TransportError};
use secrecy::ExposeSecret;

use crate::error::{Credentials, Kind};
use crate::failure::{Failure, Fate};
use crate::transport;

/// The default `User-Agent`.
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Builds a client that uses the configuration's proxy. Runs the credential plugin.
pub(crate) fn client(config: Config) -> Result<Client, Failure> {
    let proxy = config.proxy_url.as_ref();
    let proxy = proxy.map(|proxy| proxy.to_string().parse()).transpose();
    let proxy = proxy.map_err(|error| transport::client_failure(TransportError::Proxy(error)))?;
    client_through(proxy, config, None)
}

/// Builds a client that uses `proxy`.
pub(crate) fn client_through(
    proxy: Option<Proxy>,
    config: Config,
    user_agent: Option<HeaderValue>,
) -> Result<Client, Failure> {
    if has_malformed_token(&config.auth_info) {
        let malformed = Kind::Credentials(Credentials::Malformed);
        return Err(Failure::new(malformed, Fate::Final));
    }
    let has_command = has_command(&config.auth_info);
    let transport = Transport::new(config)
        .through(proxy)
        .user_agent(user_agent.unwrap_or(HeaderValue::from_static(USER_AGENT)));
    let client = if has_command {
        // kube panics on a token that no header can hold, and shows it to nobody before.
        catch_unwind(AssertUnwindSafe(|| transport.client())).map_err(|_| {
            let why = "kube panicked; the command of the kubeconfig's auth-provider \
                       may have given a token that cannot be sent";
            Failure::new(Kind::Client, Fate::Final).caused_by(why)
        })?
    } else {
        transport.client()
    };
    client.map_err(transport::client_failure)
}

/// Returns whether a token in the kubeconfig is not a valid header value.
fn has_malformed_token(auth_info: &AuthInfo) -> bool {
    let provider = auth_info.auth_provider.as_ref();
    let cached = |key: &str| provider.and_then(|provider| provider.config.get(key));
    [
        auth_info.token.as_ref().map(ExposeSecret::expose_secret),
        cached("id-token").map(String::as_str),
        cached("access-token").map(String::as_str),
    ]
    .into_iter()
    .flatten()
    .any(|token| HeaderValue::from_str(token).is_err())
}

/// Whether the credential comes from a program that kube runs.
fn has_command(auth_info: &AuthInfo) -> bool {
    let provider = auth_info.auth_provider.as_ref();
    provider.is_some_and(|provider| provider.config.contains_key("cmd-path"))
}
