//! Our command on a real control plane, beside the real kubeadm.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests, helpers included"
)]

mod admission;
mod arguments;
mod authentication;
mod bootstrap;
mod broken;
mod cleaner;
mod create;
mod credentials;
mod delete;
mod discover;
mod discover_kubeadm;
mod dry_run;
mod interchange;
mod ipv6;
mod kubeconfig;
mod permissions;
mod pin;
mod plugin;
mod race;
mod sign;
mod signature;
mod support;
mod terminal;
mod thousands;
mod verbosity;

use std::process::ExitCode;

use conformance::suite::{self, Order};

fn main() -> ExitCode {
    let mut trials = suite::trials(&[
        thousands::TESTS,
        discover_kubeadm::TESTS,
        ipv6::TESTS,
        authentication::TESTS,
        cleaner::TESTS,
        sign::TESTS,
        signature::TESTS,
        pin::TESTS,
        interchange::TESTS,
        create::TESTS,
        arguments::TESTS,
        delete::TESTS,
        discover::TESTS,
        bootstrap::TESTS,
        dry_run::TESTS,
        race::TESTS,
        broken::TESTS,
        terminal::TESTS,
        credentials::TESTS,
        permissions::TESTS,
        kubeconfig::TESTS,
        admission::TESTS,
        verbosity::TESTS,
        plugin::TESTS,
    ]);
    trials.push(ipv6::a_name_with_an_address_that_is_dead());
    suite::run_trials(Order::AnyAtOnce, trials, Vec::new)
}
