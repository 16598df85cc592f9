use bootstrap_token_secret::defects;
use http::header::ACCEPT;
use std::time::SystemTime;

use crate::message::{self, ObjectMeta, Time};
use crate::server::{Answer, serve};
use crate::text::{id, predicates, redacted, text, token};

#[tokio::test(start_paused = true)]
async fn a_token_comes_as_json_or_as_protobuf() {
    for answer in [
        Answer::json(200, message::json(&token())),
        Answer::new(
            200,
            "application/json; charset=utf-8",
            message::json(&token()),
        ),
        Answer::protobuf(200, message::envelope("Secret", &message::secret(&token()))),
        Answer::new(
            200,
            "Application/vnd.kubernetes.protobuf;type=x",
            message::envelope("Secret", &message::secret(&token())),
        ),
    ] {
        let (stored, seen) = serve([answer], async |tokens| tokens.get(id()).await).await;
        let stored = stored.unwrap();
        assert_eq!(stored.name(), "bootstrap-token-07401b");
        assert_eq!(
            stored.expose_secret().metadata.namespace.as_deref(),
            Some("kube-system")
        );
        assert!(defects(&stored.expose_secret(), SystemTime::UNIX_EPOCH).is_empty());
        redacted(&format!("{stored:?}"));
        assert_eq!(stored.token().unwrap().description(), "rack 7");
        let read = stored.into_token().unwrap().into_bootstrap_token().unwrap();
        assert_eq!(read, token());

        assert_eq!(
            seen[0].line(),
            "GET /api/v1/namespaces/kube-system/secrets/bootstrap-token-07401b"
        );
        assert_eq!(
            seen[0].headers[ACCEPT],
            "application/vnd.kubernetes.protobuf, application/json"
        );
        assert!(seen[0].body.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn an_invalid_token_has_its_defect() {
    let mut secret = message::secret(&token());
    secret.metadata = Some(ObjectMeta {
        // A time outside any clock's range: the Secret still counts as being deleted.
        deletion_timestamp: Some(Time {
            seconds: i64::MAX,
            nanos: -1,
        }),
        ..secret.metadata.unwrap()
    });
    secret
        .data
        .insert("token-secret".to_owned(), b"\xff\xfe".to_vec());
    let answer = Answer::protobuf(200, message::envelope("Secret", &secret));
    let (stored, _) = serve([answer], async |tokens| tokens.get(id()).await).await;
    let stored = stored.unwrap();
    assert_eq!(stored.name(), "bootstrap-token-07401b");
    assert_eq!(
        stored.token().unwrap_err().to_string(),
        "its token-secret is malformed"
    );
    assert!(stored.expose_secret().metadata.deletion_timestamp.is_some());
    assert!(stored.into_token().is_err());
}

#[tokio::test(start_paused = true)]
async fn a_token_that_does_not_exist() {
    let (error, _) = serve([Answer::not_found()], async |tokens| tokens.get(id()).await).await;
    let error = error.unwrap_err();
    assert_eq!(
        text(&error),
        "cannot read the bootstrap token 07401b: the API server answered 404 Not Found: \
         secrets \"bootstrap-token-07401b\" not found"
    );
    assert_eq!(predicates(&error), ["not_found"]);
    let status = error.status().unwrap();
    assert_eq!((status.code(), status.reason()), (404, "NotFound"));
    assert_eq!(
        status.message(),
        "secrets \"bootstrap-token-07401b\" not found"
    );
}
