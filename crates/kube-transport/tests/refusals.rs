//! Servers that must not get secrets.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use std::path::PathBuf;

use kube::Config;
use kube::config::ExecConfig;
use kube_transport::{Transport, TransportError};

/// Returns why no client is built. Running the plugin would fail with another reason.
fn refused(mut config: Config, proxy: Option<&str>) -> Option<TransportError> {
    config.auth_info.exec = Some(ExecConfig {
        api_version: Some("client.authentication.k8s.io/v1".to_owned()),
        command: Some("/nowhere/plugin".to_owned()),
        ..ExecConfig::default()
    });
    let proxy = proxy.map(|proxy| proxy.parse().unwrap());
    match Transport::new(config).through(proxy).client().map(drop) {
        Err(TransportError::Plugin(_)) => None,
        Err(error) => Some(error),
        Ok(()) => panic!("a client without its credential"),
    }
}

fn config(server: &str) -> Config {
    Config::new(server.parse().unwrap())
}

#[tokio::test]
async fn a_server_without_encryption() {
    let here = Some("http://127.0.0.1:3128");
    let there = Some("http://proxy.example:3128");
    for (server, proxy, expected) in [
        ("http://127.0.0.1:8080", None, false),
        ("http://localhost", None, false),
        ("http://[::1]:8080", here, false),
        ("https://10.0.0.1", there, false),
        ("http://10.0.0.1:6443", None, true),
        ("http://10.0.0.1:6443", here, true),
        ("http://127.0.0.1.example:6443", None, true),
        ("http://127.0.0.1:8080", there, true),
    ] {
        let refused = refused(config(server), proxy);
        let is_plain = matches!(refused, Some(TransportError::PlainHttp));
        assert_eq!(is_plain, expected, "{server} {proxy:?} {refused:?}");
        assert_eq!(
            refused.is_some(),
            expected,
            "{server} {proxy:?} {refused:?}"
        );
    }
}

#[tokio::test]
async fn a_server_with_a_login() {
    for server in ["https://ann:hunter2@10.0.0.1", "http://hunter2@127.0.0.1"] {
        let error = refused(config(server), None).unwrap();
        assert!(matches!(error, TransportError::Login), "{error:?}");
        assert!(!format!("{error:?} {error}").contains("hunter2"));
    }
}

#[tokio::test]
async fn unused_certificate_authorities() {
    let unverified = |roots: Option<Vec<Vec<u8>>>, file: Option<&str>| {
        let mut config = config("https://127.0.0.1:9");
        config.accept_invalid_certs = true;
        config.root_cert = roots;
        config.root_cert_file = file.map(PathBuf::from);
        refused(config, None)
    };
    for refused in [
        unverified(Some(vec![vec![0]]), None),
        unverified(None, Some("/nowhere/ca.crt")),
    ] {
        assert!(
            matches!(refused, Some(TransportError::Unverified)),
            "{refused:?}"
        );
    }
    for taken in [unverified(None, None), unverified(Some(Vec::new()), None)] {
        assert!(taken.is_none(), "{taken:?}");
    }
}
