//! Fixing signatures: one patch, for the version that was read and judged.

use std::time::{Duration, SystemTime};

use bootstrap_token_kube::{Policy, Signatures, Signed};
use http::Method;
use http::header::CONTENT_TYPE;
use serde_json::{Value, json};

use super::{
    KUBECONFIG, TARGET, in_protobuf, key, page, sign, sign_all, signed, signing, with_kubeconfig,
};
use crate::message;
use crate::server::{Answer, Seen, serve, serve_on};
use crate::text::text;

fn conflict() -> Answer {
    Answer::status(
        409,
        "Conflict",
        "Operation cannot be fulfilled on configmaps \"cluster-info\": the object has been modified",
    )
}

fn body(seen: &Seen) -> Value {
    serde_json::from_slice(&seen.body).unwrap()
}

#[tokio::test(start_paused = true)]
async fn one_patch_fixes_the_wrong_keys_of_the_version_read() {
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
    assert_eq!(seen[2].line(), format!("PATCH {TARGET}"));
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
async fn nothing_is_sent_if_nothing_changes() {
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
async fn nothing_is_written_without_a_version() {
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
async fn after_a_conflict_everything_is_read_again() {
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

/// A long list neither shortens nor extends the time for the write.
#[tokio::test(start_paused = true)]
async fn pages_do_not_use_up_the_deadline_of_the_write() {
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

/// The cluster-info that was judged may have changed since.
#[tokio::test(start_paused = true)]
async fn the_judge_runs_after_each_read() {
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

/// Even if nothing has to change.
#[tokio::test(start_paused = true)]
async fn the_judge_runs_even_if_nothing_changes() {
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
async fn a_lost_write_is_retried_and_uncertain() {
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
async fn endless_conflicts_end_at_the_deadline() {
    let round = || {
        [
            with_kubeconfig("1", &[]),
            page(&[signing("miss00").expose_secret()]),
            conflict(),
        ]
    };
    // Five conflicts with growing pauses, then server errors until the deadline.
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

/// An earlier request was retried; the write was not.
#[tokio::test(start_paused = true)]
async fn a_single_write_does_not_report_retries() {
    let answers = [
        Answer::refused(),
        with_kubeconfig("1", &[]),
        page(&[signing("miss00").expose_secret()]),
        Answer::throttled("60"),
    ];
    let (signatures, _) = sign(answers).await;
    assert_eq!(
        text(&signatures.unwrap_err()),
        "cannot write the ConfigMap kube-public/cluster-info: the API server answered 429 Too Many Requests: \
         The server is busy, please try again later., which asks to wait 60s"
    );
}
