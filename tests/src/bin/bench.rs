//! `make bench`: our command against kubeadm and single functions against upstream's, on one control plane.
#![forbid(unsafe_code)]

use std::io;
use std::process::ExitCode;

use conformance::bench;

fn main() -> io::Result<ExitCode> {
    Ok(if bench::run(&mut io::stdout())? {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
