//! Kubeconfigs as people have them: what a request of kubeadm's would carry, and over what, is what one of ours does.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, Permissions};
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{self, Stdio};
use std::sync::{LazyLock, Mutex};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use conformance::command::Program;
use conformance::oracle::{Answer, Oracle};
use conformance::property::{Agreed, Spread, holds_for};
use conformance::suite::Test;
use conformance::{paths, tests};
use kubeadm_token::kubeconfig_facts;
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::kubeconfig::scalar;

pub(crate) const TESTS: &[Test] = tests!["kubeconfigs":
    each_of_the_wild_is_to_us_what_it_is_to_client_go,
    the_command_goes_where_client_go_does,
    a_scalar_is_to_us_what_it_is_to_client_go,
    a_mistake_leads_nowhere_else,
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    takes: Takes,
    /// The section of docs/DIFFERENCES.md, where only one takes it.
    why: Option<String>,
    config: Option<String>,
    cluster: Option<String>,
    user: Option<String>,
    #[serde(default)]
    more: String,
    #[serde(default)]
    files: BTreeMap<String, String>,
    written: Option<Written>,
}

#[derive(Clone, Copy, PartialEq, Deserialize, Debug)]
#[serde(rename_all = "lowercase")]
enum Takes {
    Both,
    Neither,
    Kubeadm,
    Ours,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Written {
    Bom,
    Crlf,
    #[serde(rename = "utf-16le")]
    Utf16Le,
    #[serde(rename = "utf-16be")]
    Utf16Be,
    #[serde(rename = "utf-16le-cut")]
    Utf16LeCut,
    #[serde(rename = "latin-1")]
    Latin1,
}

impl Written {
    fn bytes(self, text: &str) -> Vec<u8> {
        let utf_16 = |bytes: fn(u16) -> [u8; 2]| {
            let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
            units.flat_map(bytes).collect::<Vec<u8>>()
        };
        match self {
            Self::Bom => format!("\u{FEFF}{text}").into_bytes(),
            Self::Crlf => text.replace('\n', "\r\n").into_bytes(),
            Self::Utf16Le => utf_16(u16::to_le_bytes),
            Self::Utf16Be => utf_16(u16::to_be_bytes),
            Self::Utf16LeCut => {
                let mut bytes = utf_16(u16::to_le_bytes);
                bytes.extend(0xD800_u16.to_le_bytes());
                bytes
            }
            Self::Latin1 => text
                .chars()
                .map(|c| u8::try_from(u32::from(c)).unwrap())
                .collect(),
        }
    }
}

/// What stands for the names in curly brackets, but the folder.
static NAMES: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let pair = || {
        let key = rcgen::KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(vec![]).unwrap();
        (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
    };
    let ((ca, _), (cert, key)) = (pair(), pair());
    let ca_base64 = STANDARD.encode(&ca);
    let (first, second) = ca_base64.split_at(60);
    vec![
        ("{ca}", ca_base64.clone()),
        ("{ca-half-1}", first.to_owned()),
        ("{ca-half-2}", second.to_owned()),
        // As Rancher writes it: lines that each end in a backslash.
        ("{ca-lines}", format!("{first}\\\n      {second}")),
        ("{ca-twice}", STANDARD.encode(&ca_base64)),
        ("{ca-pem}", ca),
        ("{cert}", STANDARD.encode(&cert)),
        ("{key}", STANDARD.encode(&key)),
        ("{cert-pem}", cert),
        ("{key-pem}", key),
    ]
});

fn expand(text: &str, dir: &Path) -> String {
    let mut text = text.to_owned();
    for name in ["plugin", "plugin-beta", "plugin-cert", "plugin-info"] {
        let file = dir.join(name).display().to_string();
        text = text.replace(&format!("{{{name}}}"), &file);
    }
    text = text.replace("{dir}", &dir.display().to_string());
    for (name, value) in &*NAMES {
        text = text.replace(name, value);
    }
    text
}

/// Programs that print a credential.
fn write_plugins(dir: &Path) {
    let answer = |version: &str, status: &Value| {
        let answer = json!({
            "kind": "ExecCredential",
            "apiVersion": format!("client.authentication.k8s.io/{version}"),
            "spec": {"interactive": false},
            "status": status,
        });
        format!("cat <<'END'\n{answer}\nEND\n")
    };
    let token = json!({"token": "from-a-plugin", "expirationTimestamp": "2055-01-01T00:00:00Z"});
    let (cert, key) = (expand("{cert-pem}", dir), expand("{key-pem}", dir));
    let pair = json!({"clientCertificateData": cert, "clientKeyData": key});
    let info = "printf '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1\",\
        \"status\":{\"token\":\"info.%s\"}}' \"$(printf %s \"$KUBERNETES_EXEC_INFO\" | base64 | tr -d '\\n')\"\n";
    for (name, script) in [
        ("plugin", answer("v1", &token)),
        ("plugin-beta", answer("v1beta1", &token)),
        ("plugin-cert", answer("v1beta1", &pair)),
        ("plugin-info", info.to_owned()),
    ] {
        let path = dir.join(name);
        fs::write(&path, format!("#!/bin/sh\n{script}")).unwrap();
        fs::set_permissions(path, Permissions::from_mode(0o700)).unwrap();
    }
}

