//! etcd's own HTTP interface, for what no API server does on demand.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;

use conformance::control_plane::Component;
use serde_json::{Value, json};

use crate::support::plane;

/// Forgets all states but the present one, as etcd does with what is older than five minutes.
pub(crate) fn compact() {
    // "AA==" is the key of one zero byte; what counts is the header.
    let header = post("/v3/kv/range", &json!({"key": "AA=="}));
    let revision = &header["header"]["revision"];
    let answer = post(
        "/v3/kv/compaction",
        &json!({"revision": revision, "physical": true}),
    );
    assert!(answer.get("header").is_some(), "{answer}");
}

fn post(path: &str, body: &Value) -> Value {
    let address = address();
    let body = body.to_string();
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.0\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (_, body) = answer.split_once("\r\n\r\n").unwrap();
    serde_json::from_str(body).unwrap_or_else(|error| panic!("{path}: {error}: {answer}"))
}

/// Where it listens, out of its own arguments.
fn address() -> String {
    let pid = plane().pid(Component::Etcd).unwrap();
    let arguments = fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap();
    arguments
        .split('\0')
        .find_map(|argument| argument.strip_prefix("--listen-client-urls=http://"))
        .unwrap()
        .to_owned()
}
