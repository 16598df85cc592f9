//! A test binary: a list of named functions, and what is checked when all of them have ended.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

pub use libtest_mimic::Trial;
use libtest_mimic::{Arguments, Failed};

use crate::{control_plane, paths, transcript};

/// A test by its name.
pub type Test = (&'static str, fn());

/// Whether the tests of a binary disturb each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Each minds its own tokens.
    AnyAtOnce,
    /// They stop what others need.
    OneByOne,
}

/// The tests of a module: `tests!["subject": one, another]`. A function that is left out is dead code,
/// which the compiler reports.
#[macro_export]
macro_rules! tests {
    [$subject:literal: $($function:ident),+ $(,)?] => {
        &[$((concat!($subject, "::", stringify!($function)), $function as fn())),+]
    };
}

/// A test that is no function of its own: a case of a table.
pub fn trial(name: impl Into<String>, test: impl FnOnce() + Send + 'static) -> Trial {
    Trial::test(name, move || {
        test();
        Ok::<(), Failed>(())
    })
}

/// The tests of modules.
pub fn trials(modules: &[&'static [Test]]) -> Vec<Trial> {
    let tests = modules.iter().flat_map(|module| module.iter());
    tests
        .map(|(name, function)| trial(*name, function))
        .collect()
}

/// Runs the tests of a binary, then takes down what they shared and looks through everything that was
/// printed for every secret that was made.
pub fn run(order: Order, modules: &[&'static [Test]]) -> ExitCode {
    run_trials(order, trials(modules), Vec::new)
}

/// [`run`] with tests of any kind, and what is found wrong when they have ended.
pub fn run_trials(order: Order, trials: Vec<Trial>, at_end: fn() -> Vec<String>) -> ExitCode {
    if runs_beside() {
        say("runs beside the others");
        return ExitCode::SUCCESS;
    }
    let mut arguments = Arguments::from_args();
    if order == Order::OneByOne {
        arguments.test_threads = Some(1);
    }
    if !arguments.list && !paths::control_plane().is_file() {
        say("run `make control-plane` first");
        return ExitCode::FAILURE;
    }
    let conclusion = libtest_mimic::run(&arguments, trials);
    let mut faults = at_end();
    control_plane::end_shared();
    let leaks = transcript::leaks().into_iter();
    faults.extend(leaks.map(|leak| format!("secret leaked: {leak}")));
    for fault in &faults {
        say(fault);
    }
    if faults.is_empty() && !conclusion.has_failed() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Names the suites that `make test` runs at the same time as all others.
const BESIDE: &str = "SUITES_BESIDE";

/// Whether this is one of them, in the run of the others.
fn runs_beside() -> bool {
    let program = std::env::args().next().unwrap_or_default();
    // cargo puts a hash behind the name.
    let name = Path::new(&program)
        .file_name()
        .and_then(|name| name.to_str());
    let name = name.and_then(|name| name.rsplit_once('-'));
    let beside = std::env::var(BESIDE).unwrap_or_default();
    name.is_some_and(|(name, _)| beside.split_whitespace().any(|other| other == name))
}

fn say(line: &str) {
    // Nobody is left to be told when the terminal is gone.
    let _ = writeln!(io::stderr(), "{line}");
}
