//! The command `kubeadm-token`. All of it is in the library of this crate.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    kubeadm_token::main()
}
