//! A process has one cryptography provider, chosen by the program. This library does not need one.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::time::{Duration, SystemTime};

use bootstrap_token_discovery::Anchor;
use bootstrap_token_kube::{BootstrapTokens, Discovery, Route};
use kube::Config;
use rustls::crypto::CryptoProvider;

#[test]
fn the_process_needs_no_default_provider() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let discovery = Discovery::new([Route::to("127.0.0.1:1".parse().unwrap())])
        .unwrap()
        .with_timeout(Duration::from_secs(1));
    let token = "07401b.f395accd246ae52d".parse().unwrap();
    let anchor = Anchor::danger_token_alone();
    runtime.block_on(async {
        BootstrapTokens::from_config(Config::new("https://127.0.0.1:1".parse().unwrap())).unwrap();
        let found = discovery.by_token(&token, &anchor, SystemTime::now(), |_| ());
        assert!(
            found.await.unwrap_err().attempts()[0]
                .to_string()
                .contains("refused")
        );
    });
    assert!(CryptoProvider::get_default().is_none());
}
