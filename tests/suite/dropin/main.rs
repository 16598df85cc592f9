//! One suite, two binaries: each case under `cases/` is run by the real kubeadm and by our command in its place,
//! called `kubeadm`, on the same control plane and from the same state. What they print, say and write is the same, or the case names a
//! section of `docs/DIFFERENCES.md`. `cases/README.md` tells how a case is written.
#![forbid(unsafe_code)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "tests, helpers included"
)]

mod case;
mod cluster;
mod compare;
mod line;
mod names;
mod outcome;
mod page;
mod rules;
mod script;
mod trial;

use std::process::ExitCode;

use conformance::suite::{self, Order, Trial};

fn main() -> ExitCode {
    let files = case::files();
    let page = page::Page::new(&files);
    let mut trials: Vec<Trial> = vec![
        suite::trial("page", move || page.fits()),
        suite::trial("compare", compare::finds_what_is_planted),
        suite::trial("script", script::runs_unchanged),
    ];
    trials.extend(trial::of_files(files));
    suite::run_trials(Order::AnyAtOnce, trials, cluster::nothing_is_left)
}
