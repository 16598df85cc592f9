//! The way to the API server, and what answers there.

use std::io::{self, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use conformance::control_plane::NOBODY;
use conformance::suite::Test;
use conformance::{pki, tests};

use super::rows::{
    ANONYMOUS_OFF, EXPIRED_SERVER, NO_TLS, OPENING_PROXY, SERVING_CA, SHUT_PROXY, TOO_SLOW,
    UNREACHABLE, WRONG_NAME,
};
use super::{address, both_say, both_say_at, both_say_through, good, pin};
use crate::between::{ending_tls, onward, shut};
use crate::support::{delete, plane, unknown, with_api_server};

pub(crate) const TESTS: &[Test] = tests!["kubeadm::way":
    says_of_a_name_that_is_not_in_the_certificate,
    says_of_a_server_that_is_unreachable,
    says_of_anonymous_requests_that_are_off,
    says_of_a_server_without_tls,
    says_of_a_server_s_certificate_of_another_ca,
    says_of_a_proxy_that_looks_into_tls,
    says_of_a_server_s_certificate_that_has_expired,
    says_of_a_proxy_that_lets_nobody_through,
    says_of_an_api_server_that_is_too_slow,
];

/// A load balancer at an address for which the certificate was not made.
fn says_of_a_name_that_is_not_in_the_certificate() {
    let token = good();
    let listener = TcpListener::bind("127.0.0.2:0").unwrap();
    let balancer = listener.local_addr().unwrap().to_string();
    let behind = address();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(server) = TcpStream::connect(&behind) else {
                return; // the tests are over
            };
            let ends = [&client, &server].map(|end| end.try_clone().unwrap());
            let [client_too, server_too] = ends;
            thread::spawn(move || hand_on(client, server));
            thread::spawn(move || hand_on(server_too, client_too));
        }
    });
    both_say_at(WRONG_NAME, &balancer, &token, &pin());
    delete(&token);
}

/// Until one end closes, which ends the other.
pub(crate) fn hand_on(mut from: TcpStream, mut to: TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}

fn says_of_a_server_that_is_unreachable() {
    let token = unknown();
    both_say_at(UNREACHABLE, NOBODY, &token, &pin());
}

fn says_of_anonymous_requests_that_are_off() {
    let token = good();
    with_api_server(&["--anonymous-auth=false"], || {
        both_say(ANONYMOUS_OFF, &token);
    });
    delete(&token);
}

fn says_of_a_server_without_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            let _ = connection.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    both_say_at(NO_TLS, &address, &unknown(), &pin());
}

/// The API server's own, for one of its names.
fn says_of_a_server_s_certificate_of_another_ca() {
    let other = pki::another_server(&plane());
    let file = |name: &str| other.path().join(name).display().to_string();
    let (certificate, key) = (file("apiserver.crt"), file("apiserver.key"));
    let for_name = format!("--tls-sni-cert-key={certificate},{key}:localhost");
    let token = good();
    with_api_server(&[&for_name], || {
        let by_name = address().replace("127.0.0.1", "localhost");
        both_say_at(SERVING_CA, &by_name, &token, &pin());
    });
    delete(&token);
}

fn says_of_a_proxy_that_looks_into_tls() {
    let its_own = pki::another_server(&plane());
    let token = good();
    both_say_at(
        OPENING_PROXY,
        &ending_tls(its_own.path(), onward),
        &token,
        &pin(),
    );
    delete(&token);
}

fn says_of_a_server_s_certificate_that_has_expired() {
    let expired = pki::expired_server(&plane());
    let token = good();
    both_say_at(
        EXPIRED_SERVER,
        &ending_tls(expired.path(), onward),
        &token,
        &pin(),
    );
    delete(&token);
}

/// To a server that only the proxy could know: none is used for this machine itself.
fn says_of_a_proxy_that_lets_nobody_through() {
    let proxy = format!("http://{}", shut("403 Forbidden"));
    both_say_through(SHUT_PROXY, &proxy, "192.0.2.7:6443", &unknown(), &pin());
}

/// Its answer comes after all patience: kubeadm's is of ten seconds.
fn says_of_an_api_server_that_is_too_slow() {
    let token = good();
    let folder = plane().ca_file().parent().unwrap().to_owned();
    let slow = ending_tls(&folder, |request| {
        thread::sleep(Duration::from_secs(20));
        onward(request)
    });
    both_say_at(TOO_SLOW, &slow, &token, &pin());
    delete(&token);
}
