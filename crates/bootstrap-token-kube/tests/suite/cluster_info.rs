//! Cluster-info: which signatures are told good, missing, stale or dead, and how they are mended.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::time::{Duration, SystemTime};

use bootstrap_token::Token;
use bootstrap_token_discovery::{DetachedJws, VerifyError};
use bootstrap_token_kube::{
    BootstrapTokens, Dead, Error, Policy, SignatureState, Signatures, Signed,
};
use bootstrap_token_secret::{BootstrapToken, Defect, Expiration, Usage, Usages, keys};
use http::Method;
use http::header::{CONTENT_TYPE, DATE};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use serde_json::{Value, json};

use crate::message;
use crate::server::{Answer, Seen, serve, serve_on};
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

/// A token that signs.
fn signing(id: &str) -> BootstrapToken {
    BootstrapToken::new(token(id)).with_usages(Usages::ALL)
}

/// The Secret of a token that signs, changed.
fn spoilt(id: &str, key: &str, value: Option<&str>) -> Secret {
    let mut secret = signing(id).expose_secret();
    let data = secret.data.as_mut().unwrap();
    match value {
        Some(value) => data.insert(key.to_owned(), ByteString(value.into())),
        None => data.remove(key),
    };
    secret
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

fn conflict() -> Answer {
    Answer::status(
        409,
        "Conflict",
        "Operation cannot be fulfilled on configmaps \"cluster-info\": the object has been modified",
    )
}

async fn sign(answers: impl IntoIterator<Item = Answer>) -> (Result<Signatures, Error>, Vec<Seen>) {
    serve(answers, async |tokens| sign_all(&tokens).await).await
}

/// Whatever it is.
async fn sign_all(tokens: &BootstrapTokens) -> Result<Signatures, Error> {
    let done = tokens.sign(SystemTime::now(), |_| Ok::<_, Infallible>(()));
    match done.await? {
        Signed::Done(signatures) => Ok(signatures),
        Signed::Refused(_, never) => match never {},
    }
}

fn body(seen: &Seen) -> Value {
    serde_json::from_slice(&seen.body).unwrap()
}

fn long_ago() -> Expiration {
    Expiration::from_unix_seconds(1_000_000_000).unwrap()
}

/// With a clock that is wrong here, a good signature would be taken away while nobody is there who puts it back.
#[tokio::test(start_paused = true)]
async fn expirations_count_by_the_api_server_s_clock() {
    let token = signing("good00").with_expiration(Some(long_ago()));
    let read = with_kubeconfig("7", &[(key("good00"), signed("good00", KUBECONFIG))]);
    let told = read.clone().header(DATE, "Fri, 07 Sep 2001 01:46:40 GMT");
    for (answer, is_good) in [(told, true), (read, false)] {
        let answers = [answer, page(&[token.expose_secret()])];
        let (signatures, _) = serve(answers, async |tokens| {
            tokens.signatures(SystemTime::now()).await
        })
        .await;
        assert_eq!(signatures.unwrap().are_in_order(), is_good);
    }
}

/// One of each kind, by its ID.
fn tokens_of_each_kind() -> Vec<Secret> {
    vec![
        signing("good00").expose_secret(),
        signing("miss00").expose_secret(),
        signing("stale0").expose_secret(),
        signing("other0").expose_secret(),
        signing("empty0").expose_secret(),
        signing("gone00")
            .with_expiration(Some(long_ago()))
            .expose_secret(),
        signing("mute00")
            .with_usages([Usage::Authentication].into_iter().collect())
            .expose_secret(),
        // Not to sign, and not signed: nothing to tell.
        signing("quiet0")
            .with_usages([Usage::Authentication].into_iter().collect())
            .expose_secret(),
        spoilt("when00", keys::EXPIRATION, Some("tomorrow")),
        spoilt("bad000", keys::TOKEN_SECRET, Some("short")),
        spoilt("none00", keys::TOKEN_SECRET, None),
        spoilt("name00", keys::TOKEN_ID, Some("name01")),
    ]
}

/// What stands in cluster-info beside them.
fn signatures_of_each_kind() -> Vec<(String, String)> {
    vec![
        (key("good00"), signed("good00", KUBECONFIG)),
        (key("stale0"), signed("stale0", "apiVersion: v1\n")),
        (key("other0"), signed("good00", KUBECONFIG)),
        (key("empty0"), String::new()),
        (key("gone00"), signed("gone00", KUBECONFIG)),
        (key("mute00"), signed("mute00", KUBECONFIG)),
        (key("when00"), signed("when00", KUBECONFIG)),
        (key("bad000"), "whatever".to_owned()),
        (key("none00"), "whatever".to_owned()),
        (key("name00"), signed("name00", KUBECONFIG)),
        (key("nobody"), signed("nobody", KUBECONFIG)),
        (key("No.Id"), "x".to_owned()),
        ("jws-other".to_owned(), "x".to_owned()),
    ]
}

#[tokio::test(start_paused = true)]
async fn each_state_is_told_with_its_reason_and_nothing_is_written() {
    let answers = [
        with_kubeconfig("7", &signatures_of_each_kind()),
        page(&tokens_of_each_kind()),
    ];
    let (signatures, seen) = serve(answers, async |tokens| {
        tokens.signatures(SystemTime::now()).await
    })
    .await;
    let signatures = signatures.unwrap();
    let states: BTreeMap<_, _> = signatures
        .iter()
        .map(|(key, signature)| (key.to_owned(), signature.state().clone()))
        .collect();
    let disabled = |defect| SignatureState::Dead(Dead::Disabled(defect));
    let lacks = Defect::LacksUsage {
        usage: Usage::Signing,
        present: false,
    };
    for (id, state) in [
        ("good00", SignatureState::Good),
        ("miss00", SignatureState::Missing),
        ("stale0", SignatureState::Stale(VerifyError::Signature)),
        (
            "other0",
            SignatureState::Stale(VerifyError::OtherToken("good00".parse().unwrap())),
        ),
        ("empty0", SignatureState::Stale(VerifyError::NotDetached)),
        (
            "gone00",
            disabled(Defect::Expired {
                expiration: long_ago(),
            }),
        ),
        ("mute00", disabled(lacks)),
        (
            "none00",
            disabled(Defect::MissingKey {
                key: keys::TOKEN_SECRET,
            }),
        ),
        (
            "name00",
            disabled(Defect::WrongName {
                token_id: Some("name01".parse().unwrap()),
            }),
        ),
        ("nobody", SignatureState::Dead(Dead::NoToken)),
        ("No.Id", SignatureState::Dead(Dead::NoId)),
    ] {
        assert_eq!(states[&key(id)], state, "{id}");
    }
    assert!(matches!(
        &states[&key("when00")],
        SignatureState::Dead(Dead::Disabled(Defect::MalformedExpiration(_)))
    ));
    // The controller manager signs with whatever stands there, and is left its way.
    assert!(matches!(
        &states[&key("bad000")],
        SignatureState::Unusable(Defect::MalformedSecret(_))
    ));
    assert_eq!(states.len(), 13);

    let changes: BTreeMap<_, _> = signatures.changes().collect();
    let published: BTreeMap<_, _> = ["miss00", "stale0", "other0", "empty0"]
        .map(|id| (key(id), signed(id, KUBECONFIG)))
        .into();
    assert_eq!(changes.len(), 11);
    for (key, value) in changes {
        assert_eq!(value, published.get(key).map(String::as_str), "{key}");
    }
    assert!(!format!("{signatures:?}").contains("f395accd246ae52d"));
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].line(), format!("GET {TARGET}"));
    assert!(seen[1].target.contains("/secrets?fieldSelector=type"));
}

