//! Thousands of tokens, on a control plane of their own: all are listed, while others come and go.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use bootstrap_token_secret::{BootstrapToken, Usage};
use conformance::command::ours;
use conformance::control_plane::ControlPlane;
use conformance::suite::Test;
use conformance::{secrets, tests};

pub(crate) const TESTS: &[Test] = tests!["thousands": every_token_that_stays_is_listed_once];

/// Three pages.
const STAY: usize = 5_200;
const COME_AND_GO: usize = 40;
const LISTS: usize = 10;

fn every_token_that_stays_is_listed_once() {
    let plane = ControlPlane::start();
    let stay = tokens(STAY);
    plane.admin().create_all(&stay);
    let stay: BTreeSet<_> = stay
        .iter()
        .map(|token| token.token().expose().to_string())
        .collect();

    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let churn = scope.spawn(|| {
            let mut rounds = 0;
            while !done.load(Ordering::Relaxed) {
                let visitors = tokens(COME_AND_GO);
                plane.admin().create_all(&visitors);
                for visitor in &visitors {
                    plane.admin().delete_secret(&visitor.secret_name());
                }
                rounds += 1;
            }
            rounds
        });
        let lists: Vec<_> = (0..LISTS)
            .map(|_| {
                ours(["list"])
                    .kubeconfig(plane.kubeconfig())
                    .prints_token()
                    .run()
            })
            .collect();
        done.store(true, Ordering::Relaxed);
        assert!(churn.join().unwrap() > 0);
        for list in lists {
            assert_eq!(list.stderr, "");
            let listed: Vec<_> = list
                .success()
                .lines()
                .skip(1)
                .map(|row| &row[..23])
                .collect();
            let different: BTreeSet<_> = listed.iter().copied().collect();
            assert_eq!(different.len(), listed.len(), "a token is listed twice");
            let missing = stay
                .iter()
                .filter(|token| !different.contains(token.as_str()))
                .count();
            assert_eq!(missing, 0);
            assert!(different.len() <= STAY + COME_AND_GO);
            assert!(listed.is_sorted(), "by name, as kubeadm");
        }
    });
}

/// They may not sign, so that cluster-info stays small.
fn tokens(count: usize) -> Vec<BootstrapToken> {
    let of = |token| {
        BootstrapToken::new(token).with_usages([Usage::Authentication].into_iter().collect())
    };
    secrets::tokens(count).into_iter().map(of).collect()
}
