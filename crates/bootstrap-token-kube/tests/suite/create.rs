use std::time::{Duration, SystemTime};

use bootstrap_token_kube::{BootstrapTokens, Created, Error};
use bootstrap_token_secret::{BootstrapToken, Expiration, ExtraGroup};
use http::header::{CONTENT_TYPE, DATE};
use k8s_openapi::api::core::v1::Secret;

use crate::message;
use crate::server::{Answer, Seen, serve, serve_on};
use crate::text::{SECRET, predicates, text, token};

const SECRETS: &str = "/api/v1/namespaces/kube-system/secrets";
const UNCERTAIN: &str = "; it is not known whether it was created: \
                         look for the ID 07401b in the list, or delete it";

fn created() -> Answer {
    Answer::json(201, "not looked at")
}

/// Another token with the same ID.
fn another() -> Answer {
    let other = token().with_token("07401b.f395accd246ae52e".parse().unwrap());
    Answer::json(200, message::json(&other))
}

/// The same token.
fn itself() -> Answer {
    Answer::json(200, message::json(&token()))
}

fn lines(seen: &[Seen]) -> Vec<String> {
    seen.iter().map(Seen::line).collect()
}

async fn create(answers: impl IntoIterator<Item = Answer>) -> (Result<Created, Error>, Vec<Seen>) {
    serve(answers, async |tokens| tokens.create(&token()).await).await
}

async fn create_generated(tokens: &BootstrapTokens) -> Result<BootstrapToken, Error> {
    let mut token = token();
    tokens.create_generated(&mut token).await?;
    Ok(token)
}

#[tokio::test(start_paused = true)]
async fn the_server_time_is_returned() {
    let (outcome, _) = create([created().header(DATE, "Sun, 06 Nov 1994 08:49:37 GMT")]).await;
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
    assert_eq!(outcome.unwrap().server_time, Some(then));
    let (outcome, _) = create([created()]).await;
    assert_eq!(outcome.unwrap().server_time, None);
}

#[tokio::test(start_paused = true)]
async fn one_post_with_the_secret() {
    let full = token()
        .with_expiration(Expiration::after(SystemTime::now(), Duration::from_secs(60)).unwrap())
        .with_groups(
            [ExtraGroup::DEFAULT_NODE_TOKEN.parse().unwrap()]
                .into_iter()
                .collect(),
        );
    let (outcome, seen) = serve([created()], async |tokens| tokens.create(&full).await).await;
    outcome.unwrap();
    assert_eq!(lines(&seen), [format!("POST {SECRETS}")]);
    assert_eq!(seen[0].headers[CONTENT_TYPE], "application/json");
    let sent: Secret = serde_json::from_slice(&seen[0].body).unwrap();
    assert_eq!(sent, full.expose_secret());
}

#[tokio::test(start_paused = true)]
async fn a_taken_id_is_an_error() {
    let (outcome, seen) = create([Answer::already_exists(), another()]).await;
    let error = outcome.unwrap_err();
    assert_eq!(
        text(&error),
        "cannot create the bootstrap token 07401b: the API server answered 409 Conflict: \
         secrets \"bootstrap-token-07401b\" already exists"
    );
    assert_eq!(predicates(&error), ["already_exists"]);
    assert_eq!(
        lines(&seen),
        [
            format!("POST {SECRETS}"),
            format!("GET {SECRETS}/bootstrap-token-07401b"),
        ]
    );
}

/// It may be older, or this call's own: something in between may have repeated the POST.
#[tokio::test(start_paused = true)]
async fn an_id_taken_by_the_same_token() {
    for stored in [
        itself(),
        Answer::json(200, message::json(&token().with_description("rack 8"))),
    ] {
        let (outcome, _) = create([Answer::already_exists(), stored]).await;
        let error = outcome.unwrap_err();
        assert_eq!(
            text(&error),
            "cannot create the bootstrap token 07401b: the API server answered 409 Conflict: \
             secrets \"bootstrap-token-07401b\" already exists; it may be the one that was to be created: \
             compare the two, or delete it"
        );
        assert_eq!(predicates(&error), ["already_exists", "uncertain"]);
    }
}

