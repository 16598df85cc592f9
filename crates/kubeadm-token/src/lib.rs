//! The command `kubeadm-token`: see the crate's README.
//!
//! This library is the command's own and keeps no promise of compatibility: depend on `bootstrap-token-kube` instead.

#![forbid(unsafe_code)]

mod address;
mod api_server;
mod cli;
mod command;
mod context;
mod dry_run;
mod duration;
mod failure;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod kubeconfig;
mod log;
mod notes;
mod output;
mod pem_help;
mod prefetch;
mod printer;
mod process;
mod quote;
mod read_limited;
mod stack_wipe;
mod thread;
mod utc;
mod wait_line;
mod yaml;

pub use process::main;
/// For tests that compare them with client-go.
#[doc(hidden)]
pub use {address::respelled, kubeconfig::facts as kubeconfig_facts};
