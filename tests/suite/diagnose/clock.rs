//! Two clocks that differ: the API server's decides.

use std::time::{Duration, SystemTime};

use bootstrap_token_kube::{BootstrapTokens, Finding, Known, Subject};
use bootstrap_token_secret::Expiration;
use conformance::suite::Test;
use conformance::tests;
use kube::Config;
use kube::config::{KubeConfigOptions, Kubeconfig};
use tokio::runtime::Builder;

use crate::support::{
    create_with, delete, plane, put, signed, store, unknown, without_controllers,
};

pub(crate) const TESTS: &[Test] = tests!["clock":
    expired_by_the_server_s_only,
    expired_by_ours_only,
];

const HOUR: Duration = Duration::from_secs(60 * 60);

/// What is found on a machine whose clock shows this.
fn found_at(id: bootstrap_token::TokenId, now: SystemTime) -> Vec<Finding> {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let kubeconfig = Kubeconfig::read_from(plane().kubeconfig()).unwrap();
        let options = KubeConfigOptions::default();
        let config = Config::from_custom_kubeconfig(kubeconfig, &options).await;
        let tokens = BootstrapTokens::from_config(config.unwrap()).unwrap();
        let diagnosis = tokens.diagnose(&Subject::Id(id), &Known::at(now)).await;
        let diagnosis = diagnosis.unwrap();
        assert!(diagnosis.unchecked.is_empty(), "{diagnosis:?}");
        let there = diagnosis.server_time.unwrap();
        let apart = SystemTime::now().duration_since(there).unwrap_or_default();
        assert!(
            apart < Duration::from_secs(60),
            "the server's clock is this one"
        );
        diagnosis.findings
    })
}

fn expired_by_the_server_s_only() {
    without_controllers(|| {
        let now = SystemTime::now();
        let token = unknown();
        let expiration = Expiration::after(now - HOUR, Duration::ZERO).unwrap();
        put(&store(
            &token,
            &[("expiration", &expiration.to_utc_string())],
        ));
        let found = found_at(token.id(), now - 2 * HOUR);
        let [
            Finding::Expired {
                here_too: false,
                there: Some(_),
                ..
            },
        ] = &found[..]
        else {
            panic!("{found:?}");
        };
        delete(&token);
    });
}

fn expired_by_ours_only() {
    let token = create_with(&["--ttl", "1h"]);
    signed(&token);
    let found = found_at(token.id(), SystemTime::now() + 2 * HOUR);
    let [Finding::ClockAhead { here, there }] = &found[..] else {
        panic!("{found:?}");
    };
    assert!(here > there);
    delete(&token);
}
