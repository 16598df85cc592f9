//! Runs one command to its end and prints, as JSON, what the operating system says that it took.
//!
//! A program of its own, and a small one: on Linux a process starts with the peak memory of the one that it
//! was started from.
#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "its purpose")]

use std::env;
use std::io;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use wait4::Wait4;

fn main() -> io::Result<ExitCode> {
    let mut words = env::args_os().skip(1);
    let program = words
        .next()
        .ok_or_else(|| io::Error::other("usage: measure PROGRAM ARG..."))?;
    let mut command = Command::new(program);
    command
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null());
    let began = Instant::now();
    let used = command.spawn()?.wait4()?;
    let wall = began.elapsed();
    let cpu = used.rusage.utime + used.rusage.stime;
    println!(
        r#"{{"wall_us":{},"cpu_us":{},"peak_bytes":{}}}"#,
        wall.as_micros(),
        cpu.as_micros(),
        used.rusage.maxrss
    );
    Ok(if used.status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
