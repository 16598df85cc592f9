//! The command `kubeadm-token`. All of it is in the library of this crate.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use secret_memory::WipingAllocator;

/// Of the libraries too: parsers, HTTP and TLS keep copies of what they are given, and none of them wipes these.
#[global_allocator]
static ALLOCATOR: WipingAllocator = WipingAllocator;

fn main() -> ExitCode {
    kubeadm_token::main()
}
