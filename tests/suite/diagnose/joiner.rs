//! What a machine meets that joins: a server, a token, and perhaps a pin.

use std::io::Write as _;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Certificate, Pin};
use conformance::command::{Command, ours};
use conformance::control_plane::Component::{ApiServer, ControllerManager};
use conformance::suite::Test;
use conformance::{pki, tests, wait};
use serde_json::json;

use crate::support::{
    admin, cluster_info, create, create_with, delete, finally, patch_cluster_info, plane, signed,
    unknown, verdict_but, verdict_of, with_api_server,
};

pub(crate) const TESTS: &[Test] = tests!["joiner":
    nothing,
    the_token_is_another,
    the_pin_is_another,
    the_server_is_not_there,
    the_server_s_name_is_not_in_its_certificate,
    the_server_speaks_no_tls,
    the_server_hangs,
    the_server_takes_no_anonymous_requests,
    cluster_info_has_another_ca,
    both_sides_find_nothing,
    both_sides_name_a_cause_once,
];

/// From the side of a machine with this token, and the cluster's pin.
pub(crate) fn at(server: &str, token: &Token) -> Command {
    ours(["diagnose", "-", "--server", server]).stdin(token.expose().to_string())
}

pub(crate) fn pin() -> String {
    let pem = std::fs::read(plane().ca_file()).unwrap();
    let certificates = Certificate::bundle_from_pem(&pem).unwrap();
    Pin::of(&certificates[0]).to_string()
}

#[track_caller]
pub(crate) fn found(token: &Token) -> Vec<String> {
    verdict_of(at(plane().server(), token).args(["--ca-pin", &pin()]))
}

#[track_caller]
pub(crate) fn found_without_pin(server: &str, token: &Token) -> Vec<String> {
    verdict_of(at(server, token))
}

pub(crate) fn with_token(act: impl FnOnce(&Token)) {
    let token = create();
    signed(&token);
    act(&token);
    wait::until_true("it is deleted", || {
        let done = ours(["delete", token.id().as_str()])
            .kubeconfig(plane().kubeconfig())
            .run();
        done.code == Some(0)
    });
}

fn nothing() {
    with_token(|token| {
        assert_eq!(found(token), [""; 0]);
        assert_eq!(found_without_pin(plane().server(), token), [""; 0]);
    });
}

fn the_token_is_another() {
    with_token(|token| {
        let wrong = Token::new(token.id(), unknown().secret().clone());
        assert_eq!(found(&wrong), ["signature-does-not-verify"]);
    });
    assert_eq!(found(&unknown()), ["not-signed"]);
    // It is taken, and does not sign.
    let token = create_with(&["--usages", "authentication"]);
    assert_eq!(found(&token), ["not-signed"]);
    delete(&token);
}

fn the_pin_is_another() {
    with_token(|token| {
        let other = pki::another_authority(&plane());
        let file = other.path().join("ca.crt");
        let found =
            verdict_of(at(plane().server(), token).args(["--ca-file", file.to_str().unwrap()]));
        assert_eq!(found, ["pin-does-not-match"]);
    });
}

fn the_server_is_not_there() {
    let token = unknown();
    assert_eq!(
        found_without_pin("127.0.0.1:1", &token),
        ["server-unreachable"]
    );
    assert_eq!(
        found_without_pin("no-such-host.invalid", &token),
        ["server-name-unknown"]
    );
}

/// By an address that is this machine's too, and that nobody thought of.
fn the_server_s_name_is_not_in_its_certificate() {
    let listener = TcpListener::bind(("127.0.0.2", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = plane().server().replace("https://", "");
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let onward = TcpStream::connect(&server).unwrap();
            for (mut from, mut to) in [
                (connection.try_clone().unwrap(), onward.try_clone().unwrap()),
                (onward, connection),
            ] {
                thread::spawn(move || {
                    let _ = std::io::copy(&mut from, &mut to);
                    let _ = to.shutdown(Shutdown::Write);
                });
            }
        }
    });
    with_token(|token| {
        assert_eq!(found_without_pin(&address, token), ["server-wrong-name"]);
    });
}

/// A web server without TLS in the API server's place.
fn the_server_speaks_no_tls() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let _ = (&connection).write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    assert_eq!(found_without_pin(&address, &unknown()), ["tls-refused"]);
}

fn the_server_hangs() {
    with_token(|token| {
        plane().stop(ApiServer);
        finally(
            || {
                let output = at(plane().server(), token).run();
                assert!(output.elapsed < Duration::from_secs(10), "{output:?}");
                assert!(output.stdout.starts_with("server-too-slow: "), "{output:?}");
            },
            || plane().cont(ApiServer),
        );
    });
}

fn the_server_takes_no_anonymous_requests() {
    with_token(|token| {
        with_api_server(&["--anonymous-auth=false"], || {
            assert_eq!(found(token), ["anonymous-off"]);
            assert_eq!(crate::support::found(token), ["anonymous-off"]);
        });
    });
}

fn cluster_info_has_another_ca() {
    use base64::Engine as _;
    with_token(|token| {
        let kubeconfig = cluster_info().remove("kubeconfig").unwrap();
        let before = signed(token);
        let other = pki::another_authority(&plane());
        let encode = |path: &std::path::Path| {
            base64::engine::general_purpose::STANDARD.encode(std::fs::read(path).unwrap())
        };
        let [ours, theirs] = [plane().ca_file(), &other.path().join("ca.crt")].map(encode);
        patch_cluster_info(&json!({"kubeconfig": kubeconfig.replace(&ours, &theirs)}));
        finally(
            || {
                wait::until_true("it is signed anew", || signed(token) != before);
                let found = found_without_pin(plane().server(), token);
                assert_eq!(found, ["server-other-ca"]);
            },
            || patch_cluster_info(&json!({"kubeconfig": kubeconfig})),
        );
    });
}

/// In no more requests than one may ask for.
fn both_sides_find_nothing() {
    with_token(|token| {
        let both = || at(plane().server(), token).kubeconfig(plane().kubeconfig());
        assert_eq!(verdict_of(both()), [""; 0]);
        assert_eq!(verdict_of(both().args(["--ca-pin", &pin()])), [""; 0]);
    });
}

fn both_sides_name_a_cause_once() {
    plane().kill(ControllerManager);
    finally(
        || {
            let token = create();
            let kubeconfig = plane().kubeconfig().to_owned();
            let both = at(plane().server(), &token).kubeconfig(&kubeconfig);
            assert_eq!(verdict_of(both), ["not-signed-yet"]);
            let away = at("127.0.0.1:1", &token).kubeconfig(&kubeconfig);
            // The machine does not get so far as to show the token.
            let found = verdict_but(1, away);
            assert_eq!(found, ["not-signed-yet", "server-unreachable"]);
            let name = crate::support::name(&token);
            admin(&["-n", "kube-system", "delete", "secret", &name]);
        },
        || plane().restart(ControllerManager),
    );
}
