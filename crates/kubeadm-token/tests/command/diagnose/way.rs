//! What a machine that joins meets on its way to the API server: each of it by its code, and no other.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use crate::discover::support::{Authority, TOKEN, kubeconfig, signed};
use crate::fake_server::{NOBODY, Reply};
use crate::process::Home;

/// The codes of what is found there, in order, with what was seen and the remedy in one line each.
pub(super) fn look(server: &str, more: &[&str], env: &[(&str, &str)]) -> Vec<(String, String)> {
    let home = Home::empty();
    let args = [&["diagnose", "-", "--server", server], more].concat();
    let mut command = home.command(&args);
    command.envs(env.iter().copied());
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let _ = child.stdin.take().unwrap().write_all(TOKEN.as_bytes());
    let output = child.wait_with_output().unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(!format!("{stdout}{stderr}").contains("9r2c3d4e5f6g7h8i"));
    let healthy = stdout.starts_with("healthy: ");
    assert_eq!(
        output.status.code(),
        Some(i32::from(!healthy)),
        "{stdout}{stderr}"
    );
    stdout
        .lines()
        .map(|line| line.split_once(": ").unwrap())
        .map(|(code, words)| (code.to_owned(), words.to_owned()))
        .collect()
}

#[track_caller]
fn finds(found: &[(String, String)], code: &str, words: &[&str]) {
    let [(found, said)] = found else {
        panic!("want {code} alone: {found:?}");
    };
    assert_eq!(found, code, "{said}");
    for word in words {
        assert!(said.contains(word), "{code}: want {word:?} in {said}");
    }
}

/// An address where every connection is dealt with in this way.
pub(super) fn serve(deal: impl Fn(TcpStream) + Send + Sync + Copy + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || deal(stream));
        }
    });
    address
}

/// Through a proxy, to a server that no machine is.
#[track_caller]
fn through(proxy: &str) -> Vec<(String, String)> {
    look("192.0.2.7", &[], &[("HTTPS_PROXY", proxy)])
}

#[test]
fn a_proxy_that_lets_nobody_through() {
    const HELP: &str = "is the proxy right that HTTPS_PROXY names";

    fn answer(mut stream: TcpStream, line: &str) {
        let _ = stream.read(&mut [0; 4096]);
        let page = "<html>ask your administrator</html>";
        let length = page.len();
        let _ = write!(
            stream,
            "HTTP/1.1 {line}\r\ncontent-type: text/html\r\ncontent-length: {length}\r\n\r\n{page}"
        );
    }
    let said = "the proxy made no connection to the API server: proxy http://";
    for (proxy, source) in [
        (
            serve(|stream| answer(stream, "403 Forbidden")),
            "CONNECT was refused with 403 Forbidden",
        ),
        (
            serve(|stream| answer(stream, "407 Proxy Authentication Required")),
            "CONNECT was refused with 407 Proxy Authentication Required",
        ),
        (
            serve(|stream| answer(stream, "502 Bad Gateway")),
            "CONNECT was refused with 502 Bad Gateway",
        ),
        (
            serve(|mut stream| {
                let _ = stream.read(&mut [0; 4096]);
            }),
            "connection from there to the server failed: unexpected end of file",
        ),
    ] {
        let found = through(&proxy);
        finds(
            &found,
            "proxy-refuses",
            &[&format!("{said}{proxy}: {source}"), HELP],
        );
    }
    let not_there = through(NOBODY);
    finds(&not_there, "proxy-refuses", &["onnection refused", HELP]);
    let socks = through(&format!("socks5://{NOBODY}"));
    let said = format!("proxy socks5://{NOBODY}: TCP connection failed: Connection refused");
    finds(&socks, "proxy-refuses", &[&said, HELP]);
}

