//! What `list` prints: the command reads thousands of generated Secrets from a server that has nothing else,
//! upstream's printers are given the same, and what comes out is compared to the byte.

mod server;
mod templates;
mod text;

use conformance::command::ours;
use conformance::oracle::{Answer, Oracle};
use conformance::suite::Test;
use conformance::tests;
use k8s_openapi::api::core::v1::Secret;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::json;

use server::Server;
use templates::go_templates;
use text::Lines;

pub(crate) const TESTS: &[Test] = tests!["printed":
    json_objects,
    yaml_documents,
    kyaml_documents,
    table_rows,
    go_templates,
];

/// Generated tokens for each format.
const TOKENS: usize = 5_000;

fn json_objects() {
    prints_what_kubeadm_prints("json", Lines::Any);
}

fn yaml_documents() {
    prints_what_kubeadm_prints("yaml", Lines::Yaml);
}

fn kyaml_documents() {
    prints_what_kubeadm_prints("kyaml", Lines::Yaml);
}

fn table_rows() {
    prints_what_kubeadm_prints("text", Lines::Any);
}

fn prints_what_kubeadm_prints(format: &str, lines: Lines) {
    let mut oracle = Oracle::start();
    let mut runner = TestRunner::default();
    let strategy = text::secret(lines);
    let mut trees: Vec<_> = (0..TOKENS)
        .map(|_| strategy.new_tree(&mut runner).unwrap())
        .collect();
    let mut secrets: Vec<_> = trees.iter().map(ValueTree::current).collect();
    if difference(&mut oracle, format, &secrets).is_none() {
        return;
    }
    // The first that differs is the last of the shortest beginning that does.
    let (mut same, mut differs) = (0, TOKENS);
    while differs - same > 1 {
        let half = usize::midpoint(same, differs);
        match difference(&mut oracle, format, &secrets[..half]) {
            Some(_) => differs = half,
            None => same = half,
        }
    }
    let tree = &mut trees[differs - 1];
    let mut report = difference(&mut oracle, format, &secrets[..differs]).unwrap();
    for _ in 0..512 {
        secrets[0] = tree.current();
        let moved = match difference(&mut oracle, format, &secrets[..1]) {
            Some(smaller) => {
                report = smaller;
                tree.simplify()
            }
            None => tree.complicate(),
        };
        if !moved {
            break;
        }
    }
    panic!("{report}");
}

/// What both print for these, if it is not the same.
fn difference(oracle: &mut Oracle, format: &str, secrets: &[Secret]) -> Option<String> {
    let theirs = oracle.ask(&json!({"op": "printed", "format": format, "secrets": secrets}));
    let server = Server::with(secrets);
    let ours = ours(["list", "-o", format])
        .kubeconfig(&server.kubeconfig())
        .prints_token()
        .run();
    let Answer::Ok(theirs) = theirs else {
        return Some(format!(
            "kubeadm: {theirs:?}\nours: {ours:?}\n{:?}",
            secrets.last()
        ));
    };
    let theirs = theirs["stdout"].as_str().unwrap();
    let printed = ours.success();
    (printed != theirs).then(|| {
        let at = printed
            .bytes()
            .zip(theirs.bytes())
            .take_while(|(a, b)| a == b)
            .count();
        let around = |text: &str| {
            let start = text[..at].rfind("\n---\n").unwrap_or(0);
            text[start..].chars().take(600).collect::<String>()
        };
        format!(
            "kubeadm:\n{:?}\nours:\n{:?}\n{:?}",
            around(theirs),
            around(printed),
            secrets.last().and_then(|secret| secret.data.as_ref())
        )
    })
}
