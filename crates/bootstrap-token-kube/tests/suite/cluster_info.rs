//! Reading cluster-info, and reporting and fixing its signatures.

mod states;
mod write;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::SystemTime;

use bootstrap_token::Token;
use bootstrap_token_discovery::DetachedJws;
use bootstrap_token_kube::{BootstrapTokens, Error, Signatures, Signed};
use bootstrap_token_secret::{BootstrapToken, Usages};
use k8s_openapi::api::core::v1::Secret;
use serde_json::json;

use crate::message;
use crate::server::{Answer, Seen, serve};
use crate::text::text;

const KUBECONFIG: &str = "apiVersion: v1\nkind: Config\n";
const TARGET: &str = "/api/v1/namespaces/kube-public/configmaps/cluster-info";

fn token(id: &str) -> Token {
    format!("{id}.f395accd246ae52d").parse().unwrap()
}

fn key(id: &str) -> String {
    format!("jws-kubeconfig-{id}")
}

fn signed(id: &str, content: &str) -> String {
    DetachedJws::sign(content.as_bytes(), &token(id)).to_string()
}

/// Creates a token that signs.
fn signing(id: &str) -> BootstrapToken {
    BootstrapToken::new(token(id)).with_usages(Usages::ALL)
}

fn map(version: &str, data: &[(String, String)]) -> Answer {
    let data: BTreeMap<_, _> = data.iter().cloned().collect();
    let map = json!({
        "kind": "ConfigMap", "apiVersion": "v1",
        "metadata": {"name": "cluster-info", "resourceVersion": version},
        "data": data,
    });
    Answer::json(200, map.to_string())
}

fn with_kubeconfig(version: &str, signatures: &[(String, String)]) -> Answer {
    let kubeconfig = ("kubeconfig".to_owned(), KUBECONFIG.to_owned());
    map(version, &[&[kubeconfig][..], signatures].concat())
}

fn in_protobuf(signatures: &[(String, String)]) -> message::ConfigMap {
    message::ConfigMap {
        metadata: Some(message::ObjectMeta {
            resource_version: "7".to_owned(),
            ..message::ObjectMeta::default()
        }),
        data: [("kubeconfig".to_owned(), KUBECONFIG.to_owned())]
            .into_iter()
            .chain(signatures.iter().cloned())
            .collect(),
        immutable: Some(false),
    }
}

fn page(secrets: &[Secret]) -> Answer {
    let list = json!({"kind": "SecretList", "apiVersion": "v1", "metadata": {}, "items": secrets});
    Answer::json(200, list.to_string())
}

async fn sign(answers: impl IntoIterator<Item = Answer>) -> (Result<Signatures, Error>, Vec<Seen>) {
    serve(answers, async |tokens| sign_all(&tokens).await).await
}

/// Signs whatever cluster-info holds.
async fn sign_all(tokens: &BootstrapTokens) -> Result<Signatures, Error> {
    let done = tokens.sign(SystemTime::now(), |_| Ok::<_, Infallible>(()));
    match done.await? {
        Signed::Done(signatures) => Ok(signatures),
        Signed::Refused(_, never) => match never {},
    }
}

#[tokio::test(start_paused = true)]
async fn every_truncation_is_detected() {
    let protobuf = message::envelope("ConfigMap", &in_protobuf(&[]));
    let json = r#"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"resourceVersion":"7"},"data":{"kubeconfig":"x"}}"#;
    for answer in [Answer::protobuf(200, protobuf), Answer::json(200, json)] {
        let whole = answer.body().to_vec();
        for length in 0..whole.len() {
            let cut = answer.with_body(whole[..length].to_vec());
            let (outcome, _) = serve([cut], async |tokens| tokens.cluster_info().await).await;
            assert!(outcome.unwrap_err().is_bad_reply(), "of {length} bytes");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn errors_of_reading_are_reported() {
    for (answer, says, no_kubeconfig) in [
        (
            Answer::status(404, "NotFound", "configmaps \"cluster-info\" not found"),
            "cannot read the ConfigMap kube-public/cluster-info: the API server answered 404 Not Found: configmaps \"cluster-info\" not found",
            false,
        ),
        (
            Answer::status(403, "Forbidden", "no"),
            "cannot read the ConfigMap kube-public/cluster-info: the API server answered 403 Forbidden: no",
            false,
        ),
        (
            map("7", &[(key("good00"), "x".to_owned())]),
            "cannot read the ConfigMap kube-public/cluster-info: there is no kubeconfig in it",
            true,
        ),
        (
            map("7", &[("kubeconfig".to_owned(), String::new())]),
            "cannot read the ConfigMap kube-public/cluster-info: there is no kubeconfig in it",
            true,
        ),
        (
            Answer::json(200, r#"{"kind":"ConfigMap","apiVersion":"v1","data":7}"#),
            "cannot read the ConfigMap kube-public/cluster-info: the API server's reply is not",
            false,
        ),
        (
            Answer::json(200, r#"{"hello":1}"#),
            "cannot read the ConfigMap kube-public/cluster-info: the API server's reply is an object of another kind",
            false,
        ),
        (
            Answer::protobuf(
                200,
                message::envelope("Secret", &message::ObjectMeta::default()),
            ),
            "cannot read the ConfigMap kube-public/cluster-info: the API server's reply is ",
            false,
        ),
        (
            Answer::protobuf(200, "k8s\0"),
            "cannot read the ConfigMap kube-public/cluster-info: the API server's reply is ",
            false,
        ),
    ] {
        let (outcome, seen) = sign([answer]).await;
        let error = outcome.unwrap_err();
        assert!(text(&error).starts_with(says), "{}", text(&error));
        assert!(error.is_of_cluster_info());
        assert_eq!(error.is_no_kubeconfig(), no_kubeconfig);
        assert_eq!(seen.len(), 1);
    }
    // The list of tokens fails, so nothing is written.
    let answers = [
        with_kubeconfig("7", &[]),
        Answer::status(403, "Forbidden", "no"),
    ];
    let error = sign(answers).await.0.unwrap_err();
    assert!(error.is_forbidden() && !error.is_of_cluster_info());
}
