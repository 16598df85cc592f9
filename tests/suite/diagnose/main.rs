//! Each cause why a machine cannot join, made on a real control plane, and recognised without a wrong one beside it.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests, helpers included"
)]

mod between;
mod clock;
mod cluster_info;
mod dns;
mod joiner;
mod kubeadm;
mod published;
mod remedies;
mod signer;
mod support;
mod token;
mod upload_certs;

use std::process::ExitCode;

use conformance::suite::{self, Order};

fn main() -> ExitCode {
    let mut trials = suite::trials(&[
        token::TESTS,
        upload_certs::TESTS,
        clock::TESTS,
        cluster_info::TESTS,
        signer::TESTS,
        joiner::TESTS,
        published::TESTS,
        between::TESTS,
        kubeadm::signatures::TESTS,
        kubeadm::published::TESTS,
        kubeadm::way::TESTS,
        kubeadm::TESTS,
        remedies::TESTS,
        remedies::rights::TESTS,
    ]);
    trials.push(dns::that_does_not_answer());
    suite::run_trials(Order::OneByOne, trials, Vec::new)
}
