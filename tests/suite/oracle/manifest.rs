//! YAML of ours that programs read: whatever a token is made of, each reader finds the same texts.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token_discovery::{Anchor, TrustedCluster};
use conformance::command::ours;
use conformance::oracle::Oracle;
use conformance::suite::Test;
use conformance::{paths, tests};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::generate::regex;

pub(crate) const TESTS: &[Test] = tests!["manifest":
    a_manifest_is_the_same_to_each_reader,
    a_kubeconfig_is_the_same_to_each_reader,
];

const TOKENS: usize = 200;

/// Such as readers of YAML take for numbers of every kind.
fn like_a_number(length: usize) -> BoxedStrategy<String> {
    let of = |pattern: String| regex(&pattern);
    prop_oneof![
        of(format!("[0-9]{{{length}}}")),
        of(format!("0{{{}}}[0-9]", length - 1)),
        of(format!("0[xX0][0-9a-f]{{{}}}", length - 2)).prop_map(|text| text.to_lowercase()),
        of(format!("0o[0-7]{{{}}}", length - 2)),
        of(format!("0b[01]{{{}}}", length - 2)),
        of(format!("0x[0-9a-f]{{{}}}p[0-9]", length - 4)),
        of(format!("[0-9]e[0-9]{{{}}}", length - 2)),
        of(format!("[0-9]{{{}}}e[0-9]", length - 2)),
        of(format!("[0-9a-z]{{{length}}}")),
    ]
    .boxed()
}

fn token() -> BoxedStrategy<String> {
    (like_a_number(6), like_a_number(16))
        .prop_map(|(id, secret)| format!("{id}.{secret}"))
        .boxed()
}

fn description() -> BoxedStrategy<String> {
    prop_oneof![
        regex("[-+]?[0-9._:xobe]{1,10}"),
        regex("[-+0-9]{1,4}[eE._:][-+]?[0-9]{1,5}"),
        select(vec![
            "y",
            "Off",
            "NULL",
            "~",
            "null",
            ".inf",
            "-.INF",
            ".NaN",
            "1:20:30",
            "190:20:30.15",
            "0x1p4",
            "1_0",
            "0b1",
            "0o17",
            "2026-12-01",
            "2026-12-01 10:00:00",
            "+.5",
            "=",
            "<<",
            "! a",
            "a: b",
            "- a",
            "#",
            "",
            " ",
            "'",
            "\"",
        ])
        .prop_map(str::to_owned),
        any::<String>().prop_filter("no argument holds it", |text| !text.contains('\0')),
    ]
    .boxed()
}

fn generated<T: std::fmt::Debug>(strategy: &BoxedStrategy<T>) -> Vec<T> {
    let mut runner = TestRunner::default();
    let one = |_| strategy.new_tree(&mut runner).unwrap().current();
    (0..TOKENS).map(one).collect()
}

/// What each reader finds in each of the documents, behind the reader's name.
fn read(documents: &[String]) -> Vec<Vec<(&'static str, Value)>> {
    let asked = documents
        .iter()
        .map(|text| json!({"op": "yaml", "input": text}));
    let by_go = Oracle::start().ask_all(&asked.collect::<Vec<_>>());
    let by_python = by_python(documents);
    let each = documents.iter().zip(by_go).enumerate();
    each.map(|(number, (text, by_go))| {
        let by_go = by_go.ok().unwrap_or_else(|| panic!("{by_go:?}: {text}"));
        let by_rust =
            serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        vec![
            ("sigs.k8s.io/yaml", by_go["kubernetes"].clone()),
            ("go.yaml.in/yaml/v3", by_go["v3"].clone()),
            ("serde-saphyr", by_rust),
            ("PyYAML", by_python[number].clone()),
        ]
    })
    .collect()
}

/// With the library that the official client for Python has.
fn by_python(documents: &[String]) -> Vec<Value> {
    const READ: &str = "import json, sys, yaml; print(json.dumps([yaml.safe_load(text) for text in json.load(sys.stdin)]))";
    let python = paths::python();
    assert!(
        python.exists(),
        "there is no Python environment: run `make test`, or `make test-python` once"
    );
    let mut child = Command::new(python)
        .args(["-c", READ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let all = serde_json::to_vec(documents).unwrap();
    child.stdin.take().unwrap().write_all(&all).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

fn a_manifest_is_the_same_to_each_reader() {
    let cases = generated(&(token(), description()).boxed());
    let documents: Vec<_> = cases
        .iter()
        .map(|(token, description)| {
            let args = ["manifest", "-", "--ttl=0", "--description", description];
            let run = ours(args).stdin(token.as_bytes()).prints_token().run();
            run.success().to_owned()
        })
        .collect();
    for ((token, description), found) in cases.iter().zip(read(&documents)) {
        let (id, secret) = token.split_once('.').unwrap();
        let mut data = json!({
            "token-id": id,
            "token-secret": secret,
            "usage-bootstrap-authentication": "true",
            "usage-bootstrap-signing": "true",
            "auth-extra-groups": "system:bootstrappers:kubeadm:default-node-token",
        });
        if !description.is_empty() {
            data["description"] = json!(description);
        }
        for (reader, found) in found {
            assert_eq!(found["stringData"], data, "{reader}");
            assert_eq!(
                found["metadata"]["name"],
                json!(format!("bootstrap-token-{id}"))
            );
        }
    }
}

fn a_kubeconfig_is_the_same_to_each_reader() {
    let key = rcgen::KeyPair::generate().unwrap();
    let authority = rcgen::CertificateParams::new(vec![]).unwrap();
    let pem = authority.self_signed(&key).unwrap().pem();
    let cases = generated(&(token(), any::<String>(), any::<String>()).boxed());
    let documents: Vec<_> = cases
        .iter()
        .map(|(token, name, proxy)| {
            let mut file = format!(
                "{{\"clusters\": [{{\"cluster\": {{\"server\": \"https://10.0.0.1\", \"certificate-authority-data\": \"{}\"",
                STANDARD.encode(&pem)
            );
            for (key, value) in [("tls-server-name", name), ("proxy-url", proxy)] {
                let _ = write!(file, ", \"{key}\": \"");
                for unit in value.chars() {
                    let _ = write!(file, "\\U{:08x}", u32::from(unit));
                }
                file.push('"');
            }
            file.push_str("}}]}");
            let alone = Anchor::danger_token_alone();
            let cluster = TrustedCluster::from_discovery_file(&file, &alone, SystemTime::now());
            let cluster = cluster.unwrap_or_else(|error| panic!("{error}: {file}"));
            let token = token.parse().unwrap();
            cluster.expose_bootstrap_kubeconfig(&token).to_string()
        })
        .collect();
    for ((token, name, proxy), found) in cases.iter().zip(read(&documents)) {
        for (reader, found) in found {
            assert_eq!(
                found["users"][0]["user"],
                json!({"token": token}),
                "{reader}"
            );
            let cluster = &found["clusters"][0]["cluster"];
            for (key, value) in [("tls-server-name", name), ("proxy-url", proxy)] {
                let expected = Some(json!(value)).filter(|_| !value.is_empty());
                assert_eq!(cluster.get(key), expected.as_ref(), "{reader}: {key}");
            }
        }
    }
}
