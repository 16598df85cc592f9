use bootstrap_token_kube::Deletion;

use crate::server::{Answer, serve};
use crate::text::{id, predicates, text};

#[tokio::test(start_paused = true)]
async fn the_outcome_is_returned() {
    let (deletion, seen) = serve([Answer::json(200, "{}")], async |tokens| {
        tokens.delete(id()).await
    })
    .await;
    assert_eq!(deletion.unwrap(), Deletion::Deleted);
    assert_eq!(
        seen[0].line(),
        "DELETE /api/v1/namespaces/kube-system/secrets/bootstrap-token-07401b"
    );
    assert!(seen[0].body.is_empty());

    let (deletion, _) = serve([Answer::not_found()], async |tokens| {
        tokens.delete(id()).await
    })
    .await;
    assert_eq!(deletion.unwrap(), Deletion::NotThere);
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_gone_after_a_lost_reply_may_have_been_deleted() {
    for lost in [
        Answer::broken(),
        Answer::status(500, "InternalError", "etcdserver: request timed out"),
        Answer::status(502, "", "the proxy found no server"),
        Answer::status(504, "Timeout", "request did not complete"),
        Answer::json(502, "<html>").cut_off(),
    ] {
        let (deletion, _) = serve([lost, Answer::not_found()], async |tokens| {
            tokens.delete(id()).await
        })
        .await;
        assert_eq!(deletion.unwrap(), Deletion::Gone);
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_gone_after_a_refusal_was_not_there() {
    for refusal in [
        Answer::refused(),
        Answer::throttled("1"),
        Answer::throttled("1").cut_off(),
        Answer::not_found().cut_off(),
    ] {
        let (deletion, _) = serve([refusal, Answer::not_found()], async |tokens| {
            tokens.delete(id()).await
        })
        .await;
        assert_eq!(deletion.unwrap(), Deletion::NotThere);
    }
}

#[tokio::test(start_paused = true)]
async fn no_answer_before_the_deadline() {
    let (outcome, _) = serve([Answer::broken(), Answer::silent()], async |tokens| {
        tokens.delete(id()).await
    })
    .await;
    let error = outcome.unwrap_err();
    assert_eq!(
        text(&error),
        "cannot delete the bootstrap token 07401b: the API server did not answer within the deadline of 10s; \
         it is not known whether it was deleted: delete it again"
    );
    assert_eq!(predicates(&error), ["deadline", "uncertain"]);
}

/// An admission webhook sees the deleted object and may say anything.
#[tokio::test(start_paused = true)]
async fn messages_that_may_repeat_a_secret_are_redacted() {
    for (words, shown) in [
        (
            "no: map[token-id:[48] token-secret:[102 51 57]]",
            "no: map[token-id:[…] token-secret:[…]]",
        ),
        ("no: 07401b.f395accd246ae52d", "no: 07401b.…"),
        ("f395accd246ae52d", "…"),
        ("Xf395accd246ae52d_", "…_"),
    ] {
        let (error, _) = serve([Answer::status(403, "Forbidden", words)], async |tokens| {
            tokens.delete(id()).await
        })
        .await;
        let error = error.unwrap_err();
        assert_eq!(
            text(&error),
            format!(
                "cannot delete the bootstrap token 07401b: the API server answered 403 Forbidden: {shown} \
                 (… is not shown: it may repeat a token secret)"
            )
        );
        assert_eq!(predicates(&error), ["forbidden"]);
    }
}
