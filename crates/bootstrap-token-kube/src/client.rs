//! Makes kube's client of a configuration; what kube would panic on is seen before.

use std::panic::{AssertUnwindSafe, catch_unwind};

use http::HeaderValue;
use kube::config::AuthInfo;
use kube::{Client, Config};
use rustls::crypto::{CryptoProvider, ring};
use secrecy::ExposeSecret as _;

use crate::error::{Credentials, Kind};
use crate::failure::{Failure, Fate};
use crate::transport;

/// Makes a client. A credential plugin is run here.
pub(crate) fn client(config: Config) -> Result<Client, Failure> {
    choose_crypto_provider();
    if has_malformed_token(&config.auth_info) {
        let malformed = Kind::Credentials(Credentials::Malformed);
        return Err(Failure::new(malformed, Fate::Final));
    }
    let client = if has_plugin(&config.auth_info) {
        // kube panics on a token of a plugin's that no header can hold, and shows it to nobody before.
        catch_unwind(AssertUnwindSafe(|| Client::try_from(config))).map_err(|_| {
            let why = "kube panicked; the kubeconfig names a credential plugin, \
                       which may have given a token that cannot be sent";
            Failure::new(Kind::Client, Fate::Final).caused_by(why)
        })?
    } else {
        Client::try_from(config)
    };
    client.map_err(transport::client_failure)
}

/// Takes ring where the process has not chosen a provider of cryptography: rustls panics where its features, which
/// any crate of the program can add to, name two providers or none.
fn choose_crypto_provider() {
    if CryptoProvider::get_default().is_none() {
        // It fails if another thread has chosen meanwhile, which is as good.
        let _ = ring::default_provider().install_default();
    }
}

/// Whether a token in the kubeconfig itself holds what no header can.
fn has_malformed_token(auth_info: &AuthInfo) -> bool {
    let provider = auth_info.auth_provider.as_ref();
    let cached = |key: &str| provider.and_then(|provider| provider.config.get(key));
    [
        auth_info.token.as_ref().map(|token| token.expose_secret()),
        cached("id-token").map(String::as_str),
        cached("access-token").map(String::as_str),
    ]
    .into_iter()
    .flatten()
    .any(|token| HeaderValue::from_str(token).is_err())
}

/// Whether the credential comes from a program that kube runs.
fn has_plugin(auth_info: &AuthInfo) -> bool {
    let provider = auth_info.auth_provider.as_ref();
    auth_info.exec.is_some()
        || provider.is_some_and(|provider| provider.config.contains_key("cmd-path"))
}