/// What is wrong with its certificate says nothing of the API server's.
#[test]
fn a_proxy_by_tls_that_speaks_none() {
    let proxy = serve(|mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    finds(&through(&format!("https://{proxy}")), "proxy-refuses", &[]);
}

#[test]
fn a_proxy_that_hangs() {
    let proxy = serve(|mut stream| {
        let _ = stream.read_to_end(&mut Vec::new());
    });
    finds(
        &through(&proxy),
        "proxy-refuses",
        &["connection from there to the server: no answer within 4s"],
    );
}

#[test]
fn a_captive_portal() {
    let ca = Authority::new("portal");
    let page = "<html><body>Please log in</body></html>".to_owned();
    for reply in [
        Reply::Whole(200, "", page.clone()),
        Reply::Whole(302, "location: https://login.example/\r\n", String::new()),
        Reply::Whole(403, "", page.clone()),
        Reply::Whole(404, "", String::new()),
        Reply::Whole(511, "", page),
        Reply::Whole(
            401,
            "www-authenticate: Basic realm=\"corp\"\r\n",
            "<html>".to_owned(),
        ),
        Reply::ok(r#"{"hello":1}"#),
    ] {
        let server = ca.server("login.example", [reply]);
        finds(&look(&server.url(), &[], &[]), "not-an-api-server", &[]);
    }
    let server = ca.server("login.example", [Reply::ok("<html>")]);
    finds(
        &look(&server.url(), &["--ca-pin", &ca.pin()], &[]),
        "not-an-api-server",
        &["login page"],
    );
}

/// The controller manager, or a path too much behind the address: refused in a `Status`, and by no API server.
#[test]
fn another_component_of_the_cluster() {
    let ca = Authority::new("component");
    for code in [403, 404] {
        for details in ["{}", r#"{"kind":"v1"}"#] {
            let server = ca.server("127.0.0.1", [Reply::refusal_of_path(code, details)]);
            finds(&look(&server.url(), &[], &[]), "not-an-api-server", &[]);
        }
    }
}

#[test]
fn a_load_balancer_with_nothing_behind_it() {
    let ca = Authority::new("balancer");
    for code in [502, 503] {
        let server = ca.server("127.0.0.1", [Reply::Whole(code, "", "<html>".to_owned())]);
        let found = look(&server.url(), &[], &[]);
        finds(
            &found,
            "server-in-trouble",
            &["the answer was 50", "load balancer"],
        );
    }
}

#[test]
fn no_tls_there() {
    let plain = serve(|mut stream| {
        let _ = stream.read(&mut [0; 512]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    });
    finds(&look(&plain, &[], &[]), "tls-refused", &["own port"]);
    let closes = serve(|mut stream| {
        let _ = stream.read(&mut [0; 512]);
    });
    finds(
        &look(&closes, &[], &[]),
        "tls-refused",
        &["tls handshake eof", "load balancer"],
    );
    // With what was sent unread, it is reset.
    let resets = serve(drop);
    finds(&look(&resets, &[], &[]), "tls-refused", &[]);
    let refuses = serve(|mut stream| {
        let _ = stream.read(&mut [0; 512]);
        // A fatal alert: handshake_failure.
        let _ = stream.write_all(&[21, 3, 3, 0, 2, 2, 40]);
    });
    finds(
        &look(&refuses, &[], &[]),
        "tls-refused",
        &["HandshakeFailure"],
    );
}

/// A firewall that swallows what is sent, as does a server whose queue is full: what keeps it full, and its address.
#[cfg(target_os = "linux")]
pub(super) fn silence() -> ((TcpListener, Vec<TcpStream>), String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    let connect =
        |address: &SocketAddr| TcpStream::connect_timeout(address, Duration::from_millis(300));
    while let Ok(stream) = connect(&address) {
        waiting.push(stream);
        assert!(waiting.len() < 20_000, "the queue does not fill up");
    }
    ((listener, waiting), address.to_string())
}

#[cfg(target_os = "linux")]
#[test]
fn nobody_answers_at_all() {
    let (_full, address) = silence();
    finds(
        &look(&address, &[], &[]),
        "server-unreachable",
        &["nothing takes a connection", "firewall"],
    );
}

/// The server that cluster-info names, by a pin and without one.
#[cfg(target_os = "linux")]
#[test]
fn nobody_answers_where_machines_are_sent() {
    let ca = Authority::new("kubernetes");
    let (_full, address) = silence();
    let sends = kubeconfig(&ca.pem).replace("cp.example:6443", &address);
    let good = signed(&sends, TOKEN);
    let pin = ca.pin();
    for pinned in [&["--ca-pin", &pin][..], &[]] {
        let server = ca.server("127.0.0.1", [good.clone(), good.clone()]);
        finds(
            &look(&server.url(), pinned, &[]),
            "server-unreachable",
            &[
                "cluster-info sends machines to",
                "nothing takes a connection",
            ],
        );
    }
}

/// Nothing is sent, and the proxy's password is told to nobody.
#[test]
fn a_proxy_of_another_kind() {
    let found = through("ftp://user:hunter2@127.0.0.1:1");
    finds(
        &found,
        "way-unusable",
        &["unsupported scheme \"ftp\"", "write it as http://HOST:PORT"],
    );
    assert!(!found[0].1.contains("hunter2"), "{found:?}");
}
