//! The kubeconfig in cluster-info: the cluster that is read out of it is the one that kubeadm reads, or none. Of what is
//! not read here (users, preferences, extensions), kubeadm may find fault with more.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;
use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token::Token;
use bootstrap_token_discovery::{Anchor, ClusterInfo, DetachedJws, Endpoint, cluster_info};
use conformance::property::{Agreed, Spread, holds};
use conformance::suite::Test;
use conformance::tests;
use proptest::prelude::*;
use proptest::sample::select;
use rcgen::{CertificateParams, KeyPair};
use serde_json::json;

use crate::generate::regex;

pub(crate) const TESTS: &[Test] = tests!["kubeconfig":
    a_text_is_one_to_us_when_it_is_to_kubeadm,
    the_cluster_is_the_one_that_kubeadm_reads,
];

static AUTHORITY: LazyLock<String> = LazyLock::new(|| {
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::default().self_signed(&key).unwrap();
    certificate.pem()
});

/// What YAML 1.1 may take for something else than a text, and what it takes for one.
pub(crate) fn scalar() -> impl Strategy<Value = String> {
    let words = [
        "y",
        "Y",
        "yes",
        "Yes",
        "YES",
        "yEs",
        "on",
        "ON",
        "off",
        "Off",
        "n",
        "No",
        "true",
        "True",
        "tRue",
        "false",
        "null",
        "Null",
        "~",
        ".inf",
        "-.inf",
        "+.Inf",
        ".nan",
        ".NaN",
        "2026-11-25",
        "2026-11-25T10:00:00Z",
        "12:30:45",
        "<<",
        "=",
        "kubernetes",
        "10.0.0.1",
        "1-cluster",
        "0x1F",
        "0o17",
        "017",
        "089",
        "0b101",
        "0b12",
        "1e3",
        "1e999",
        "-0xffffffffffffffff",
        "18446744073709551616",
        "\"12\"",
        "'yes'",
        "\"\"",
        "''",
        "\"a\\x41\"",
    ];
    prop_oneof![
        1 => regex("[+-]?0b[+-]?[01_]{0,9}"),
        3 => select(words.to_vec()).prop_map(str::to_owned),
        2 => regex("[+-]?[0-9][0-9_]{0,4}(\\.[0-9_]{0,3})?([eE][+-]?[0-9]{0,3})?"),
        1 => regex("[+-]?0[xobXOB][+-]?[01][0-9a-f_]{0,20}"),
        1 => regex("[+-]?\\.[0-9_]{0,3}([eE][+-]?[0-9]{0,3})?"),
        2 => regex("[a-z][a-z0-9.@-]{0,9}"),
    ]
}

fn signed(kubeconfig: &str, token: &Token) -> ClusterInfo {
    let signature = DetachedJws::sign(kubeconfig.as_bytes(), token).to_string();
    ClusterInfo::new(BTreeMap::from([
        ("kubeconfig".to_owned(), kubeconfig.to_owned()),
        (cluster_info::signature_key(token.id()), signature),
    ]))
}

/// The server that is read, if any.
fn server(kubeconfig: &str) -> Option<Endpoint> {
    let token = "07401b.f395accd246ae52d".parse().unwrap();
    let info = signed(kubeconfig, &token);
    let cluster = info.trust(&token, &Anchor::danger_token_alone(), SystemTime::now());
    cluster.ok().map(|cluster| {
        assert_eq!(
            cluster.certificates_pem().replace('\r', ""),
            AUTHORITY.replace('\r', "")
        );
        cluster.server().clone()
    })
}

