//! Our libraries against upstream's own functions, on thousands of generated inputs for each property.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests, helpers included"
)]

mod address;
mod certificate;
mod chain;
mod client_identity;
mod defects;
mod duration;
mod edge_cases;
mod expiration;
mod generate;
mod group;
mod kubeconfig;
mod kubeconfigs;
mod manifest;
mod pin;
mod printed;
mod proxy;
mod secret_in;
mod secret_out;
mod server_keys;
mod signature;
mod tls;
mod token;
mod usage;
mod verbs;
mod worlds;

use std::process::ExitCode;

use conformance::suite::{self, Order};

fn main() -> ExitCode {
    suite::run(
        Order::AnyAtOnce,
        &[
            token::TESTS,
            group::TESTS,
            usage::TESTS,
            duration::TESTS,
            expiration::TESTS,
            secret_out::TESTS,
            secret_in::TESTS,
            defects::TESTS,
            edge_cases::TESTS,
            signature::TESTS,
            pin::TESTS,
            kubeconfig::TESTS,
            kubeconfigs::TESTS,
            printed::TESTS,
            manifest::TESTS,
            proxy::TESTS,
            certificate::TESTS,
            address::TESTS,
            client_identity::TESTS,
            server_keys::TESTS,
            worlds::TESTS,
            verbs::TESTS,
        ],
    )
}
