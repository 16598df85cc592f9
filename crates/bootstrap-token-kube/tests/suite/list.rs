use bootstrap_token_kube::{BootstrapTokens, Error, Page, Policy, Stored};
use bootstrap_token_secret::BootstrapToken;
use futures::TryStreamExt;
use http::header::ACCEPT;
use k8s_openapi::ByteString;

use crate::message;
use crate::server::{Answer, serve};
use crate::text::{predicates, text, token};

const FIRST: &str = "GET /api/v1/namespaces/kube-system/secrets\
                     ?fieldSelector=type%3Dbootstrap.kubernetes.io%2Ftoken&limit=2500";

/// Returns the names on each page.
async fn pages(tokens: BootstrapTokens) -> Result<Vec<Vec<String>>, Error> {
    let names = |page: Page| page.map(|s| s.map(|s| s.name().to_owned())).collect();
    let pages: Vec<Result<Vec<_>, _>> = tokens.list().map_ok(names).try_collect().await?;
    pages.into_iter().collect()
}

/// Returns the tokens of all pages.
pub(crate) async fn all(tokens: BootstrapTokens) -> Result<Vec<Stored>, Error> {
    let pages: Vec<Page> = tokens.list().try_collect().await?;
    pages.into_iter().flatten().collect()
}

fn named(id: &str) -> BootstrapToken {
    token().with_token(format!("{id}.f395accd246ae52e").parse().unwrap())
}