/// Its owner is unknown, so no second token is drawn.
#[tokio::test(start_paused = true)]
async fn a_taken_id_that_cannot_be_read() {
    for (answer, why) in [
        (
            Answer::not_found(),
            "cannot read the bootstrap token 07401b: the API server answered 404 Not Found: \
             secrets \"bootstrap-token-07401b\" not found",
        ),
        (
            Answer::status(403, "Forbidden", "no"),
            "cannot read the bootstrap token 07401b: the API server answered 403 Forbidden: no",
        ),
        (
            Answer::json(200, "{}"),
            "cannot read the bootstrap token 07401b: the API server's reply is an object of another kind",
        ),
        (
            Answer::silent(),
            "cannot read the bootstrap token 07401b: the API server did not answer within the deadline of 10s",
        ),
    ] {
        let expected = format!(
            "cannot create the bootstrap token 07401b: the API server answered 409 Conflict: \
             secrets \"bootstrap-token-07401b\" already exists; it may be the one that was to be created: \
             compare the two, or delete it / {why}"
        );
        for is_lost in [false, true] {
            let answers = || {
                let lost = is_lost.then(Answer::broken).into_iter();
                lost.chain([Answer::already_exists(), answer.clone()])
            };
            let (given, _) = create(answers()).await;
            let (generated, _) = serve(answers(), async |tokens| {
                create_generated(&tokens).await.map(drop)
            })
            .await;
            for outcome in [given.map(drop), generated] {
                let error = outcome.unwrap_err();
                assert_eq!(text(&error), expected);
                assert_eq!(predicates(&error), ["already_exists", "uncertain"]);
            }
        }
    }
    // The connection breaks every time.
    let (outcome, seen) = serve_on(
        [Answer::already_exists()],
        Answer::broken(),
        async |tokens| create_generated(&tokens).await,
    )
    .await;
    let error = outcome.unwrap_err();
    assert_eq!(predicates(&error), ["already_exists", "uncertain"]);
    assert!(seen[1..].iter().all(|request| request.method == "GET"));
}

