//! The library against a server that follows a script: a mock in place of the connection, with the clock
//! stopped, and real sockets where hyper and rustls have a say.
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