impl Case {
    fn text(&self) -> String {
        if let Some(config) = &self.config {
            return config.clone();
        }
        let entry = |lines: &Option<String>| {
            let lines = lines.as_deref().expect("`config`, or `cluster` and `user`");
            lines.trim_end().replace('\n', "\n    ")
        };
        format!(
            "apiVersion: v1\nkind: Config\n{}clusters:\n- name: cluster\n  cluster:\n    {}\nusers:\n- name: user\n  user:\n    {}\n\
             contexts:\n- name: context\n  context: {{cluster: cluster, user: user}}\ncurrent-context: context\n{}",
            // An anchor stands before what refers to it.
            if self.more.starts_with("base:") {
                &self.more
            } else {
                ""
            },
            entry(&self.cluster),
            entry(&self.user),
            if self.more.starts_with("base:") {
                ""
            } else {
                &self.more
            },
        )
    }

    /// Writes it and what belongs to it.
    fn write(&self, dir: &Path) {
        write_plugins(dir);
        for (name, text) in &self.files {
            let path = dir.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, expand(text, dir)).unwrap();
        }
        let text = expand(&self.text(), dir);
        let bytes = self
            .written
            .map_or(text.clone().into_bytes(), |written| written.bytes(&text));
        fs::write(dir.join("config"), bytes).unwrap();
    }
}

/// What a plugin was told, as an object: the order of its fields says nothing.
fn with_info(mut facts: Value) -> Value {
    let info = facts["headers"]["authorization"][0]
        .as_str()
        .and_then(|value| value.strip_prefix("Bearer info."))
        .map(|base64| serde_json::from_slice(&STANDARD.decode(base64).unwrap()).unwrap());
    if let Some(info) = info {
        facts["headers"]["authorization"] = info;
    }
    facts
}

fn compare(case: &Case, theirs: &Answer, ours: &Result<Value, String>) -> Result<(), String> {
    let takes = match (theirs.accepted(), ours.is_ok()) {
        (true, true) => Takes::Both,
        (false, false) => Takes::Neither,
        (true, false) => Takes::Kubeadm,
        (false, true) => Takes::Ours,
    };
    if takes != case.takes {
        return Err(format!(
            "taken by {takes:?}, and `takes` says {:?}",
            case.takes
        ));
    }
    if let (Some(theirs), Ok(ours)) = (theirs.ok(), ours) {
        let [theirs, ours] = [theirs, ours].map(|facts| with_info(facts.clone()));
        if theirs != ours {
            return Err("it leads to something else".to_owned());
        }
    }
    Ok(())
}

fn cases() -> Vec<Case> {
    let text = fs::read_to_string(paths::workspace().join("tests/suite/oracle/kubeconfigs.yaml"));
    serde_saphyr::from_str(&text.unwrap()).unwrap()
}

fn each_of_the_wild_is_to_us_what_it_is_to_client_go() {
    let cases = cases();
    let page = fs::read_to_string(paths::workspace().join("docs/DIFFERENCES.md")).unwrap();
    let mut oracle = Oracle::start();
    let mut faults = String::new();
    for case in &cases {
        let differs = matches!(case.takes, Takes::Kubeadm | Takes::Ours);
        assert_eq!(case.why.is_some(), differs, "{}: `why`", case.name);
        if let Some(why) = &case.why {
            let title = format!("### {}\n", why.replace('-', " ")).to_lowercase();
            assert!(page.to_lowercase().contains(&title), "{}: {why}", case.name);
        }
        let dir = TempDir::new().unwrap();
        case.write(dir.path());
        let path = dir.path().join("config");
        let theirs = oracle.ask(&json!({"op": "kubeconfig", "path": path}));
        let ours = kubeconfig_facts(&path);
        if let Err(fault) = compare(case, &theirs, &ours) {
            let _ = writeln!(
                faults,
                "{}: {fault}\n  client-go: {theirs:?}\n  ours: {ours:?}",
                case.name
            );
        }
    }
    assert!(cases.len() >= 140, "{}", cases.len());
    assert!(faults.is_empty(), "{faults}");
}

/// Those that both take, by the whole command: it tells the server before it asks it.
fn the_command_goes_where_client_go_does() {
    let cases = cases();
    let cases: Vec<_> = cases
        .iter()
        .filter(|case| case.takes == Takes::Both)
        .collect();
    assert!(cases.len() >= 100, "{}", cases.len());
    let mut oracle = Oracle::start();
    let asked = cases.into_iter().map(|case| {
        let dir = TempDir::new().unwrap();
        case.write(dir.path());
        let path = dir.path().join("config");
        let theirs = oracle.ask(&json!({"op": "kubeconfig", "path": path}));
        let server = theirs.ok().unwrap()["server"].as_str().unwrap().to_owned();
        (case, dir, server)
    });
    let asked: Vec<_> = asked.collect();
    let differ = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for part in asked.chunks(asked.len().div_ceil(4)) {
            let differ = &differ;
            scope.spawn(move || {
                for (case, dir, server) in part {
                    let ours = server_told(dir.path());
                    if ours != *server {
                        let differs = format!("{}: {ours} and {server}", case.name);
                        differ.lock().unwrap().push(differs);
                    }
                }
            });
        }
    });
    let differ = differ.into_inner().unwrap();
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

