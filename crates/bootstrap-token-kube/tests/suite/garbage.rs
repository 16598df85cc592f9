//! Any reply leads to a result or an error.

use bootstrap_token_kube::Error;
use futures::TryStreamExt;
use proptest::prelude::*;

use crate::message;
use crate::server::{Answer, serve};
use crate::text::{id, text, token};

/// Returns what `get` and `list` make of a body.
fn ask(answer: &Answer) -> (Result<(), Error>, Result<usize, Error>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    runtime.block_on(async {
        let (got, _) = serve([answer.clone()], async |tokens| {
            tokens.get(id()).await.map(drop)
        })
        .await;
        let (listed, _) = serve([answer.clone()], async |tokens| {
            let page = std::pin::pin!(tokens.list()).try_next().await?;
            page.into_iter()
                .flatten()
                .try_fold(0, |count, stored| stored.map(|_| count + 1))
        })
        .await;
        (got, listed)
    })
}

fn is_bad<T>(outcome: &Result<T, Error>) -> bool {
    outcome.as_ref().is_err_and(|error| {
        let _ = text(error);
        error.is_bad_reply()
    })
}

fn answers_or_says_so(answer: &Answer) {
    let (got, listed) = ask(answer);
    assert!(got.is_ok() || is_bad(&got), "{got:?}");
    assert!(listed.is_ok() || is_bad(&listed), "{listed:?}");
}

fn bodies() -> [(Answer, Vec<u8>); 4] {
    let secret = message::secret(&token());
    let list = format!(
        r#"{{"kind":"SecretList","apiVersion":"v1","metadata":{{"continue":"x"}},"items":[{}]}}"#,
        message::json(&token())
    );
    let json = |body: &str| (Answer::json(200, body), body.as_bytes().to_vec());
    let protobuf = |body: Vec<u8>| (Answer::protobuf(200, body.clone()), body);
    [
        protobuf(message::envelope("Secret", &secret)),
        protobuf(message::page(vec![secret], "x")),
        json(&message::json(&token())),
        json(&list),
    ]
}

#[test]
fn whole_bodies_are_read() {
    let [secret, page, json_secret, json_page] = bodies().map(|(answer, _)| ask(&answer));
    assert!(secret.0.is_ok() && json_secret.0.is_ok());
    assert_eq!((page.1.unwrap(), json_page.1.unwrap()), (1, 1));
    // A Secret is not a list, and a list is not a Secret.
    assert!(is_bad(&secret.1) && is_bad(&json_secret.1));
    assert!(is_bad(&page.0) && is_bad(&json_page.0));
}

#[test]
fn every_truncation_is_detected() {
    for (answer, body) in bodies() {
        for length in 0..body.len() {
            let (got, listed) = ask(&answer.with_body(body[..length].to_vec()));
            assert!(is_bad(&got), "of {length} bytes: {got:?}");
            assert!(is_bad(&listed), "of {length} bytes: {listed:?}");
        }
    }
}

proptest! {
    #[test]
    fn damage(which in 0..4_usize, changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
        let (answer, mut body) = bodies()[which].clone();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        answers_or_says_so(&answer.with_body(body));
    }

    #[test]
    fn noise(body in prop::collection::vec(any::<u8>(), 0..200), magic: bool) {
        let mut body = body;
        if magic {
            body.splice(..0, *b"k8s\0");
        }
        answers_or_says_so(&Answer::protobuf(200, body.clone()));
        answers_or_says_so(&Answer::json(200, body));
    }
}
