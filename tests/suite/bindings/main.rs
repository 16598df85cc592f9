//! The C library as its users meet it: its header and exports, C programs, and the Go and Python packages on top.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests, helpers included"
)]

mod compile;
mod declared;
mod exports;
mod header;
mod installed;
mod installers;
mod library;
mod memory;
mod misuse;
mod vectors;

use std::process::ExitCode;

use conformance::suite::{self, Order};

fn main() -> ExitCode {
    let mut trials = suite::trials(&[
        exports::TESTS,
        header::TESTS,
        vectors::TESTS,
        misuse::TESTS,
        memory::TESTS,
        installed::TESTS,
        installers::TESTS,
    ]);
    trials.push(header::by_clang());
    trials.push(memory::by_valgrind());
    suite::run_trials(Order::AnyAtOnce, trials, Vec::new)
}
