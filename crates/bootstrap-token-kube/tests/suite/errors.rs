//! Every refusal and every bad reply, with its exact message.

use http::header::LOCATION;

use crate::message;
use crate::server::{Answer, serve};
use crate::text::{BASE64, SECRET, id, predicates, text, token};

/// Returns the outcome of `get` for one answer.
async fn get(answer: Answer) -> (String, Vec<&'static str>) {
    let (outcome, _) = serve([answer], async |tokens| tokens.get(id()).await).await;
    let error = outcome.unwrap_err();
    let text = text(&error);
    let text = text
        .strip_prefix("cannot read the bootstrap token 07401b: ")
        .unwrap();
    (text.to_owned(), predicates(&error))
}

#[track_caller]
fn says(found: (String, Vec<&'static str>), text: &str, predicates: &[&str]) {
    let (said, holds) = found;
    assert_eq!((&*said, &*holds), (text, predicates));
}

#[tokio::test(start_paused = true)]
async fn refusals() {
    says(
        get(Answer::status(401, "Unauthorized", "Unauthorized")).await,
        "the API server answered 401 Unauthorized",
        &["unauthorized"],
    );
    says(
        get(Answer::status(
            403,
            "Forbidden",
            r#"secrets "x" is forbidden: User "system:anonymous" cannot get resource "secrets""#,
        ))
        .await,
        "the API server answered 403 Forbidden: secrets \"x\" is forbidden: User \"system:anonymous\" cannot \
         get resource \"secrets\"",
        &["forbidden"],
    );
    says(
        get(Answer::status(410, "Gone", "it is gone")).await,
        "the API server answered 410 Gone: it is gone",
        &["gone"],
    );
    says(
        get(Answer::status(418, "Teapot", "short\u{1b}[ and\nstrong\r")).await,
        "the API server answered 418 I'm a teapot: short\\u001b[ and\\nstrong\\r",
        &[],
    );
    says(
        get(Answer::status(499, "", "")).await,
        "the API server answered 499",
        &[],
    );
}

#[tokio::test(start_paused = true)]
async fn refusals_come_in_protobuf_too() {
    let status = message::Status {
        outcome: "Failure".to_owned(),
        message: "no such thing".to_owned(),
        reason: "NotFound".to_owned(),
        code: 404,
        ..message::Status::default()
    };
    says(
        get(Answer::protobuf(404, message::envelope("Status", &status))).await,
        "the API server answered 404 Not Found: no such thing",
        &["not_found"],
    );
}

/// It comes from a proxy, an ingress or a login page and says nothing about rights or existence: an API server would
/// send a `Status`.
#[tokio::test(start_paused = true)]
async fn a_refusal_without_a_status_is_not_the_api_servers() {
    let status = message::envelope(
        "Status",
        &message::Status {
            message: "no such thing".to_owned(),
            ..message::Status::default()
        },
    );
    for answer in [
        Answer::new(403, "text/html", "<html>go away</html>"),
        Answer::json(403, r#"{"kind":"Status","message":"#),
        Answer::json(403, r#"{"message":"go away"}"#),
        Answer::json(403, b"\xff\xfe".as_slice()),
        Answer::json(403, ""),
        Answer::protobuf(403, ""),
        Answer::protobuf(403, "k8s\0\u{1}"),
        Answer::protobuf(403, status[..status.len() - 3].to_vec()),
        Answer::protobuf(403, message::envelope("Secret", &message::secret(&token()))),
    ] {
        says(
            get(answer).await,
            "the answer was 403 Forbidden, as no Kubernetes API server gives it",
            &["bad_reply"],
        );
    }
    says(
        get(Answer::new(404, "text/plain", "404 page not found")).await,
        "the answer was 404 Not Found, as no Kubernetes API server gives it",
        &["bad_reply"],
    );
    // Proxies ask for authentication too, and a failing API server does not always send a `Status`.
    says(
        get(Answer::new(401, "text/html", "<html>log in</html>")).await,
        "the answer was 401 Unauthorized",
        &["unauthorized"],
    );
    says(
        get(Answer::json(422, r#"{"message":"go away"}"#)).await,
        "the answer was 422 Unprocessable Entity: go away",
        &["invalid"],
    );
    says(
        get(Answer::new(511, "text/html", "<html>log in</html>")).await,
        "the answer was 511 Network Authentication Required, as no Kubernetes API server gives it",
        &["bad_reply"],
    );
}

/// A body that was not read completely may be a `Status`.
#[tokio::test(start_paused = true)]
async fn messages_that_are_too_long_or_too_late_are_skipped() {
    for answer in [
        Answer::status(403, "Forbidden", &"long ".repeat((256 << 10) / 5)),
        Answer::status(403, "Forbidden", "late").stalled(),
    ] {
        says(
            get(answer).await,
            "the API server answered 403 Forbidden",
            &["forbidden"],
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_reason_that_may_repeat_a_secret_is_not_shown() {
    for reason in [SECRET, "No07401b.f395accd246ae52d", "token-secret"] {
        let refusal = Answer::status(403, reason, "no");
        let (outcome, _) = serve([refusal], async |tokens| tokens.get(id()).await).await;
        let error = outcome.unwrap_err();
        let _ = text(&error);
        assert_eq!(error.status().unwrap().reason(), "", "for {reason}");
    }
    let refusal = Answer::status(422, SECRET, "no");
    let (outcome, _) = serve([refusal], async |tokens| tokens.create(&token()).await).await;
    let error = outcome.unwrap_err();
    let _ = text(&error);
    assert_eq!(error.status().unwrap().reason(), "");
}

/// The server knows a token even if none was sent.
#[tokio::test(start_paused = true)]
async fn a_secret_that_was_not_sent_is_not_shown() {
    for words in [
        SECRET,
        "MDc0MDFiLmYzOTVhY2NkMjQ2YWU1MmQ=",
        "LWYzOTVhY2NkMjQ2YWU1MmQ",
        "0123456789ABCDEF",
    ] {
        let (said, _) = get(Answer::status(
            403,
            "Forbidden",
            &format!("no: {words}, really"),
        ))
        .await;
        let said = said.replace("=,", ",");
        assert_eq!(
            said,
            "the API server answered 403 Forbidden: no: …, really (… is not shown: it may repeat a token secret)"
        );
    }
}

/// The API server names the user. No webhook's message begins this way.
#[tokio::test(start_paused = true)]
async fn a_user_whose_name_looks_like_a_secret() {
    let words = r#"secrets "bootstrap-token-07401b" is forbidden: User "0123456789abcdef" cannot get resource "secrets" in API group "" in the namespace "kube-system""#;
    says(
        get(Answer::status(403, "Forbidden", words)).await,
        &format!("the API server answered 403 Forbidden: {words}"),
        &["forbidden"],
    );
}

#[tokio::test(start_paused = true)]
async fn redirects_are_not_followed() {
    let answer = Answer::json(302, "").header(LOCATION, "https://elsewhere.example/");
    says(
        get(answer).await,
        "the answer was 302 Found, as no Kubernetes API server gives it",
        &["bad_reply"],
    );
    let (outcome, _) = serve([Answer::json(307, "")], async |tokens| {
        tokens.create(&token()).await
    })
    .await;
    assert_eq!(
        text(&outcome.unwrap_err()),
        "cannot create the bootstrap token 07401b: the answer was 307 Temporary Redirect, as no Kubernetes \
         API server gives it"
    );
}

#[tokio::test(start_paused = true)]
async fn replies_that_are_not_json() {
    says(
        get(Answer::json(200, "<html>")).await,
        "the API server's reply is not the JSON object it should be, from line 1 column 1",
        &["bad_reply"],
    );
    let whole = message::json(&token());
    says(
        get(Answer::json(200, &whole[..whole.len() - 5])).await,
        "the API server's reply is not the JSON object it should be, from line 1 column 319",
        &["bad_reply"],
    );
    // serde_json would quote the unexpected value.
    for spoilt in [
        whole.replace(r#""data":{"#, &format!(r#""data":"{SECRET}","x":{{"#)),
        whole.replace(BASE64, "%%%"),
    ] {
        assert_ne!(spoilt, whole);
        let (text, predicates) = get(Answer::json(200, spoilt)).await;
        assert!(
            text.starts_with(
                "the API server's reply is not the JSON object it should be, from line 1 column"
            ),
            "{text}"
        );
        assert_eq!(predicates, ["bad_reply"]);
    }
    for other in [
        whole.replace("\"Secret\"", &format!("\"{SECRET}\"")),
        whole.replace("\"Secret\"", "\"ConfigMap\""),
        whole.replace("\"v1\"", "\"v2\""),
        whole.replace("\"kind\"", "\"sort\""),
        r#"{"hello":1}"#.to_owned(),
    ] {
        assert_ne!(other, whole);
        says(
            get(Answer::json(200, other)).await,
            "the API server's reply is an object of another kind",
            &["bad_reply"],
        );
    }
}

#[tokio::test(start_paused = true)]
async fn replies_that_are_not_protobuf() {
    let whole = message::envelope("Secret", &message::secret(&token()));
    for body in [
        Vec::new(),
        b"k8s".to_vec(),
        b"<html>".to_vec(),
        whole[1..].to_vec(),
    ] {
        says(
            get(Answer::protobuf(200, body)).await,
            "the API server's reply is not the protobuf message it should be",
            &["bad_reply"],
        );
    }
    says(
        get(Answer::protobuf(200, whole[..whole.len() - 5].to_vec())).await,
        "the API server's reply is not the protobuf message it should be",
        &["bad_reply"],
    );
    says(
        get(Answer::protobuf(200, message::page(Vec::new(), ""))).await,
        "the API server's reply is an object of another kind",
        &["bad_reply"],
    );
    says(
        get(Answer::protobuf(200, "k8s\0")).await,
        "the API server's reply is an object of another kind",
        &["bad_reply"],
    );
}

#[tokio::test(start_paused = true)]
async fn an_endless_reply_is_abandoned() {
    says(
        get(Answer::json(200, vec![b' '; (4 << 20) + 1])).await,
        "the API server's reply is longer than 4 MiB",
        &["bad_reply"],
    );
    // With one byte less, it is read completely.
    says(
        get(Answer::json(200, vec![b' '; 4 << 20])).await,
        "the API server's reply is not the JSON object it should be, from line 1 column 4194304",
        &["bad_reply"],
    );
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_does_not_end_in_time() {
    let whole = message::json(&token());
    says(
        get(Answer::json(200, &whole[..100]).stalled()).await,
        "the API server's reply was not complete within the deadline of 10s",
        &["deadline"],
    );
    says(
        get(Answer::silent()).await,
        "the API server did not answer within the deadline of 10s",
        &["deadline"],
    );
}