#[tokio::test(start_paused = true)]
async fn another_conflict_is_not_a_taken_id() {
    let answer = Answer::status(409, "Conflict", "the quota has been modified");
    let (outcome, _) = create([answer]).await;
    let error = outcome.unwrap_err();
    assert_eq!(
        text(&error),
        "cannot create the bootstrap token 07401b: the API server answered 409 Conflict: \
         the quota has been modified"
    );
    assert_eq!(predicates(&error), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_was_not_carried_out_is_retried() {
    for answer in [
        Answer::refused(),
        Answer::throttled("1"),
        Answer::status(503, "ServiceUnavailable", "the server is shutting down")
            .header(http::header::RETRY_AFTER, "1"),
    ] {
        let (outcome, seen) = create([answer.clone(), created()]).await;
        outcome.unwrap();
        assert_eq!(seen[0].body, seen[1].body);
        // The request was not carried out: the existing token is somebody else's.
        let (outcome, _) = create([answer, Answer::already_exists(), another()]).await;
        assert_eq!(predicates(&outcome.unwrap_err()), ["already_exists"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_is_retried() {
    let (outcome, seen) = create([Answer::broken(), created()]).await;
    outcome.unwrap();
    assert_eq!(lines(&seen), vec![format!("POST {SECRETS}"); 2]);
    assert_eq!(seen[0].body, seen[1].body);
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_and_a_token_of_our_own() {
    let stored = Answer::json(200, message::json(&token()));
    let answers = [Answer::broken(), Answer::already_exists(), stored];
    let (outcome, seen) = create(answers).await;
    outcome.unwrap();
    assert_eq!(
        lines(&seen),
        [
            format!("POST {SECRETS}"),
            format!("POST {SECRETS}"),
            format!("GET {SECRETS}/bootstrap-token-07401b"),
        ]
    );
}

/// The stored expiration is the same moment in UTC, in whole seconds.
#[tokio::test(start_paused = true)]
async fn a_lost_reply_and_an_expiration_in_another_form() {
    for (expiration, ours) in [
        ("2030-05-01T12:00:00+02:00", true),
        ("2030-05-01T10:00:00.5Z", true),
        ("2030-05-01T12:00:00Z", false),
    ] {
        let expiration: Expiration = expiration.parse().unwrap();
        let wanted = token().with_expiration(expiration);
        let utc: Expiration = "2030-05-01T10:00:00Z".parse().unwrap();
        let stored = message::json(&token().with_expiration(utc));
        let answers = [
            Answer::broken(),
            Answer::already_exists(),
            Answer::json(200, stored),
        ];
        let (outcome, _) = serve(answers, async |tokens| tokens.create(&wanted).await).await;
        assert_eq!(outcome.is_ok(), ours, "for {expiration}: {outcome:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_and_a_token_of_somebody_elses() {
    let answers = [Answer::broken(), Answer::already_exists(), another()];
    let (outcome, _) = create(answers).await;
    let error = outcome.unwrap_err();
    assert_eq!(
        text(&error),
        "cannot create the bootstrap token 07401b: the API server answered 409 Conflict: \
         secrets \"bootstrap-token-07401b\" already exists"
    );
    assert_eq!(predicates(&error), ["already_exists"]);
}

/// The same token secret: an older token of the user, or this one changed by admission.
#[tokio::test(start_paused = true)]
async fn a_lost_reply_and_a_token_with_other_fields() {
    for stored in [
        message::json(&token().with_description("rack 8")),
        message::json(&token()).replace(r#""token-id""#, r#""token-ix""#),
    ] {
        let answers = || {
            [
                Answer::broken(),
                Answer::already_exists(),
                Answer::json(200, stored.clone()),
            ]
        };
        let (outcome, _) = create(answers()).await;
        assert_eq!(
            predicates(&outcome.unwrap_err()),
            ["already_exists", "uncertain"]
        );
        // Nobody else can have drawn it, whatever its other fields.
        let (outcome, _) = serve(answers(), async |tokens| create_generated(&tokens).await).await;
        assert_eq!(outcome.unwrap(), token());
    }
}

/// Admission may change everything but the token secret, which was drawn here.
#[tokio::test(start_paused = true)]
async fn a_lost_reply_and_a_generated_token_that_was_changed() {
    let stored = message::json(&token().with_description("changed by admission"));
    let answers = [
        Answer::broken(),
        Answer::already_exists(),
        Answer::json(200, stored),
    ];
    let (outcome, seen) = serve(answers, async |tokens| create_generated(&tokens).await).await;
    assert_eq!(outcome.unwrap(), token());
    assert_eq!(seen.len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_keeps_breaking() {
    let (outcome, seen) = serve_on([], Answer::broken(), async |tokens| {
        tokens.create(&token()).await
    })
    .await;
    let error = outcome.unwrap_err();
    assert_eq!(
        text(&error),
        format!(
            "cannot create the bootstrap token 07401b: the connection to the API server broke before it \
             answered, tried again until the deadline of 10s{UNCERTAIN} / connection reset"
        )
    );
    assert_eq!(predicates(&error), ["unreachable", "uncertain"]);
    assert!(seen.len() > 5 && seen.iter().all(|s| s.method == "POST"));
}

#[tokio::test(start_paused = true)]
async fn no_answer_before_the_deadline() {
    let (outcome, _) = create([Answer::silent()]).await;
    let error = outcome.unwrap_err();
    assert_eq!(
        text(&error),
        format!(
            "cannot create the bootstrap token 07401b: the API server did not answer within the deadline \
             of 10s{UNCERTAIN}"
        )
    );
    assert_eq!(predicates(&error), ["deadline", "uncertain"]);
}

#[tokio::test(start_paused = true)]
async fn a_server_error_leaves_it_uncertain() {
    for (code, phrase) in [
        (500, "500 Internal Server Error"),
        (502, "502 Bad Gateway"),
        (503, "503 Service Unavailable"),
        (504, "504 Gateway Timeout"),
    ] {
        let (outcome, _) = create([Answer::status(code, "Trouble", "etcd is slow")]).await;
        let error = outcome.unwrap_err();
        assert_eq!(
            text(&error),
            format!(
                "cannot create the bootstrap token 07401b: the API server answered {phrase}: \
                 etcd is slow{UNCERTAIN}"
            )
        );
        assert_eq!(predicates(&error), ["server_error", "uncertain"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_a_lost_reply_leaves_it_uncertain() {
    let refusal = Answer::status(401, "Unauthorized", "Unauthorized");
    let (outcome, _) = create([Answer::broken(), refusal]).await;
    assert_eq!(
        predicates(&outcome.unwrap_err()),
        ["unauthorized", "uncertain"]
    );
}

/// An admission webhook sees the object and may say anything about it.
#[tokio::test(start_paused = true)]
async fn messages_that_repeat_the_secret_are_redacted() {
    for (words, shown) in [
        (
            format!("value {SECRET} is too simple"),
            "value … is too simple",
        ),
        (
            "\"token-secret\":\"ZjM5NWFjY2QyNDZhZTUyZA==\"".to_owned(),
            "\"token-secret\":\"…==\"",
        ),
        (
            "token-secret:[102 51 57 53 97 99 99]".to_owned(),
            "token-secret:[…]",
        ),
        (
            "another token, abcdef.0123456789abcdef".to_owned(),
            "another token, …",
        ),
    ] {
        let (outcome, _) = create([Answer::status(422, "Invalid", &words)]).await;
        let error = outcome.unwrap_err();
        assert_eq!(
            text(&error),
            format!(
                "cannot create the bootstrap token 07401b: the API server answered 422 Unprocessable Entity: \
                 {shown} (… is not shown: it may repeat a token secret)"
            )
        );
        assert_eq!(predicates(&error), ["invalid"]);
    }
    // The ID is not secret, even if it is a part of the token secret.
    let known = token().with_token("abcdef.0123456789abcdef".parse().unwrap());
    let words = "secrets \"bootstrap-token-abcdef\" already exists";
    let (outcome, _) = serve(
        [Answer::status(409, "AlreadyExists", words), another()],
        async |tokens| tokens.create(&known).await,
    )
    .await;
    assert_eq!(outcome.unwrap_err().status().unwrap().message(), words);
    let words = "Secret \"bootstrap-token-07401b\" is invalid: data[token-secret]: too weak";
    let (outcome, _) = create([Answer::status(400, "BadRequest", words)]).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.status().unwrap().message(), words);
    assert_eq!(predicates(&error), ["invalid"]);
}

#[tokio::test(start_paused = true)]
async fn a_generated_token_is_drawn_again() {
    let answers = [
        Answer::already_exists(),
        another(),
        Answer::refused(),
        Answer::already_exists(),
        another(),
        created(),
    ];
    let (outcome, seen) = serve(answers, async |tokens| create_generated(&tokens).await).await;
    let written = outcome.unwrap();
    let sent: Vec<Secret> = seen
        .iter()
        .filter(|request| request.method == "POST")
        .map(|request| serde_json::from_slice(&request.body).unwrap())
        .collect();
    assert_eq!(sent[0], token().expose_secret());
    assert_eq!(sent[1], sent[2]);
    assert_eq!(sent[3], written.expose_secret());
    let names: std::collections::HashSet<_> =
        [0, 1, 3].map(|at| sent[at].metadata.name.clone()).into();
    assert_eq!(names.len(), 3);
    // Everything but the token comes from the template.
    let like = |other: BootstrapToken| other.with_token(token().token().clone());
    assert_eq!(like(written), token());
}

#[tokio::test(start_paused = true)]
async fn draws_are_limited() {
    let answers = (0..8).flat_map(|_| [Answer::already_exists(), another()]);
    let (outcome, seen) = serve(answers, async |tokens| create_generated(&tokens).await).await;
    let error = outcome.unwrap_err();
    assert_eq!(predicates(&error), ["already_exists"]);
    assert_eq!(seen.len(), 16);
    assert!(
        !error
            .to_string()
            .contains("create the bootstrap token 07401b")
    ); // except the last draw
}

#[tokio::test(start_paused = true)]
async fn a_generated_token_of_our_own_is_kept() {
    let stored = Answer::protobuf(200, message::envelope("Secret", &message::secret(&token())));
    let answers = [Answer::broken(), Answer::already_exists(), stored];
    let (outcome, _) = serve(answers, async |tokens| create_generated(&tokens).await).await;
    assert_eq!(outcome.unwrap(), token());

    let refusal = Answer::status(403, "Forbidden", "no");
    let (outcome, _) = serve([refusal], async |tokens| create_generated(&tokens).await).await;
    assert_eq!(predicates(&outcome.unwrap_err()), ["forbidden"]);
}

/// The existing token may be the one that was sent, with a token secret that admission changed.
#[tokio::test(start_paused = true)]
async fn a_lost_reply_and_another_secret_draw_no_second_token() {
    let answers = [Answer::broken(), Answer::already_exists(), another()];
    let (outcome, seen) = serve(answers, async |tokens| create_generated(&tokens).await).await;
    let error = outcome.unwrap_err();
    assert_eq!(predicates(&error), ["already_exists", "uncertain"]);
    let advice = "; it may be the one that was to be created: compare the two, or delete it";
    assert!(text(&error).ends_with(advice), "{}", text(&error));
    assert_eq!(seen.len(), 3);
}
