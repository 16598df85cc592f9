//! The harness of the suites: a real control plane, upstream's own functions, both commands behind one
//! interface, and a watch over every byte that was printed. `README.md` tells which suite proves what.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a harness fails by panicking"
)]

pub mod api;
pub mod bench;
pub mod command;
pub mod control_plane;
pub mod demo;
pub mod kubeconfig;
pub mod oracle;
pub mod paths;
pub mod pki;
pub mod property;
pub mod proxy;
pub mod secrets;
pub mod suite;
pub mod transcript;
pub mod wait;
