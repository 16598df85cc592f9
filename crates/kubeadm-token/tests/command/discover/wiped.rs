//! A discovery file may be somebody's own kubeconfig: nothing of the private key in it stays in memory.

use std::fs::{self, File};
use std::io::{Read as _, Seek as _, SeekFrom};
use std::process::Stdio;
use std::time::{Duration, Instant};

use super::support::{Authority, home, kubeconfig};
use crate::fake_server::Reply;

/// In the place of a key.
const KEY: &[u8] = b"LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0tLS0tCk1IY0NBUUVFSU";

#[test]
fn a_key_in_a_discovery_file() {
    let ca = Authority::new("kubernetes");
    let server = ca.server("127.0.0.1", [Reply::Silence]);
    let home = home();
    // Twice and far apart, lest chance has something else written over it.
    let users = format!(
        "users:\n- name: admin\n  user:\n    client-key-data: {}\n    # {}\n    token: {}\n",
        str::from_utf8(KEY).unwrap(),
        "x".repeat(100_000),
        str::from_utf8(KEY).unwrap(),
    );
    let text = kubeconfig(&ca.pem)
        .replace("https://cp.example:6443", &server.url())
        .replace("users: null\n", "");
    home.write("discovery.conf", &(users + &text));
    let mut child = home
        .command(&[
            "discover",
            "--token-file=token",
            "--discovery-file=discovery.conf",
        ])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(30);
    while !server.was_asked() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(5));
    }
    let memory = memory(child.id());
    child.kill().unwrap();
    child.wait().unwrap();

    let holds = |what: &[u8]| memory.iter().any(|part| contains(part, what));
    assert!(server.was_asked());
    assert!(!holds(KEY), "the key is in memory");
    // What it needs still is found by the same means.
    assert!(holds(b"9r2c3d4e5f6g7h8i"), "the token is not in memory");
}

fn contains(part: &[u8], what: &[u8]) -> bool {
    part.windows(what.len()).any(|some| some == what)
}

/// All that a process may write to.
fn memory(process: u32) -> Vec<Vec<u8>> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let mut memory = File::open(format!("/proc/{process}/mem")).unwrap();
    let writable = maps.lines().filter(|line| line.contains(" rw"));
    writable
        .map(|line| {
            let (range, _) = line.split_once(' ').unwrap();
            let (from, to) = range.split_once('-').unwrap();
            let [from, to] = [from, to].map(|text| u64::from_str_radix(text, 16).unwrap());
            let mut part = Vec::new();
            memory.seek(SeekFrom::Start(from)).unwrap();
            // Some of it cannot be read, such as a stack's guard.
            let _ = (&memory).take(to - from).read_to_end(&mut part);
            part
        })
        .collect()
}
