//! Something between a machine that joins and the API server: proxies and faces that are not the cluster's.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use base64::Engine as _;
use bootstrap_token::Token;
use conformance::control_plane::Component::Etcd;
use conformance::suite::Test;
use conformance::{pki, tests};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned,
};

use crate::joiner::{at, found_without_pin, pin, with_token};
use crate::kubeadm::way::hand_on;
use crate::support::{finally, plane, unknown, verdict_but, verdict_of};

pub(crate) const TESTS: &[Test] = tests!["between":
    a_proxy_with_a_certificate_of_its_own,
    a_proxy_that_lets_nobody_through,
    a_proxy_that_takes_the_joiner_to_the_cluster,
    a_portal_that_wants_a_login,
    a_path_that_leads_nowhere,
    a_balancer_with_nothing_behind_it,
    a_certificate_that_has_expired,
    an_api_server_that_waits_for_its_etcd,
];

/// Each connection to an address of its own is dealt with in this way.
fn serve(deal: impl Fn(TcpStream) + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let deal = Arc::new(deal);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let deal = Arc::clone(&deal);
            thread::spawn(move || deal(stream));
        }
    });
    address
}

/// Up to the empty line behind a request's headers.
fn request(stream: &mut impl Read) -> Option<String> {
    let mut read = Vec::new();
    while !read.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        read.extend(byte);
    }
    String::from_utf8(read).ok()
}

/// A server that ends TLS with the certificate in a folder, and answers each request of its client's in this way.
pub(crate) fn ending_tls(
    folder: &Path,
    answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static,
) -> String {
    let certificate = CertificateDer::from_pem_file(folder.join("apiserver.crt")).unwrap();
    let key = PrivateKeyDer::from_pem_file(folder.join("apiserver.key")).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key);
    let config = Arc::new(config.unwrap());
    serve(move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let mut stream = StreamOwned::new(connection, stream);
        if let Some(request) = request(&mut stream) {
            let _ = stream.write_all(&answer(&request));
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    })
}

/// What the true API server answers, over TLS that verifies it.
pub(crate) fn onward(request: &str) -> Vec<u8> {
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(plane().ca_file()).unwrap())
        .unwrap();
    let config = ClientConfig::builder()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let server = TcpStream::connect(plane().server().replace("https://", "")).unwrap();
    let mut stream = StreamOwned::new(connection, server);
    let once = request.replacen("\r\n", "\r\nconnection: close\r\n", 1);
    stream.write_all(once.as_bytes()).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

/// It sees all that goes over it, as a company's does that looks into TLS. What it hands on is true to the byte.
fn a_proxy_with_a_certificate_of_its_own() {
    let its_own = pki::another_server(&plane());
    let proxy = ending_tls(its_own.path(), onward);
    with_token(|token| {
        assert_eq!(found_without_pin(&proxy, token), ["server-other-ca"]);
        let pinned = at(&proxy, token).args(["--ca-pin", &pin()]);
        assert_eq!(verdict_of(pinned), ["server-other-ca"]);
        // From the inside nothing is wrong.
        let both = at(&proxy, token).kubeconfig(plane().kubeconfig());
        assert_eq!(verdict_but(1, both), ["server-other-ca"]);
    });
}

/// To a server that only the proxy could know: none is used for this machine itself.
#[track_caller]
fn found_through(proxy: &str, token: &Token) -> Vec<String> {
    verdict_of(at("control-plane.example", token).env("HTTPS_PROXY", proxy))
}

/// A proxy that answers everybody with this line.
pub(crate) fn shut(line: &'static str) -> String {
    serve(move |mut stream| {
        if request(&mut stream).is_some() {
            let _ = write!(stream, "HTTP/1.1 {line}\r\ncontent-length: 0\r\n\r\n");
        }
    })
}

fn a_proxy_that_lets_nobody_through() {
    let token = unknown();
    for line in ["403 Forbidden", "407 Proxy Authentication Required"] {
        assert_eq!(found_through(&shut(line), &token), ["proxy-refuses"]);
    }
    assert_eq!(found_through("127.0.0.1:1", &token), ["proxy-refuses"]);
}

/// The true API server, under a name that is not in its certificate, and behind a password.
fn a_proxy_that_takes_the_joiner_to_the_cluster() {
    let password = base64::engine::general_purpose::STANDARD.encode("joiner:open sesame");
    let proxy = serve(move |mut stream| {
        let Some(asked) = request(&mut stream) else {
            return;
        };
        if !asked.contains(&format!("Basic {password}")) {
            let _ = write!(stream, "HTTP/1.1 407 No\r\ncontent-length: 0\r\n\r\n");
            return;
        }
        let server = TcpStream::connect(plane().server().replace("https://", "")).unwrap();
        let _ = write!(stream, "HTTP/1.1 200 OK\r\n\r\n");
        let ends = [&stream, &server].map(|end| end.try_clone().unwrap());
        let [client, onward] = ends;
        thread::spawn(move || hand_on(client, server));
        hand_on(onward, stream);
    });
    with_token(|token| {
        assert_eq!(found_through(&proxy, token), ["proxy-refuses"]);
        let known = format!("http://joiner:open%20sesame@{proxy}");
        assert_eq!(found_through(&known, token), ["server-wrong-name"]);
    });
}

fn a_portal_that_wants_a_login() {
    let its_own = pki::another_server(&plane());
    let portal = ending_tls(its_own.path(), |_| {
        let page = "<html><body>Please log in.</body></html>";
        let length = page.len();
        format!(
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n\r\n{page}"
        )
        .into_bytes()
    });
    assert_eq!(
        found_without_pin(&portal, &unknown()),
        ["not-an-api-server"]
    );
}

/// The true API server refuses the path, in a `Status` where anybody asks for it.
fn a_path_that_leads_nowhere() {
    let server = format!("{}/api", plane().server());
    with_token(|token| {
        assert_eq!(found_without_pin(&server, token), ["not-an-api-server"]);
    });
}

/// It takes connections, finds nobody to hand them to, and hangs up.
fn a_balancer_with_nothing_behind_it() {
    let balancer = serve(|mut stream| {
        let _ = stream.read(&mut [0; 4096]);
    });
    assert_eq!(found_without_pin(&balancer, &unknown()), ["tls-refused"]);
}

fn a_certificate_that_has_expired() {
    let expired = pki::expired_server(&plane());
    let server = ending_tls(expired.path(), onward);
    with_token(|token| {
        assert_eq!(
            found_without_pin(&server, token),
            ["server-certificate-expired"]
        );
    });
}

/// A disk that is too slow for etcd looks like this from outside.
fn an_api_server_that_waits_for_its_etcd() {
    with_token(|token| {
        plane().stop(Etcd);
        finally(
            || {
                assert_eq!(
                    found_without_pin(plane().server(), token),
                    ["server-too-slow"]
                );
            },
            || plane().cont(Etcd),
        );
    });
}
