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
mod kubeconfig;
mod permissions;
mod pin;
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
    suite::run(
        Order::AnyAtOnce,
        &[
            thousands::TESTS,
            discover_kubeadm::TESTS,
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
        ],
    )
}
