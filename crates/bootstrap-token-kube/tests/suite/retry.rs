//! What is retried, when, and for how long.

use std::time::Duration;

use bootstrap_token_kube::{BootstrapTokens, Error, Policy};
use http::header::DATE;

use crate::list::all;
use crate::message;
use crate::server::{Answer, Seen, serve, serve_on};
use crate::text::{id, predicates, text, token};

fn stored() -> Answer {
    Answer::json(200, message::json(&token()))
}

async fn get(answers: impl IntoIterator<Item = Answer>) -> (Result<(), Error>, Vec<Seen>) {
    serve(answers, async |tokens| tokens.get(id()).await.map(drop)).await
}

async fn get_on(last: Answer) -> (Error, Vec<Seen>) {
    let (outcome, seen) = serve_on([], last, async |tokens| tokens.get(id()).await).await;
    (outcome.unwrap_err(), seen)
}

/// Returns the pauses before the second and later requests.
fn pauses(seen: &[Seen]) -> Vec<Duration> {
    seen.windows(2)
        .map(|two| two[1].at.saturating_sub(two[0].at))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn temporary_failures_are_retried() {
    for trouble in [
        Answer::refused(),
        Answer::broken(),
        stored().cut_off(),
        Answer::status(403, "Forbidden", "no").cut_off(),
        Answer::status(429, "TooManyRequests", "busy"),
        Answer::status(500, "InternalError", "trouble"),
        Answer::json(502, ""),
        Answer::status(503, "ServiceUnavailable", "trouble"),
        Answer::status(504, "Timeout", "trouble"),
    ] {
        let (outcome, seen) = get([trouble.clone(), trouble.clone(), stored()]).await;
        outcome.unwrap();
        assert_eq!(seen.len(), 3);

        let page = || Answer::protobuf(200, message::page(Vec::new(), ""));
        let (outcome, _) = serve([trouble.clone(), page()], async |tokens| all(tokens).await).await;
        outcome.unwrap();

        if trouble.says_yes() {
            continue; // the body of a reply to a delete is not read
        }
        let (outcome, _) = serve([trouble, Answer::json(200, "{}")], async |tokens| {
            tokens.delete(id()).await
        })
        .await;
        let _ = outcome.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn pauses_grow_until_the_deadline() {
    let (error, seen) = get_on(Answer::refused()).await;
    assert_eq!(
        text(&error),
        "cannot read the bootstrap token 07401b: no connection to the API server, \
         tried again until the deadline of 10s / connection refused"
    );
    assert_eq!(predicates(&error), ["unreachable"]);
    let pauses = pauses(&seen);
    for (pause, due) in pauses.iter().zip([100, 200, 400, 800, 1600, 2000, 2000]) {
        let due = Duration::from_millis(due);
        // The runtime's clock counts whole milliseconds.
        assert!(
            *pause >= due / 2 && *pause <= due + Duration::from_millis(2),
            "{pauses:?}"
        );
    }
    assert!((7..=13).contains(&pauses.len()), "{pauses:?}");
    assert!(seen.last().unwrap().at < Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn server_errors_until_the_deadline() {
    let (error, _) = get_on(Answer::status(500, "InternalError", "etcd is slow")).await;
    assert_eq!(
        text(&error),
        "cannot read the bootstrap token 07401b: the API server answered 500 Internal Server Error: \
         etcd is slow, tried again until the deadline of 10s"
    );
    assert_eq!(predicates(&error), ["server_error"]);
}

#[tokio::test(start_paused = true)]
async fn truncated_replies_until_the_deadline() {
    let (error, seen) = get_on(stored().cut_off()).await;
    assert_eq!(
        text(&error),
        "cannot read the bootstrap token 07401b: the API server's reply was cut off, \
         tried again until the deadline of 10s / connection closed before message completed"
    );
    assert_eq!(predicates(&error), ["bad_reply"]);
    assert!(seen.len() > 5);
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_honored() {
    let (outcome, seen) = get([Answer::throttled("3"), stored()]).await;
    outcome.unwrap();
    assert_eq!(pauses(&seen)[0].as_secs(), 3);

    let dated = Answer::throttled("Sun, 06 Nov 1994 08:49:41 GMT")
        .header(DATE, "Sun, 06 Nov 1994 08:49:37 GMT");
    let (outcome, seen) = get([dated, stored()]).await;
    outcome.unwrap();
    assert_eq!(pauses(&seen)[0].as_secs(), 4);

    // The server chooses when to retry, not whether to pause.
    let (outcome, seen) = get([Answer::throttled("0"), stored()]).await;
    outcome.unwrap();
    assert!(pauses(&seen)[0] >= Duration::from_millis(50));
}

#[tokio::test(start_paused = true)]
async fn a_pause_longer_than_the_deadline_is_not_started() {
    let (error, seen) = get_on(Answer::throttled("60")).await;
    assert_eq!(
        text(&error),
        "cannot read the bootstrap token 07401b: the API server answered 429 Too Many Requests: \
         The server is busy, please try again later., which asks to wait 60s"
    );
    assert_eq!(predicates(&error), ["throttled"]);
    assert_eq!(seen.len(), 1);
    let (error, seen) = get_on(Answer::throttled("18446744073709551615")).await;
    assert!(error.is_throttled() && seen.len() == 1);
}

/// It would end at the deadline and say less than the earlier failure.
#[tokio::test(start_paused = true)]
async fn an_attempt_without_time_is_not_started() {
    for (deadline, sent) in [(1050, 1), (1200, 2)] {
        let policy = Policy::default().with_deadline(Duration::from_millis(deadline));
        let (outcome, seen) = serve_on(
            [],
            Answer::throttled("1"),
            async |tokens: BootstrapTokens| tokens.with_policy(policy).get(id()).await,
        )
        .await;
        assert!(outcome.unwrap_err().is_throttled());
        assert_eq!(seen.len(), sent);
    }
}

#[tokio::test(start_paused = true)]
async fn throttled_until_the_deadline() {
    let (error, seen) = get_on(Answer::throttled("4")).await;
    assert_eq!(
        text(&error),
        "cannot read the bootstrap token 07401b: the API server answered 429 Too Many Requests: \
         The server is busy, please try again later., which asks to wait 4s, \
         tried again until the deadline of 10s"
    );
    assert_eq!(predicates(&error), ["throttled"]);
    assert_eq!(seen.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn refusals_are_final() {
    for code in [400, 401, 403, 404, 405, 409, 410, 415, 422, 501, 505] {
        let (outcome, _) = get([Answer::status(code, "", "no")]).await;
        assert_eq!(outcome.unwrap_err().status().unwrap().code(), code);
    }
}

#[tokio::test(start_paused = true)]
async fn one_deadline_for_all_attempts() {
    let with = |deadline| Policy::default().with_deadline(deadline);
    let start = tokio::time::Instant::now();
    let (outcome, _) = serve(
        [Answer::throttled("2"), Answer::silent()],
        async |tokens: BootstrapTokens| {
            tokens
                .with_policy(with(Duration::from_millis(2500)))
                .get(id())
                .await
        },
    )
    .await;
    let error = outcome.unwrap_err();
    assert_eq!(
        text(&error),
        "cannot read the bootstrap token 07401b: the API server did not answer within the deadline of 2.5s"
    );
    let took = start.elapsed();
    assert!((2500..2510).contains(&took.as_millis()), "{took:?}");

    // No time at all, and unlimited time.
    let (outcome, _) = serve_on([], Answer::silent(), async |tokens: BootstrapTokens| {
        tokens.with_policy(with(Duration::ZERO)).get(id()).await
    })
    .await;
    assert!(outcome.unwrap_err().is_deadline());
    let (outcome, _) = serve([stored()], async |tokens: BootstrapTokens| {
        tokens.with_policy(with(Duration::MAX)).get(id()).await
    })
    .await;
    outcome.unwrap();
}

/// Pauses do not carry over from another request.
#[tokio::test(start_paused = true)]
async fn each_request_begins_with_the_shortest_pause() {
    let mut answers = vec![Answer::refused(); 5];
    let other = token().with_token("07401b.f395accd246ae52e".parse().unwrap());
    let other = Answer::json(200, message::json(&other));
    answers.extend([Answer::already_exists(), Answer::refused(), other]);
    let (outcome, seen) = serve(answers, async |tokens| tokens.create(&token()).await).await;
    assert!(outcome.unwrap_err().is_already_exists());
    let pauses = pauses(&seen);
    assert!(pauses[4] >= Duration::from_millis(800), "{pauses:?}");
    assert!(pauses[6] <= Duration::from_millis(102), "{pauses:?}");
}
