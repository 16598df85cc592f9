//! Tests the library against scripted servers: a mock connection with a paused clock, and real sockets where hyper and
//! rustls matter.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests, helpers included"
)]

mod cluster_info;
mod create;
mod delete;
mod discover;
mod endless;
mod errors;
mod garbage;
mod get;
mod list;
mod message;
mod repeats;
mod retry;
mod server;

mod sockets;
mod text;