/// What `list` goes to; it is ended as soon as it has told it.
fn server_told(dir: &Path) -> String {
    let mut list = process::Command::new(Program::Ours.file())
        .args(["list", "-v=1", "--kubeconfig", "config"])
        .env_clear()
        .env("HOME", dir)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .current_dir(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(list.stderr.take().unwrap()).lines();
    let mut said = Vec::new();
    for line in lines {
        said.push(line.unwrap());
        let line = said.last().unwrap();
        if let Some((_, server)) = line.split_once("] Using API server: ") {
            // A query is as good as none: each request has its own.
            let server = server.split('?').next().unwrap_or_default();
            let _ = list.kill();
            list.wait().unwrap();
            let server: http::Uri = server.parse().unwrap();
            return server.to_string().trim_end_matches('/').to_owned();
        }
    }
    list.wait().unwrap();
    said.join("\n")
}

fn a_scalar_is_to_us_what_it_is_to_client_go() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("config");
    let text = |(token, flag, name): &(String, String, String)| {
        format!(
            "clusters:\n- name: &name {name}\n  cluster:\n    server: https://10.0.0.1:6443\n    insecure-skip-tls-verify: {flag}\n\
             users:\n- name: u\n  user:\n    token: {token}\n\
             contexts:\n- name: c\n  context:\n    cluster: *name\n    user: u\ncurrent-context: c\n"
        )
    };
    // Most tokens and names are texts, and most flags are none: one odd thing at a time.
    let usual =
        |word: &'static str, odd: u32| prop_oneof![3 => Just(word.to_owned()), odd => scalar()];
    holds_for(
        2_000,
        Spread::Both,
        (usual("x", 2), usual("true", 1), usual("cluster", 1)),
        |case| [json!({"op": "kubeconfig", "input": text(case)})],
        |case, [theirs]| {
            fs::write(&path, text(case)).unwrap();
            let ours = kubeconfig_facts(&path);
            match (theirs.ok(), &ours) {
                (Some(theirs), Ok(ours)) if theirs != ours => Err(format!("{theirs} and {ours}")),
                _ => Agreed::on(theirs.accepted(), ours.is_ok()),
            }
        },
    );
}

/// A text that somebody, or something, has changed at a few places.
fn edited(text: &'static str) -> impl Strategy<Value = String> {
    const INSERTED: &[&str] = &[
        " ",
        "  ",
        "\t",
        "\n",
        "\r\n",
        "\n\n",
        ":",
        ": ",
        "- ",
        "#",
        " #",
        "'",
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        "&a ",
        "*a",
        "|\n",
        ">\n",
        "!!str ",
        "!!binary ",
        "<<: ",
        "? ",
        "---\n",
        "...\n",
        "\\",
        "\u{85}",
        "\u{2028}",
        "\u{feff}",
        "~",
        "https://other.example:6443",
        "\n    server: https://other.example:6443\n",
        "\ncurrent-context: other\n",
    ];
    let edit = (
        any::<prop::sample::Index>(),
        0..4_usize,
        prop::sample::select(INSERTED),
    );
    prop::collection::vec(edit, 1..4).prop_map(move |edits| {
        let mut text: Vec<char> = text.chars().collect();
        for (at, deleted, inserted) in edits {
            let at = at.index(text.len());
            let end = (at + deleted).min(text.len());
            // Half of them only delete.
            let inserted = if deleted % 2 == 0 { inserted } else { "" };
            text.splice(at..end, inserted.chars());
        }
        text.into_iter().collect()
    })
}

fn a_mistake_leads_nowhere_else() {
    const TEXT: &str = "apiVersion: v1\nkind: Config\ncurrent-context: c\nclusters:\n- name: k\n  cluster:\n    \
        server: https://10.0.0.1:6443\n    tls-server-name: \"kube\\x72netes\"\n- name: other\n  cluster: {server: 'https://10.0.0.2'}\n\
        users:\n- name: u\n  user:\n    token: 'x'\n    as-groups: [a, b]\n    as: |-\n      ann\n- {name: other, user: {token: other}}\n\
        contexts:\n- {name: c, context: {cluster: k, user: u}}\n- name: other\n  context:\n    cluster: other\n    user: other\n";
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("config");
    // What one of the two YAML libraries minds and the other does not is nothing that anybody has to fear.
    holds_for(
        2_000,
        Spread::Both,
        edited(TEXT),
        |text| [json!({"op": "kubeconfig", "input": text})],
        |text, [theirs]| {
            fs::write(&path, text).unwrap();
            match (theirs.ok(), kubeconfig_facts(&path)) {
                (Some(theirs), Ok(ours)) if *theirs != ours => Err(format!("{theirs} and {ours}")),
                (Some(_), _) => Ok(Agreed::Accepted),
                (None, _) => Ok(Agreed::Refused),
            }
        },
    );
}
