//! The process: arguments and streams in, an exit code out.

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal as _};
use std::process::ExitCode;
use std::time::SystemTime;

use crate::cli::{self, Asked, Called, Cli};
use crate::context::Context;
use crate::failure::{Chain, Failure, words};
use crate::output::Output;
use crate::{log, quote, thread};

/// Runs the command with this process's arguments, streams and environment.
pub fn main() -> ExitCode {
    thread::run(work)
}

fn work() -> ExitCode {
    if let Some(done) = cli::completion::answer() {
        return done;
    }
    let mut words = std::env::args_os();
    let called = Called::by(words.next().as_deref());
    let args: Vec<OsString> = words.collect();
    let mut stdout = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut context = Context {
        stdin: &mut io::stdin(),
        stdout: Output::new(&mut stdout, io::stdout().is_terminal()),
        stderr: &mut io::stderr(),
        env: &|name| std::env::var_os(name),
        now: SystemTime::now,
    };
    let result = run(called, &args, &mut context).and_then(|()| Ok(context.stdout.flush()?));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) if failure.is_output_closed() => ExitCode::SUCCESS,
        Err(failure) => {
            context.note(format_args!("error: {}", Chain(&failure)));
            if let Some(help) = failure.remedy() {
                context.note(format_args!("help: {}", called.speaks(help)));
            }
            ExitCode::FAILURE
        }
    }
}

fn run(called: Called, args: &[OsString], context: &mut Context<'_>) -> Result<(), Failure> {
    let Cli { verb, global } = match cli::parse(called, args)? {
        Asked::Run(cli) => *cli,
        Asked::Help(text) => {
            write!(context.stdout, "{text}")?;
            return Ok(());
        }
    };
    if global
        .version
        .as_deref()
        .is_some_and(|value| value != "false")
    {
        writeln!(
            context.stdout,
            "{} {}",
            cli::NAME,
            env!("CARGO_PKG_VERSION")
        )?;
        return Ok(());
    }
    log::start(global.verbosity, context.now);
    for flag in global.without_effect() {
        context.warn(format_args!("{flag} does nothing here"));
    }
    if let Some(root) = &global.rootfs {
        change_root(root)?;
    }
    let Some(verb) = verb else {
        write!(context.stdout, "{}", cli::long_help(called))?;
        return Err(Failure::new("subcommand is required").help("name one of the commands above"));
    };
    verb.run(&global, context)
}

/// All files are then looked for under `root`.
#[cfg(unix)]
fn change_root(root: &std::ffi::OsStr) -> Result<(), Failure> {
    let failure = |what: &str, to: &str, error: io::Error| {
        Failure::new(format!("unable to {what} to {to}: {}", words(&error)))
            .help("--rootfs is a directory, and only root may go there; leave it out to stay here")
    };
    if root.is_empty() {
        return Ok(());
    }
    std::os::unix::fs::chroot(root)
        .map_err(|error| failure("chroot", &quote::shown_path(root.as_ref()), error))?;
    std::env::set_current_dir("/").map_err(|error| failure("chdir", "/", error))
}

#[cfg(not(unix))]
fn change_root(_: &std::ffi::OsStr) -> Result<(), Failure> {
    Err(Failure::new("--rootfs is not possible on this system").help("leave it out"))
}
