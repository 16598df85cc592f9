//! What our command does when parts of the control plane are killed, frozen, full or false.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests, helpers included"
)]

mod busy;
mod etcd;
mod frozen;
mod impostors;
mod killed;
mod lost;
mod quota;
mod support;

use std::process::ExitCode;

use conformance::suite::{self, Order};

fn main() -> ExitCode {
    suite::run(
        Order::OneByOne,
        &[
            killed::TESTS,
            lost::TESTS,
            frozen::TESTS,
            busy::TESTS,
            quota::TESTS,
            impostors::TESTS,
        ],
    )
}