#[tokio::test(start_paused = true)]
async fn one_patch_of_what_is_wrong_on_the_version_that_was_read() {
    let found = [
        (key("good00"), signed("good00", KUBECONFIG)),
        (key("nobody"), "x".to_owned()),
    ];
    let secrets = [signing("good00"), signing("miss00")].map(|token| token.expose_secret());
    let answers = [
        with_kubeconfig("4711", &found),
        page(&secrets),
        Answer::json(200, "{}"),
    ];
    let (signatures, seen) = sign(answers).await;
    assert!(!signatures.unwrap().are_in_order());
    assert_eq!(
        seen[2].line(),
        format!("PATCH {TARGET}?fieldManager=bootstrap-token-kube")
    );
    assert_eq!(
        seen[2].headers[CONTENT_TYPE],
        "application/merge-patch+json"
    );
    assert_eq!(
        body(&seen[2]),
        json!({
            "metadata": {"resourceVersion": "4711"},
            "data": {key("miss00"): signed("miss00", KUBECONFIG), key("nobody"): null},
        })
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_when_nothing_is_wrong() {
    let found = [(key("good00"), signed("good00", KUBECONFIG))];
    let protobuf = message::envelope("ConfigMap", &in_protobuf(&found));
    for read in [
        with_kubeconfig("7", &found),
        Answer::protobuf(200, protobuf),
    ] {
        let answers = [read, page(&[signing("good00").expose_secret()])];
        let (signatures, seen) = sign(answers).await;
        assert!(signatures.unwrap().are_in_order());
        assert!(seen.iter().all(|seen| seen.method == Method::GET));
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_written_over_what_nobody_knows_the_version_of() {
    let answers = [
        with_kubeconfig("", &[]),
        page(&[signing("miss00").expose_secret()]),
    ];
    let (outcome, seen) = sign(answers).await;
    let error = outcome.unwrap_err();
    assert_eq!(
        text(&error),
        "cannot read the ConfigMap kube-public/cluster-info: the API server's reply has no resourceVersion"
    );
    assert!(error.is_bad_reply());
    assert_eq!(seen.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn every_truncation_is_noticed() {
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
async fn after_a_conflict_all_is_read_again() {
    let secrets = [signing("miss00").expose_secret()];
    let later = [signing("late00").expose_secret()];
    let answers = [
        with_kubeconfig("1", &[]),
        page(&secrets),
        conflict(),
        with_kubeconfig("2", &[(key("miss00"), signed("miss00", KUBECONFIG))]),
        page(&later),
        Answer::json(200, "{}"),
    ];
    let (signatures, seen) = sign(answers).await;
    signatures.unwrap();
    assert_eq!(
        body(&seen[5]),
        json!({
            "metadata": {"resourceVersion": "2"},
            "data": {key("late00"): signed("late00", KUBECONFIG), key("miss00"): null},
        })
    );
}

/// A long list leaves the write the time that it has without one, and no more.
#[tokio::test(start_paused = true)]
async fn the_pages_take_nothing_from_the_time_for_the_write() {
    let long = Duration::from_secs(8);
    let answers = |write: Answer| {
        let page = page(&[signing("miss00").expose_secret()]).after(long);
        [with_kubeconfig("1", &[]).after(long / 4), page, write]
    };
    let in_time = Answer::json(200, "{}").after(Duration::from_millis(7_999));
    sign(answers(in_time)).await.0.unwrap();
    let late = Answer::json(200, "{}").after(Duration::from_millis(8_001));
    let error = sign(answers(late)).await.0.unwrap_err();
    assert!(error.is_deadline(), "{}", text(&error));
}

/// What was judged a moment ago may have been changed since.
#[tokio::test(start_paused = true)]
async fn what_is_read_again_is_judged_again() {
    let secrets = || page(&[signing("miss00").expose_secret()]);
    let foreign = [(key("forei0"), "x".to_owned())];
    let answers = [
        with_kubeconfig("1", &[]),
        secrets(),
        conflict(),
        with_kubeconfig("2", &foreign),
        secrets(),
    ];
    let judge = |signatures: &Signatures| match signatures.iter().count() {
        1 => Ok(()),
        many => Err(many),
    };
    let (outcome, seen) = serve(answers, async |tokens| {
        tokens.sign(SystemTime::now(), judge).await
    })
    .await;
    let Signed::Refused(signatures, 2) = outcome.unwrap() else {
        panic!("it is refused");
    };
    assert_eq!(signatures.iter().next().unwrap().0, key("forei0"));
    assert_eq!(seen.len(), 5);
}

/// Even where nothing is to be done.
#[tokio::test(start_paused = true)]
async fn what_is_in_order_is_judged_too() {
    let good = [(key("good00"), signed("good00", KUBECONFIG))];
    let answers = [
        with_kubeconfig("1", &good),
        page(&[signing("good00").expose_secret()]),
    ];
    let (outcome, _) = serve(answers, async |tokens| {
        tokens.sign(SystemTime::now(), |_| Err(())).await
    })
    .await;
    assert!(matches!(outcome, Ok(Signed::Refused(..))));
}

#[tokio::test(start_paused = true)]
async fn a_write_whose_answer_is_lost_is_sent_again_and_may_have_been_done() {
    let secrets = || page(&[signing("miss00").expose_secret()]);
    let done = [(key("miss00"), signed("miss00", KUBECONFIG))];
    for lost in [
        Answer::broken(),
        Answer::status(500, "InternalError", "trouble"),
    ] {
        let answers = [
            with_kubeconfig("1", &[]),
            secrets(),
            lost,
            conflict(),
            with_kubeconfig("2", &done),
            secrets(),
        ];
        let (signatures, seen) = sign(answers).await;
        assert!(signatures.unwrap().are_in_order());
        assert_eq!(seen[2].body, seen[3].body);
    }
}

#[tokio::test(start_paused = true)]
async fn conflicts_for_ever_end_at_the_deadline() {
    let round = || {
        [
            with_kubeconfig("1", &[]),
            page(&[signing("miss00").expose_secret()]),
            conflict(),
        ]
    };
    // Five conflicts, each after a longer pause; then a server that is in trouble for the rest of the time.
    let rounds = (0..5).flat_map(|_| round());
    let policy = Policy::default().with_deadline(Duration::from_millis(2_500));
    let (signatures, seen) = serve_on(rounds, conflict(), async |tokens| {
        sign_all(&tokens.with_policy(policy)).await
    })
    .await;
    let error = signatures.unwrap_err();
    assert!(error.is_conflict() && error.is_of_cluster_info());
    assert!(
        text(&error).starts_with(
            "cannot write the ConfigMap kube-public/cluster-info: the API server answered 409 Conflict: "
        ) || text(&error).starts_with("cannot read the ConfigMap"),
        "{}",
        text(&error)
    );
    assert!(seen.last().unwrap().at < Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn what_keeps_it_from_being_read_is_told() {
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
    // A list that fails is about tokens, and then nothing is written.
    let answers = [
        with_kubeconfig("7", &[]),
        Answer::status(403, "Forbidden", "no"),
    ];
    let error = sign(answers).await.0.unwrap_err();
    assert!(error.is_forbidden() && !error.is_of_cluster_info());
}
