//! Lists that are too long, go backwards or never end.

use bootstrap_token_kube::{BootstrapTokens, Error, Page};
use futures::TryStreamExt;

use crate::message;
use crate::server::{Answer, Seen, serve};
use crate::text::{predicates, text, token};

async fn pages(tokens: BootstrapTokens) -> Result<usize, Error> {
    let pages: Vec<Page> = tokens.list().try_collect().await?;
    Ok(pages.len())
}

fn page(ids: &[&str], r#continue: &str) -> Answer {
    let secret = |id: &&str| {
        let secret = format!("{id}.f395accd246ae52e").parse().unwrap();
        message::secret(&token().with_token(secret))
    };
    let items = ids.iter().map(secret).collect();
    Answer::protobuf(200, message::page(items, r#continue))
}

#[track_caller]
fn fails(outcome: Result<usize, Error>, says: &str) {
    let error = outcome.unwrap_err();
    let expected = format!("cannot list the bootstrap tokens: the API server's list {says}");
    assert_eq!(text(&error), expected);
    assert_eq!(predicates(&error), ["bad_reply"]);
}

fn limits(seen: &[Seen]) -> Vec<&str> {
    let target = |seen: &'_ Seen| seen.target.find("limit=").unwrap();
    seen.iter()
        .map(|seen| seen.target[target(seen)..].split('&').next().unwrap())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_too_long_is_requested_in_parts() {
    let too_long = || Answer::json(200, vec![b' '; (8 << 20) + 1]);
    let answers = [
        too_long(),
        too_long(),
        page(&["aaaaaa"], "x"),
        page(&["bbbbbb"], "y"),
        page(&["cccccc"], ""),
    ];
    let (outcome, seen) = serve(answers, pages).await;
    assert_eq!(outcome.unwrap(), 3);
    assert_eq!(
        limits(&seen),
        [
            "limit=2500",
            "limit=312",
            "limit=39",
            "limit=78",
            "limit=156"
        ]
    );
    // A single object is never this long.
    let (outcome, seen) = serve((0..5).map(|_| too_long()), pages).await;
    assert_eq!(
        text(&outcome.unwrap_err()),
        "cannot list the bootstrap tokens: the API server's reply is longer than 8 MiB"
    );
    assert_eq!(limits(&seen).last(), Some(&"limit=1"));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_goes_backwards_is_an_error() {
    for answers in [
        vec![
            page(&["aaaaaa"], "a"),
            page(&["bbbbbb"], "b"),
            page(&["aaaaaa"], "a"),
        ],
        vec![page(&["aaaaaa", "bbbbbb"], "c1"), page(&["bbbbbb"], "c2")],
        vec![page(&["bbbbbb"], "c1"), page(&["aaaaaa"], "c2")],
    ] {
        let (outcome, _) = serve(answers, pages).await;
        fails(
            outcome,
            "goes backwards: a page begins with a name that is not behind the last one",
        );
    }
}

#[tokio::test(start_paused = true)]
async fn pages_without_tokens_end() {
    let empty = |at| page(&[], &format!("c{at}"));
    let answers = (1..=1_000).map(empty);
    let (outcome, _) = serve(answers, pages).await;
    fails(outcome, "has no end: 1000 pages in a row without a Secret");
    // A server may skip other Secrets page by page.
    let answers = (1..1_000).map(empty).chain([page(&["aaaaaa"], "")]);
    let (outcome, _) = serve(answers, pages).await;
    assert_eq!(outcome.unwrap(), 1_000);
}

#[tokio::test(start_paused = true)]
async fn a_secret_too_large_for_etcd_is_rejected() {
    let mut secret = message::secret(&token());
    let mut list = |bytes| {
        secret.data.insert("x".to_owned(), vec![b'x'; bytes]);
        let items = vec![secret.clone()];
        serve(
            [Answer::protobuf(200, message::page(items, ""))],
            async |tokens| {
                let page = std::pin::pin!(tokens.list()).try_next().await.unwrap();
                page.unwrap()
                    .next()
                    .unwrap()
                    .map(|stored| stored.token().is_ok())
            },
        )
    };
    assert!(list(1 << 20).await.0.unwrap());
    assert_eq!(
        text(&list(3 << 19).await.0.unwrap_err()),
        "cannot list the bootstrap tokens: a Secret in the API server's reply is longer than the 1536 KiB that etcd takes"
    );
}
