//! Which servers' certificates are good: the chains of a file, one a line, each shown by a server to crypto/tls and to us.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread;

use conformance::oracle::{Answer, Oracle};
use conformance::suite::Test;
use conformance::tests;
use rcgen::Certificate;
use rustls::crypto::ring;
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::json;

use crate::chain::Chain;
use crate::tls::{get, runtime};

pub(crate) const TESTS: &[Test] = tests!["certificate":
    a_server_is_trusted_whom_crypto_tls_trusts,
];

fn a_server_is_trusted_whom_crypto_tls_trusts() {
    let mut oracle = Oracle::start();
    let (mut trusted, mut refused, mut differ) = (0, 0, Vec::new());
    for (line, chain) in Chain::all() {
        let address = serve(&chain);
        let question = json!({
            "op": "tls_dial", "address": address.to_string(), "name": chain.host,
            "roots": chain.roots_pem(),
        });
        let theirs = oracle.ask(&question);
        let ours = ours(address, &chain.host, &chain.roots());
        if let (Some(says), Err(said)) = (&chain.says, &ours)
            && !said.contains(says)
        {
            differ.push(format!("{line}\n  says: {said}"));
        }
        match (theirs.accepted(), ours.is_ok()) {
            (true, true) => trusted += 1,
            (false, false) => refused += 1,
            _ => differ.push(format!("{line}\n  Go: {theirs:?}\n  ours: {ours:?}")),
        }
        if let Answer::Panic(words) = theirs {
            panic!("{line}: {words}");
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert!(
        trusted >= 40 && refused >= 40,
        "{trusted} trusted, {refused} refused"
    );
}

fn ours(address: SocketAddr, host: &str, roots: &[&Certificate]) -> Result<(), String> {
    let mut config = kube::Config::new(format!("https://{address}").parse().unwrap());
    config.root_cert = Some(roots.iter().map(|root| root.der().to_vec()).collect());
    config.tls_server_name = Some(host.to_owned());
    runtime().block_on(get(config)).map(drop)
}

/// A server with the last certificate, that answers every connection of any length.
fn serve(chain: &Chain) -> SocketAddr {
    let shown = chain.shown().into_iter();
    let shown = shown.map(|certificate| certificate.der().clone()).collect();
    let key = PrivateKeyDer::try_from(chain.key().serialize_der()).unwrap();
    let provider = Arc::new(ring::default_provider());
    let key = provider.key_provider.load_private_key(key).unwrap();
    let resolver = SingleCertAndKey::from(CertifiedKey::new(shown, key));
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(resolver));
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().take(2).flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream);
            if stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
                let _ = stream.flush();
            }
        }
    });
    address
}
