//! Tests discovery's types. The command's tests cover its handling of servers.

use std::time::{Duration, SystemTime};

use bootstrap_token_discovery::Anchor;
use bootstrap_token_kube::{DiscoverError, Discovery, Route, Why};

/// A port without a listener. A free port could be taken meanwhile.
const DEAD: &str = "127.0.0.1:1";

#[test]
fn discovery_needs_a_server() {
    assert!(Discovery::new([]).is_none());
}

#[tokio::test]
async fn failures_at_each_server_in_order() {
    let servers = [DEAD, DEAD];
    let routes = servers
        .each_ref()
        .map(|server| Route::to(server.parse().unwrap()));
    let discovery = Discovery::new(routes)
        .unwrap()
        .with_timeout(Duration::from_secs(6));
    let token = "07401b.f395accd246ae52d".parse().unwrap();
    let anchor = Anchor::danger_token_alone();
    let mut told = 0;
    let before = tokio::time::Instant::now();
    let waiting = |so_far: &DiscoverError| {
        told += 1;
        assert_eq!(so_far.attempts().len(), 2);
    };
    let found = discovery.by_token(&token, &anchor, SystemTime::now(), waiting);
    let error = is_send(found).await.unwrap_err();
    assert!(before.elapsed() >= Discovery::INTERVAL);
    assert_eq!(told, 1);
    assert_eq!(error.timed_out_after(), Some(Duration::from_secs(6)));
    for (attempt, server) in error.attempts().iter().zip(&servers) {
        assert_eq!(attempt.server().to_string(), format!("https://{server}"));
        assert!(matches!(attempt.why(), Why::Unread(error) if error.is_unreachable()));
    }
    let text = error.to_string();
    assert!(text.ends_with(" (given up at the timeout of 6s)"), "{text}");
    assert!(!format!("{error:?} {discovery:?}").contains("f395accd"));
}

fn is_send<F: Future + Send>(future: F) -> F {
    future
}
