//! The command as its users meet it: a process, its output to the byte, and a small API server on loopback
//! that answers as it is told.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests, helpers included"
)]

mod arguments;
mod broken_secrets;
#[cfg(target_os = "linux")]
mod budgets;
mod completion;
mod config;
mod created_object;
mod credentials;
mod diagnose;
mod discover;
mod dry_run;
mod fake_proxy;
mod fake_server;
mod help;
#[cfg(unix)]
mod hostile_text;
mod join_command;
mod kubeconfig_faults;
#[cfg(unix)]
mod large;
#[cfg(unix)]
mod limits;
mod manifest;
#[cfg(target_os = "linux")]
mod memory;
mod notes;
mod pin;
mod process;
mod proxy;
mod pty;
mod refusals;
mod secrecy;
mod sign;
mod streams;
#[cfg(unix)]
mod terminal;
mod verbs;
mod waiting;