fn a_text_is_one_to_us_when_it_is_to_kubeadm() {
    let text = |scalar: &String| {
        format!(
            "clusters:\n- name: {scalar}\n  cluster:\n    server: https://cp.example:6443\n    \
             certificate-authority-data: {}\n\
             contexts:\n- name: x\n  context:\n    cluster: {scalar}\ncurrent-context: x\n",
            STANDARD.encode(&*AUTHORITY)
        )
    };
    holds(
        Spread::Both,
        scalar(),
        |scalar| [json!({"op": "kubeconfig_cluster", "input": text(scalar)})],
        |scalar, [theirs]| Agreed::on(theirs.accepted(), server(&text(scalar)).is_some()),
    );
}

/// A kubeconfig in one of the forms that somebody may write it in.
#[derive(Debug, Clone)]
struct Written {
    head: &'static str,
    name: &'static str,
    current: &'static str,
    contexts: Vec<(&'static str, &'static str)>,
    clusters: usize,
    style: usize,
}

fn written() -> impl Strategy<Value = Written> {
    let names = || select(vec!["", "", "kubernetes", "other"]);
    let heads = vec![
        "apiVersion: v1\nkind: Config\n",
        "",
        "# cluster-info\nkind: Config\n\n",
        "---\napiVersion: v1\n",
        "apiVersion: v1\nkind: ConfigMap\n",
        "apiVersion: v2\nkind: Config\n",
    ];
    (
        select(heads),
        names(),
        names(),
        proptest::collection::vec((names(), names()), 0..4),
        select(vec![1, 1, 1, 1, 1, 0, 2]),
        0..4_usize,
    )
        .prop_map(|(head, name, current, contexts, clusters, style)| Written {
            head,
            name,
            current,
            contexts,
            clusters,
            style,
        })
}

impl Written {
    fn text(&self) -> String {
        let data = STANDARD.encode(&*AUTHORITY);
        let broken = |indent: &str| {
            let lines = data.as_bytes().chunks(64);
            let lines = lines.map(|line| format!("{indent}{}", str::from_utf8(line).unwrap()));
            lines.collect::<Vec<_>>().join("\n")
        };
        let (server, data) = match self.style {
            0 => ("https://cp.example:6443", data.clone()),
            1 => ("\"https:\\x2f\\x2fcp.example:6443\"", format!("'{data}'")),
            2 => ("'https://cp.example'", format!("|\n{}", broken("      "))),
            _ => (
                "https://10.0.0.1:6443/k8s # the first",
                format!("\"{data}\""),
            ),
        };
        let mut text = self.head.to_owned();
        text.push_str("clusters:\n");
        for at in 0..self.clusters {
            let name = if at == 0 { self.name } else { "second" };
            write!(
                text,
                "- cluster:\n    certificate-authority-data: {data}\n    server: {server}\n  name: \"{name}\"\n"
            )
            .unwrap();
        }
        if self.clusters == 0 {
            text.push_str("  []\n");
        }
        let contexts = self.contexts.iter();
        let contexts = contexts.map(|(name, cluster)| {
            format!("{{name: \"{name}\", context: {{cluster: \"{cluster}\", user: \"\"}}}}")
        });
        let contexts = contexts.collect::<Vec<_>>().join(", ");
        let current = self.current;
        writeln!(
            text,
            "contexts: [{contexts}]\ncurrent-context: \"{current}\"\nusers: null"
        )
        .unwrap();
        text
    }
}

fn the_cluster_is_the_one_that_kubeadm_reads() {
    holds(
        Spread::Both,
        written(),
        |written| [json!({"op": "kubeconfig_cluster", "input": written.text()})],
        |written, [theirs]| {
            let ours = server(&written.text());
            let theirs = theirs.ok().map(|cluster| {
                let server: Endpoint = cluster["server"].as_str().unwrap().parse().unwrap();
                let authority = STANDARD.decode(cluster["ca"].as_str().unwrap()).unwrap();
                assert_eq!(authority, AUTHORITY.as_bytes());
                server
            });
            if ours.is_some() && ours != theirs {
                return Err(format!("ours: {ours:?}"));
            }
            Agreed::on(theirs.is_some(), ours.is_some())
        },
    );
}