fn page(ids: &[&str], r#continue: &str) -> Answer {
    let items = ids.iter().map(|id| message::secret(&named(id))).collect();
    Answer::protobuf(200, message::page(items, r#continue))
}

fn gone(r#continue: &str) -> message::Status {
    message::Status {
        metadata: Some(message::ListMeta {
            r#continue: r#continue.to_owned(),
            ..message::ListMeta::default()
        }),
        outcome: "Failure".to_owned(),
        message: "The provided continue parameter is too old".to_owned(),
        reason: "Expired".to_owned(),
        code: 410,
    }
}

#[tokio::test(start_paused = true)]
async fn pages_follow_one_another() {
    let answers = [
        page(&["aaaaaa", "bbbbbb"], "ey+J2/=&x"),
        page(&["cccccc"], ""),
    ];
    let (names, seen) = serve(answers, pages).await;
    assert_eq!(
        names.unwrap(),
        [
            vec!["bootstrap-token-aaaaaa", "bootstrap-token-bbbbbb"],
            vec!["bootstrap-token-cccccc"],
        ]
    );
    assert_eq!(seen[0].line(), FIRST);
    assert_eq!(
        seen[1].line(),
        format!("{FIRST}&continue=ey%2BJ2%2F%3D%26x")
    );
    for request in seen {
        assert_eq!(
            request.headers[ACCEPT],
            "application/vnd.kubernetes.protobuf, application/json"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn json_works_too() {
    let list = |id, r#continue| {
        format!(
            r#"{{"kind":"SecretList","apiVersion":"v1","metadata":{{"resourceVersion":"7","continue":"{continue}"}},
                "items":[{}]}}"#,
            message::json(&named(id))
        )
    };
    let answers = [
        Answer::json(200, list("aaaaaa", "x")),
        Answer::json(200, list("bbbbbb", "")),
    ];
    let (names, _) = serve(answers, pages).await;
    assert_eq!(
        names.unwrap(),
        [["bootstrap-token-aaaaaa"], ["bootstrap-token-bbbbbb"]]
    );
    let empty = r#"{"kind":"SecretList","apiVersion":"v1","metadata":{},"items":[]}"#;
    let (names, _) = serve([Answer::json(200, empty)], pages).await;
    assert_eq!(names.unwrap(), [Vec::<String>::new()]);
}

#[tokio::test(start_paused = true)]
async fn pages_are_requested_on_demand() {
    let (page, seen) = serve([page(&["aaaaaa"], "x")], async |tokens| {
        let page = std::pin::pin!(tokens.list()).try_next().await;
        page.unwrap().unwrap().len()
    })
    .await;
    assert_eq!((page, seen.len()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn the_page_size_is_the_policys_and_always_limited() {
    for (size, asked) in [(7, "limit=7"), (0, "limit=1")] {
        let (_, seen) = serve([page(&[], "")], async |tokens| {
            pages(tokens.with_policy(Policy::default().with_page_size(size))).await
        })
        .await;
        assert!(seen[0].target.ends_with(asked), "{}", seen[0].target);
    }
}

#[tokio::test(start_paused = true)]
async fn broken_secrets_do_not_hide_good_ones() {
    let spoilt = |id, key: &str, value: &[u8]| {
        let mut secret = message::secret(&named(id));
        secret.data.insert(key.to_owned(), value.to_vec());
        secret
    };
    let items = vec![
        message::secret(&named("aaaaaa")),
        spoilt("bbbbbb", "token-id", b"\xff\xff\xff"),
        spoilt("cccccc", "description", b"caf\xe9"),
        spoilt("dddddd", "expiration", b"soon"),
        message::Secret::default(),
        message::secret(&named("eeeeee")),
    ];
    let json: Vec<_> = items
        .iter()
        .map(|secret| {
            let mut json = named("zzzzzz").expose_secret();
            json.metadata.name = secret.metadata.clone().map(|m| m.name);
            let data = secret.data.clone().into_iter();
            json.data = Some(data.map(|(key, value)| (key, ByteString(value))).collect());
            serde_json::to_string(&json).unwrap()
        })
        .collect();
    let json = format!(
        r#"{{"kind":"SecretList","apiVersion":"v1","metadata":{{}},"items":[{}]}}"#,
        json.join(",")
    );
    for answer in [
        Answer::protobuf(200, message::page(items, "")),
        Answer::json(200, json),
    ] {
        let (list, _) = serve([answer], all).await;
        let said: Vec<_> = list
            .unwrap()
            .iter()
            .map(|stored| match stored.token() {
                Ok(token) => format!("{}: {}", token.id(), token.description()),
                Err(defect) => format!("{}: {defect}", stored.name()),
            })
            .collect();
        assert_eq!(
            said,
            [
                "aaaaaa: rack 7",
                "bootstrap-token-bbbbbb: its name does not consist of \"bootstrap-token-\" and its token-id",
                "cccccc: caf\u{fffd}",
                "bootstrap-token-dddddd: its expiration cannot be read",
                ": its data has no \"token-id\"",
                "eeeeee: rack 7",
            ]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_position_is_resumed_from_where_the_server_says() {
    let json = r#"{"kind":"Status","apiVersion":"v1","metadata":{"continue":"later"},"status":"Failure",
                   "message":"too old","reason":"Expired","code":410}"#;
    for gone in [
        Answer::json(410, json),
        Answer::protobuf(410, message::envelope("Status", &gone("later"))),
    ] {
        let answers = [
            page(&["aaaaaa"], "old"),
            gone,
            page(&["cccccc"], "x"),
            page(&["dddddd"], ""),
        ];
        let (names, seen) = serve(answers, pages).await;
        assert_eq!(
            names.unwrap(),
            [
                ["bootstrap-token-aaaaaa"],
                ["bootstrap-token-cccccc"],
                ["bootstrap-token-dddddd"]
            ]
        );
        let asked: Vec<_> = seen.iter().map(|s| s.line().replace(FIRST, "")).collect();
        assert_eq!(
            asked,
            ["", "&continue=old", "&continue=later", "&continue=x"]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_position_is_resumed_once_a_page() {
    let again =
        |r#continue: &str| Answer::protobuf(410, message::envelope("Status", &gone(r#continue)));
    let says = "cannot list the bootstrap tokens: the API server answered 410 Gone: \
                The provided continue parameter is too old";
    for answers in [
        vec![
            page(&["aaaaaa"], "old"),
            again("later"),
            again("still later"),
        ],
        vec![page(&["aaaaaa"], "old"), again("")],
    ] {
        let (names, _) = serve(answers, pages).await;
        let error = names.unwrap_err();
        assert_eq!(text(&error), says);
        assert_eq!(predicates(&error), ["gone"]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_repeats_pages_is_an_error() {
    let answers = [page(&["aaaaaa"], "x"), page(&["aaaaaa"], "x")];
    let (names, _) = serve(answers, pages).await;
    let error = names.unwrap_err();
    assert_eq!(
        text(&error),
        "cannot list the bootstrap tokens: the API server sends the same page again"
    );
    assert_eq!(predicates(&error), ["bad_reply"]);
}

#[tokio::test(start_paused = true)]
async fn an_error_ends_the_list() {
    let refusal = Answer::status(403, "Forbidden", "secrets is forbidden");
    let (ends, _) = serve([page(&["aaaaaa"], "x"), refusal], async |tokens| {
        let mut list = std::pin::pin!(tokens.list());
        let first = list.try_next().await.unwrap().unwrap().len();
        let error = list.try_next().await.unwrap_err();
        (
            first,
            error.is_forbidden(),
            list.try_next().await.unwrap().is_none(),
        )
    })
    .await;
    assert_eq!(ends, (1, true, true));
}

#[tokio::test(start_paused = true)]
async fn each_page_has_the_whole_deadline() {
    let slow = |next: Answer| [Answer::throttled("8"), next];
    let answers = slow(page(&["aaaaaa"], "x"))
        .into_iter()
        .chain(slow(page(&["bbbbbb"], "")));
    let (names, seen) = serve(answers, pages).await;
    assert_eq!(names.unwrap().len(), 2);
    assert_eq!(seen.last().unwrap().at.as_secs(), 16);
}
