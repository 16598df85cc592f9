//! Client certificates: a plugin returns one, and a server asks for it.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use std::collections::HashMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;

use kube::config::{AuthInfo, ExecConfig, ExecInteractiveMode};
use kube_transport::{Transport, TransportError};
use rcgen::{CertificateParams, KeyPair};
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::{
    DigitallySignedStruct, DistinguishedName, Error, ServerConfig, ServerConnection,
    SignatureScheme, StreamOwned,
};

/// Accepts any client certificate, like an API server that trusts its CA, and records the chain. rustls checks only for
/// version 3 that the client has the key.
#[derive(Debug)]
struct Noting {
    shown: Mutex<Vec<Vec<u8>>>,
    schemes: Vec<SignatureScheme>,
}

impl ClientCertVerifier for Noting {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let shown = [end_entity].into_iter().chain(intermediates);
        *self.shown.lock().unwrap() = shown.map(|der| der.to_vec()).collect();
        Ok(ClientCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<rustls::client::danger::HandshakeSignatureValid, Error> {
        Ok(rustls::client::danger::HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.schemes.clone()
    }
}

struct Server {
    address: SocketAddr,
    certificate: Vec<u8>,
    noting: Arc<Noting>,
}

impl Server {
    fn start() -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let certificate = certificate.self_signed(&key).unwrap().der().to_vec();
        let provider = Arc::new(ring::default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let noting = Arc::new(Noting {
            shown: Mutex::default(),
            schemes: algorithms.supported_schemes(),
        });
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(Arc::clone(&noting) as _)
            .with_single_cert(
                vec![certificate.clone().into()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut stream = StreamOwned::new(connection, stream);
                if stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
                }
            }
        });
        Self {
            address,
            certificate,
            noting,
        }
    }

    /// Returns the certificates that the server got from such a client.
    async fn shown_by(&self, auth_info: AuthInfo) -> Result<Vec<Vec<u8>>, TransportError> {
        let mut config = kube::Config::new(format!("https://{}", self.address).parse().unwrap());
        config.root_cert = Some(vec![self.certificate.clone()]);
        config.auth_info = auth_info;
        let client = Transport::new(config).client()?;
        let request = http::Request::get("/")
            .body(kube::client::Body::empty())
            .unwrap();
        client.send(request).await.unwrap();
        Ok(std::mem::take(&mut *self.noting.shown.lock().unwrap()))
    }
}

/// Builds a plugin that runs this script. `$ANSWER` is its answer.
#[cfg(unix)]
fn plugin(script: &str, answer: &str) -> AuthInfo {
    let version = "client.authentication.k8s.io/v1".to_owned();
    AuthInfo {
        exec: Some(ExecConfig {
            api_version: Some(version),
            command: Some("sh".to_owned()),
            args: Some(vec!["-c".to_owned(), script.to_owned()]),
            env: Some(vec![HashMap::from([
                ("name".to_owned(), "ANSWER".to_owned()),
                ("value".to_owned(), answer.to_owned()),
            ])]),
            interactive_mode: Some(ExecInteractiveMode::Never),
            ..ExecConfig::default()
        }),
        ..AuthInfo::default()
    }
}

#[cfg(unix)]
const ANSWER: &str = "printf %s \"$ANSWER\"";

/// Builds an answer with this status.
#[cfg(unix)]
fn credential(status: &serde_json::Value) -> String {
    let version = "client.authentication.k8s.io/v1";
    serde_json::json!({"apiVersion": version, "kind": "ExecCredential", "status": status})
        .to_string()
}

/// Like Teleport's. It runs once.
#[cfg(unix)]
#[tokio::test]
async fn a_credential_plugin_may_return_a_certificate() {
    let server = Server::start();
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/certificates/clients/ed25519.pem");
    let pem = fs::read_to_string(&path).unwrap();
    let chain = vec![CertificateDer::from_pem_file(&path).unwrap().to_vec()];
    let runs = Path::new(env!("CARGO_TARGET_TMPDIR")).join("plugin-runs");
    let script = format!("echo run >> {}; {ANSWER}", runs.display());
    for status in [
        serde_json::json!({"clientCertificateData": pem, "clientKeyData": pem}),
        serde_json::json!({"clientCertificateData": pem, "clientKeyData": pem, "token": "x"}),
    ] {
        fs::write(&runs, "").unwrap();
        let shown = server.shown_by(plugin(&script, &credential(&status))).await;
        assert_eq!(shown.unwrap(), chain);
        assert_eq!(fs::read_to_string(&runs).unwrap(), "run\n");
    }
}

