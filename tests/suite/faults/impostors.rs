//! What is not the API server of the kubeconfig, or no API server at all.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use conformance::command::{Output, ours};
use conformance::control_plane::Component::ApiServer;
use conformance::kubeconfig::Kubeconfig;
use conformance::suite::Test;
use conformance::{pki, secrets, tests};
use serde_json::{Value, json};

use crate::support::{complaint, plane};

pub(crate) const TESTS: &[Test] = tests!["impostors":
    an_expired_server_certificate_is_told_as_that,
    whatever_is_no_api_server_is_told_as_what_it_is,
];

fn an_expired_server_certificate_is_told_as_that() {
    let expired = pki::expired_server(&plane());
    let certificate = expired.path().join("apiserver.crt");
    let key = expired.path().join("apiserver.key");
    // For that name only, so that it is ready for the others.
    let for_name = format!(
        "--tls-sni-cert-key={},{}:localhost",
        certificate.display(),
        key.display()
    );
    plane().kill(ApiServer);
    plane().restart_with(ApiServer, &[&for_name]);
    let server = plane().server().replace("127.0.0.1", "localhost");
    let output = list(&json!({"server": server, "certificate-authority": plane().ca_file()}));
    plane().kill(ApiServer);
    plane().restart(ApiServer);
    let says = complaint(&output);
    assert!(
        says.contains("the API server's certificate has expired"),
        "{says}"
    );
    assert!(
        says.contains("\nhelp: renew the API server's certificate"),
        "{says}"
    );
}

/// A cluster entry, and what the error must say.
type Case = (Value, &'static [&'static str]);

fn whatever_is_no_api_server_is_told_as_what_it_is() {
    let plane = plane();
    let authority = plane.ca_file();
    let at = |server: String| json!({"server": server, "certificate-authority": authority});
    let cases: Vec<Case> = vec![
        (
            at("https://no-such-host.invalid:6443".to_owned()),
            &["the API server's name does not resolve"],
        ),
        (
            at(format!("https://{}", closed())),
            &["no connection to the API server", "onnection refused"],
        ),
        (
            json!({"server": plane.server(), "certificate-authority": authority, "tls-server-name": "elsewhere.example.com"}),
            &["the API server's certificate is for another name"],
        ),
        (
            at(format!("https://{}", serve(drop))),
            &["tried again until the deadline of 10s"],
        ),
        (
            at(format!(
                "https://{}",
                serve(|mut stream| {
                    let _ = stream.write_all(b"HTTP/1.0 400 Bad Request\r\n\r\nthis is HTTP\n");
                })
            )),
            &["no TLS connection to the API server"],
        ),
        (
            at(format!(
                "https://{}",
                serve(|mut stream| {
                    // It takes all and gives nothing.
                    let _ = stream.read_to_end(&mut Vec::new());
                })
            )),
            &["deadline"],
        ),
        (
            at(format!(
                "http://{}",
                serve(|mut stream| {
                    let _ = stream.read(&mut [0; 4096]);
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>Hi</html>");
                })
            )),
            &["the API server's reply is not the JSON object it should be"],
        ),
        (
            at(format!(
                "http://{}",
                serve(|mut stream| {
                    let _ = stream.read(&mut [0; 4096]);
                    let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{\"kind\": \"SecretList\", \"items\": [");
                })
            )),
            &["the API server's reply was cut off", "deadline"],
        ),
        (
            at(format!(
                "http://{}",
                serve(|mut stream| {
                    let _ = stream.read(&mut [0; 4096]);
                    let _ = stream.write_all(b"HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example.com/\r\nContent-Length: 0\r\n\r\n");
                })
            )),
            &["error: failed to list bootstrap tokens", "302"],
        ),
    ];
    // Some take the whole deadline.
    let running: Vec<_> = cases
        .into_iter()
        .map(|(cluster, causes)| (thread::spawn(move || list(&cluster)), causes))
        .collect();
    for (output, causes) in running {
        let output = output.join().unwrap();
        let says = complaint(&output);
        for cause in causes {
            assert!(says.contains(cause), "want {cause:?}: {says}");
        }
        assert!(says.contains("\nhelp: "), "{says}");
        assert_eq!(output.stdout, "");
    }
}

/// A list with a credential that must not be shown, whoever asks.
fn list(cluster: &Value) -> Output {
    secrets::register_text("a-credential-for-the-true-one");
    let user = json!({"token": "a-credential-for-the-true-one"});
    let kubeconfig = Kubeconfig::new(cluster, &user);
    ours(["list", "-v=10"]).kubeconfig(&kubeconfig.path()).run()
}

/// An address where nobody listens any more.
fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().to_string()
}

/// An address where every connection is dealt with in this way, until the tests end.
fn serve(deal: impl Fn(TcpStream) + Send + Sync + Copy + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || deal(stream));
        }
    });
    address
}
