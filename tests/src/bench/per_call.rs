//! Single functions of ours against upstream's, each in a program that does nothing else meanwhile.

use std::fs;
use std::path::Path;
use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::oracle::Oracle;
use crate::paths;

/// Nanoseconds a call.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct PerCall {
    pub(super) sign: f64,
    pub(super) verify: f64,
    pub(super) pin: f64,
}

/// How long the kubeconfig is that is signed, in bytes.
const LENGTH: usize = 2000;

/// Ours and upstream's, in turn, and of several rounds the median.
pub(super) fn measure(ca_file: &Path) -> (PerCall, PerCall) {
    const ROUNDS: usize = 5;

    let pem = fs::read_to_string(ca_file).unwrap();
    let kubeconfig = kubeconfig(&pem);
    let mut oracle = Oracle::start();
    let rounds: Vec<_> = (0..ROUNDS)
        .map(|_| {
            (
                ours(&kubeconfig, ca_file),
                upstream(&mut oracle, &kubeconfig, &pem),
            )
        })
        .collect();
    let (ours, upstream): (Vec<_>, Vec<_>) = rounds.into_iter().unzip();
    (medians(&ours), medians(&upstream))
}

/// As kubeadm writes it into cluster-info, with a comment that makes it as long as it should be.
fn kubeconfig(pem: &str) -> String {
    let data = STANDARD.encode(pem);
    let text = format!(
        "apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: {data}\n    \
         server: https://10.0.0.1:6443\n  name: \"\"\ncontexts: null\ncurrent-context: \"\"\n\
         kind: Config\npreferences: {{}}\nusers: null\n#"
    );
    assert!(text.len() <= LENGTH, "{} bytes", text.len());
    format!("{text:-<LENGTH$}")
}

fn ours(kubeconfig: &str, ca_file: &Path) -> PerCall {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(&file, kubeconfig).unwrap();
    let output = Command::new(paths::release_per_call())
        .args([file.path(), ca_file])
        .output()
        .expect("`make bench` builds what is measured");
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn upstream(oracle: &mut Oracle, kubeconfig: &str, pem: &str) -> PerCall {
    let mut request = json!({
        "content": STANDARD.encode(kubeconfig),
        "id": "07401b",
        "secret": "f395accd246ae52d",
        "pem": pem,
    });
    let mut ask = |op: &str, jws: Value| {
        request["op"] = op.into();
        request["jws"] = jws;
        let answer = oracle.ask(&request);
        answer
            .ok()
            .unwrap_or_else(|| panic!("{op}: {answer:?}"))
            .clone()
    };
    let jws = ask("jws_sign", "".into());
    let mut ns = |op| ask(op, jws.clone()).as_f64().unwrap();
    PerCall {
        sign: ns("jws_sign_ns"),
        verify: ns("jws_verify_ns"),
        pin: ns("pin_ns"),
    }
}

fn medians(rounds: &[PerCall]) -> PerCall {
    let of = |figure: fn(&PerCall) -> f64| super::figures::median(rounds.iter().map(figure));
    PerCall {
        sign: of(|f| f.sign),
        verify: of(|f| f.verify),
        pin: of(|f| f.pin),
    }
}
