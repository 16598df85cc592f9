//! The contents and connection of a request by a kubeconfig. The tests compare them with client-go's.

use std::path::Path;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token_discovery::Certificate;
use kube::config::AuthInfo;
use secrecy::ExposeSecret as _;
use serde_json::{Map, Value, json};

use super::{Access, Plugin, load};
use crate::failure::{Chain, Failure};

/// Reads a kubeconfig and runs its exec plugin.
///
/// # Errors
///
/// The command's error message.
pub fn facts(path: &Path) -> Result<Value, String> {
    tell(path).map_err(|failure| {
        let help = failure.remedy().unwrap_or_default();
        format!("{}\nhelp: {help}", Chain(&failure))
    })
}

fn tell(path: &Path) -> Result<Value, Failure> {
    let no_environment = |_: &str| None;
    let Access {
        proxy,
        config,
        authorities,
        ..
    } = load(path, None, &no_environment, SystemTime::now(), Plugin::Run)?;
    let certificate = config.auth_info.client_certificate_data.as_deref();
    let certificate = certificate
        .and_then(|base64| STANDARD.decode(base64).ok())
        .and_then(|pem| Certificate::bundle_from_pem(&pem).ok())
        .map(|chain| STANDARD.encode(chain[0].der()));
    Ok(json!({
        "server": config.cluster_url.to_string().trim_end_matches('/'),
        "headers": headers(&config.auth_info),
        "ca": authorities.iter().map(|der| STANDARD.encode(der)).collect::<Vec<_>>(),
        "certificate": certificate.unwrap_or_default(),
        "insecure": config.accept_invalid_certs,
        "server_name": config.tls_server_name.unwrap_or_default(),
        "proxy": proxy.map(|proxy| proxy.to_string()).unwrap_or_default(),
    }))
}

fn headers(auth_info: &AuthInfo) -> Value {
    let mut headers = Map::new();
    let mut add = |name: &str, values: Vec<String>| {
        if !values.is_empty() {
            headers.insert(name.to_owned(), values.into());
        }
    };
    let bearer = auth_info.token.iter();
    let bearer = bearer.map(|token| format!("Bearer {}", token.expose_secret()));
    let basic = auth_info.username.iter().zip(&auth_info.password);
    let basic = basic.map(|(user, password)| {
        let pair = format!("{user}:{}", password.expose_secret());
        format!("Basic {}", STANDARD.encode(pair))
    });
    add("authorization", bearer.chain(basic).collect());
    add(
        "impersonate-user",
        auth_info.impersonate.iter().cloned().collect(),
    );
    add(
        "impersonate-uid",
        auth_info.impersonate_uid.iter().cloned().collect(),
    );
    add(
        "impersonate-group",
        auth_info
            .impersonate_groups
            .iter()
            .flatten()
            .cloned()
            .collect(),
    );
    for (key, values) in auth_info.impersonate_user_extra.iter().flatten() {
        add(
            &format!("impersonate-extra-{}", key.to_lowercase()),
            values.clone(),
        );
    }
    headers.into()
}
