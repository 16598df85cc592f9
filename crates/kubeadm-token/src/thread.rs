//! The thread that the command runs on, and the message when it panics.

use std::io::{self, Write as _};
use std::panic::{self, AssertUnwindSafe, Location, PanicHookInfo};
use std::process::ExitCode;
use std::thread::Builder;

use crate::failure::io_reason;

/// Usual size of a main thread's stack, whatever `ulimit -s` says.
const STACK: usize = 8 << 20;

/// Exit code of a Rust program that panics.
const PANICKED: u8 = 101;

/// Runs `work` on a thread with enough stack.
pub(crate) fn run(work: impl FnOnce() -> ExitCode + Send + 'static) -> ExitCode {
    let with_backtrace = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        tell(panicked);
        if std::env::var_os("RUST_BACKTRACE").is_some_and(|value| value != "0") {
            with_backtrace(panicked);
        }
    }));
    match Builder::new().stack_size(STACK).spawn(work) {
        Ok(thread) => thread.join().unwrap_or(ExitCode::from(PANICKED)),
        Err(error) => {
            lines(&[
                &format!("error: cannot start a thread: {}", io_reason(&error)),
                "help: raise the limit of processes (`ulimit -u`) or of memory (`ulimit -v`)",
            ]);
            ExitCode::FAILURE
        }
    }
}

/// Returns the result of `work`. `None` if it panics: the panic's message is not printed.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let returned = panic::catch_unwind(AssertUnwindSafe(work));
    panic::set_hook(hook);
    returned.ok()
}

fn tell(panicked: &PanicHookInfo<'_>) {
    lines(&[
        &fault(panicked.location()),
        "help: this is a bug in kubeadm-token: report it, and how you ran the command",
    ]);
}

/// Names the place of a panic and nothing else: the message may hold a token secret.
fn fault(place: Option<&Location<'_>>) -> String {
    let place = place.map_or_else(String::new, |place| {
        let file = place.file().rsplit(['/', '\\']).next().unwrap_or_default();
        format!(" at {file}:{}", place.line())
    });
    format!("error: internal error{place}")
}

/// Writes lines to standard error. Ignores a failure, which cannot be reported.
fn lines(lines: &[&str]) {
    for line in lines {
        let _: io::Result<()> = writeln!(io::stderr(), "{line}");
    }
}

#[cfg(test)]
mod tests {
    use std::panic::Location;

    use super::{caught, fault};

    #[test]
    fn of_a_fault_the_place_is_told_without_its_folder() {
        let here = Location::caller();
        let said = format!("error: internal error at thread.rs:{}", here.line());
        assert_eq!(fault(Some(here)), said);
        assert_eq!(fault(None), "error: internal error");
    }

    #[test]
    fn a_panic_is_caught() {
        assert_eq!(caught(|| 1), Some(1));
        assert_eq!(caught(|| -> i32 { panic!("as told") }), None);
    }
}
