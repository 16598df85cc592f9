//! The provider of cryptography, of which a process has one: each test runs in a process of its own.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::env;
use std::process::Command;
use std::time::{Duration, SystemTime};

use bootstrap_token_discovery::Anchor;
use bootstrap_token_kube::{BootstrapTokens, Discovery, Route};
use kube::Config;
use rustls::crypto::{CryptoProvider, ring};

/// kube refuses the proxy before it asks rustls for anything: what is installed then, this library has installed.
const NO_PROXY: &str = "ftp://127.0.0.1:1";

/// Runs the ignored test of that name in another process.
#[track_caller]
fn passes(test: &str) {
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--ignored", "--test-threads=1"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("1 passed"), "{said}");
}

fn is_ring() -> bool {
    CryptoProvider::get_default().is_some_and(|provider| {
        let ring = ring::default_provider().cipher_suites;
        provider.cipher_suites == ring
    })
}

fn from_config() {
    let mut config = Config::new("https://127.0.0.1:1".parse().unwrap());
    config.proxy_url = Some(NO_PROXY.parse().unwrap());
    BootstrapTokens::from_config(config).unwrap_err();
}

#[test]
fn one_is_chosen_where_none_is() {
    passes("from_config_chooses");
    passes("discovery_chooses");
    passes("the_program_s_own_stays");
}

#[test]
#[ignore = "run by one_is_chosen_where_none_is"]
fn from_config_chooses() {
    assert!(CryptoProvider::get_default().is_none());
    from_config();
    assert!(is_ring());
}

#[test]
#[ignore = "run by one_is_chosen_where_none_is"]
fn discovery_chooses() {
    assert!(CryptoProvider::get_default().is_none());
    let route = Route::to("127.0.0.1:1".parse().unwrap()).through(Some(NO_PROXY.parse().unwrap()));
    let discovery = Discovery::new([route])
        .unwrap()
        .with_timeout(Duration::from_secs(1));
    let token = "07401b.f395accd246ae52d".parse().unwrap();
    let anchor = Anchor::danger_token_alone();
    let found = discovery.by_token(&token, &anchor, SystemTime::now(), |_| ());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(found).unwrap_err();
    assert!(is_ring());
}

#[test]
#[ignore = "run by one_is_chosen_where_none_is"]
fn the_program_s_own_stays() {
    let mut own = ring::default_provider();
    own.cipher_suites.truncate(1);
    own.install_default().unwrap();
    from_config();
    assert_eq!(
        CryptoProvider::get_default().unwrap().cipher_suites.len(),
        1
    );
}
