//! Who asks: a client certificate that a plugin gives, shown to a server that wants one.
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

/// Takes whoever shows a certificate, as an API server does that trusts its CA, and notes the chain. That the client has
/// the key is checked by rustls for version 3 only.
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

    /// What the server was shown by such a client.
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

/// As Teleport's.
#[cfg(unix)]
#[tokio::test]
async fn a_credential_plugin_may_give_a_certificate() {
    let server = Server::start();
    let plugin = |answer: &str| AuthInfo {
        exec: Some(ExecConfig {
            api_version: Some("client.authentication.k8s.io/v1".to_owned()),
            command: Some("sh".to_owned()),
            args: Some(vec!["-c".to_owned(), "printf %s \"$ANSWER\"".to_owned()]),
            env: Some(vec![HashMap::from([
                ("name".to_owned(), "ANSWER".to_owned()),
                ("value".to_owned(), answer.to_owned()),
            ])]),
            interactive_mode: Some(ExecInteractiveMode::Never),
            ..ExecConfig::default()
        }),
        ..AuthInfo::default()
    };
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/certificates/clients/ed25519.pem");
    let pem = fs::read_to_string(&path).unwrap();
    let chain = vec![CertificateDer::from_pem_file(&path).unwrap().to_vec()];
    for status in [
        serde_json::json!({"clientCertificateData": pem, "clientKeyData": pem}),
        serde_json::json!({"clientCertificateData": pem, "clientKeyData": pem, "token": "x"}),
    ] {
        let answer = serde_json::json!({"kind": "ExecCredential", "status": status});
        let shown = server.shown_by(plugin(&answer.to_string())).await;
        assert_eq!(shown.unwrap(), chain);
    }
    let nothing = server.shown_by(plugin(r#"{"status": {}}"#)).await;
    assert!(
        matches!(nothing, Err(TransportError::PluginCredential)),
        "{nothing:?}"
    );
}
