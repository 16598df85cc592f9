//! Trusted certificate authorities: `root_cert` and `root_cert_file` of a [`kube::Config`].
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use std::fs::{self, File};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kube::Config;
use kube_transport::{RootsError, Transport, TransportError};
use rcgen::{Certificate, CertificateParams, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

fn authority() -> (Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    (params.self_signed(&key).unwrap(), key)
}

/// Starts a server with a self-signed certificate.
async fn serve((certificate, key): &(Certificate, KeyPair)) -> SocketAddr {
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = stream.read(&mut [0; 4096]).await;
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
                let _ = stream.write_all(answer).await;
            }
        }
    });
    address
}

/// Builds a configuration with these certificates and this file of certificates.
fn config(server: SocketAddr, roots: Option<&Certificate>, file: Option<PathBuf>) -> Config {
    let mut config = Config::new(format!("https://{server}").parse().unwrap());
    config.root_cert = roots.map(|root| vec![root.der().to_vec()]);
    config.root_cert_file = file;
    config
}

/// Returns whether the server is trusted.
async fn is_trusted(config: Config) -> bool {
    let client = Transport::new(config).client().unwrap();
    let body = kube::client::Body::empty();
    let request = http::Request::get("/").body(body).unwrap();
    client.send(request).await.is_ok()
}

fn file(name: &str, content: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, content).unwrap();
    path
}

#[tokio::test]
async fn the_file_goes_first() {
    let (ours, other) = (authority(), authority());
    let server = serve(&ours).await;
    let (ours, other) = (ours.0, other.0);
    let broken = "-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n";
    let of_ours = file(
        "ours.crt",
        &format!("{broken}{}{}", other.pem(), ours.pem()),
    );
    let of_other = file("other.crt", &other.pem());
    for (roots, file, expected) in [
        (Some(&ours), None, true),
        (Some(&other), None, false),
        (None, Some(&of_ours), true),
        (Some(&other), Some(&of_ours), true),
        (Some(&ours), Some(&of_other), false),
    ] {
        let trusted = is_trusted(config(server, roots, file.cloned())).await;
        assert_eq!(trusted, expected, "{roots:?} {file:?}");
    }
}

#[tokio::test]
async fn unusable_files() {
    let ours = authority().0;
    let server = "127.0.0.1:9".parse().unwrap();
    let roots = |path: PathBuf| {
        let client = Transport::new(config(server, Some(&ours), Some(path))).client();
        match client.map(drop).unwrap_err() {
            TransportError::Roots(error) => error,
            other => panic!("{other:?}"),
        }
    };
    let empty = roots(file("empty.crt", "no certificate\n"));
    assert!(matches!(empty, RootsError::Malformed), "{empty:?}");
    let none = roots("none.crt".into());
    assert_eq!(none.to_string(), "cannot read none.crt");
    let long = file("long.crt", "");
    File::options()
        .write(true)
        .open(&long)
        .unwrap()
        .set_len((8 << 20) + 1)
        .unwrap();
    let RootsError::File(_, error) = roots(long) else {
        panic!();
    };
    assert_eq!(error.kind(), std::io::ErrorKind::FileTooLarge);
    // An endless file.
    let RootsError::File(_, error) = roots("/dev/zero".into()) else {
        panic!();
    };
    assert_eq!(error.kind(), std::io::ErrorKind::FileTooLarge);
}
