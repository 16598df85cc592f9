//! The command `kubeadm-token`. All of it is in the library of this crate.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use secret_memory::WipingAllocator;

/// Wipes memory of libraries too: parsers, HTTP and TLS keep copies of their input and do not wipe them.
#[global_allocator]
static ALLOCATOR: WipingAllocator = WipingAllocator;

fn main() -> ExitCode {
    kubeadm_token::main()
}