/// Builds a client for a user with a plugin, sends two requests, and returns their tokens.
#[cfg(unix)]
async fn tokens_of(auth_info: AuthInfo) -> Vec<String> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = thread::spawn(move || {
        let mut tokens = Vec::new();
        for stream in listener.incoming().take(2) {
            let mut stream = stream.unwrap();
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).unwrap();
            let head = String::from_utf8(head[..read].to_vec()).unwrap();
            let token = head
                .lines()
                .find_map(|line| line.strip_prefix("authorization: "));
            tokens.push(token.unwrap_or_default().to_owned());
            let end = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(end).unwrap();
        }
        tokens
    });
    let mut config = kube::Config::new(format!("http://{address}").parse().unwrap());
    config.auth_info = auth_info;
    let client = Transport::new(config).client().unwrap();
    for _ in 0..2 {
        let body = kube::client::Body::empty();
        let request = http::Request::get("/").body(body).unwrap();
        client.send(request).await.unwrap();
    }
    server.join().unwrap()
}

/// The plugin counts its runs. The count is its token.
#[cfg(unix)]
#[tokio::test]
async fn a_token_is_renewed_when_it_expires() {
    let runs = Path::new(env!("CARGO_TARGET_TMPDIR")).join("token-runs");
    let script = format!(
        "echo run >> {runs}; printf %s \"$ANSWER\" | sed \"s/N/$(wc -l < {runs} | tr -d ' ')/\"",
        runs = runs.display()
    );
    for (expires, expected) in [
        (None, ["Bearer 1", "Bearer 1"]),
        (Some("2999-01-01T00:00:00Z"), ["Bearer 1", "Bearer 1"]),
        (Some("2020-01-01T01:00:00+01:00"), ["Bearer 2", "Bearer 3"]),
    ] {
        fs::write(&runs, "").unwrap();
        let status = serde_json::json!({"token": "N", "expirationTimestamp": expires});
        // Only the token has this letter.
        let answer = credential(&status);
        assert_eq!(answer.matches('N').count(), 1);
        assert_eq!(tokens_of(plugin(&script, &answer)).await, expected);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_credential_plugin_with_an_unusable_answer() {
    let refused = |auth_info: AuthInfo| {
        let mut config = kube::Config::new("http://127.0.0.1:9".parse().unwrap());
        config.auth_info = auth_info;
        match Transport::new(config).client().map(drop).unwrap_err() {
            TransportError::Plugin(error) => error.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let nothing = credential(&serde_json::json!({}));
    let half = credential(&serde_json::json!({"clientCertificateData": "x"}));
    let other = credential(&serde_json::json!({"token": "x"})).replace("/v1", "/v1beta1");
    let unknown = credential(&serde_json::json!({"token": "x"})).replace("/v1", "/v1alpha1");
    let kind = credential(&serde_json::json!({"token": "x"})).replace("ExecC", "C");
    let late = credential(&serde_json::json!({"token": "x", "expirationTimestamp": "soon"}));
    let split = credential(&serde_json::json!({"token": "x\ny"}));
    let unreadable = "the credential plugin printed no ExecCredential that can be read";
    let neither = "the credential plugin gave neither a token nor a certificate with its key";
    for (script, answer, says) in [
        // It never stops printing.
        (
            "exec cat /dev/zero",
            "",
            "the credential plugin printed more than 1 MiB",
        ),
        (
            "printf %s \"$ANSWER\"; exit 3",
            &nothing,
            "the credential plugin failed (exit status: 3)",
        ),
        (ANSWER, "secret-1: [", unreadable),
        (ANSWER, "{status: {token: x}}", unreadable),
        (ANSWER, &unknown, unreadable),
        (ANSWER, &kind, unreadable),
        (
            ANSWER,
            &other,
            "the credential plugin answered in another apiVersion than it was asked for",
        ),
        (ANSWER, &nothing, neither),
        (ANSWER, &half, neither),
        (
            ANSWER,
            &late,
            "the credential plugin gave an expirationTimestamp that is no time",
        ),
        (
            ANSWER,
            &split,
            "the credential plugin gave a token that cannot be sent",
        ),
    ] {
        assert_eq!(refused(plugin(script, answer)), says, "{script} {answer}");
    }
    let mut old = plugin(ANSWER, &nothing);
    let exec = old.exec.as_mut().unwrap();
    exec.api_version = Some("client.authentication.k8s.io/v1alpha1".to_owned());
    assert_eq!(
        refused(old),
        "the credential plugin has no apiVersion that is supported: v1 or v1beta1 of client.authentication.k8s.io"
    );
}
