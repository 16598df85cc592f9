//! Conceals the process. In a separate program, since this is permanent.
#![cfg(target_os = "linux")]
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    reason = "the test asks the system what was set"
)]

use std::fs;

use secret_memory::{conceal_process, mask_arguments};

fn is_dumpable() -> bool {
    // SAFETY: it takes and returns a number.
    unsafe { libc::prctl(libc::PR_GET_DUMPABLE) == 1 }
}

#[test]
fn no_core_dump_and_no_debugger() {
    assert!(is_dumpable());
    conceal_process();
    assert!(!is_dumpable());
    let limits = fs::read_to_string("/proc/self/limits").unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    assert_eq!(core.unwrap().split_whitespace().nth(4), Some("0"));
}

#[test]
fn arguments_are_unchanged_with_a_second_thread() {
    let before: Vec<_> = std::env::args_os().collect();
    // A test runs in its own thread.
    mask_arguments(|argument| core::iter::once(0..argument.len()));
    assert!(before.iter().cloned().eq(std::env::args_os()));
}
