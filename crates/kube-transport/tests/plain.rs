//! A server of plain HTTP.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use std::env;
use std::process::Command;

use kube_transport::{Transport, TransportError};

/// As in a container without certificate authorities whose server is `kubectl proxy`.
#[tokio::test]
async fn plain_http_needs_no_certificate_authorities() {
    const WITHOUT: &str = "SSL_CERT_FILE";

    // The system's certificate authorities come from the environment of the process.
    if env::var_os(WITHOUT).is_none_or(|file| file != "/dev/null") {
        let child = Command::new(env::current_exe().unwrap())
            .env(WITHOUT, "/dev/null")
            .env_remove("SSL_CERT_DIR")
            .output()
            .unwrap();
        assert!(child.status.success(), "{child:?}");
        return;
    }
    let client = |server: &str| {
        let config = kube::Config::new(server.parse().unwrap());
        Transport::new(config).client().map(drop)
    };
    let refused = client("https://127.0.0.1:1");
    assert!(
        matches!(refused, Err(TransportError::Roots(_))),
        "{refused:?}"
    );
    let taken = client("http://127.0.0.1:1");
    assert!(taken.is_ok(), "{taken:?}");
}
