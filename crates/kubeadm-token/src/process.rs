//! The process: arguments and streams in, an exit code out.

use core::ops::Range;
use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal as _, Read};
use std::process::ExitCode;
use std::time::SystemTime;

use bootstrap_token::{Token, TokenSecret};
use secret_memory::{conceal_process, mask_arguments, use_one_arena};

use crate::cli::{self, Cli, ProgramName, Request};
use crate::context::Context;
use crate::failure::{Failure, io_reason};
use crate::notes::{Notes, Reader};
use crate::output::Output;
use crate::{log, quote, thread};

/// Runs the command with this process's arguments, streams and environment.
pub fn main() -> ExitCode {
    conceal_process();
    use_one_arena();
    let args = std::env::args_os().collect();
    // Before any other thread starts, since a thread could be reading the arguments.
    mask_arguments(secrets);
    thread::run(|| work(args))
}

fn work(args: Vec<OsString>) -> ExitCode {
    if let Some(done) = cli::completion::answer() {
        return done;
    }
    let mut args = args.into_iter();
    let program_name = ProgramName::of(args.next().as_deref());
    let args = args.collect();
    let mut stdout = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut stderr = io::stderr();
    let mut context = Context {
        stdin: &mut Stdin,
        stdout: Output::new(&mut stdout, io::stdout().is_terminal()),
        notes: Notes::new(&mut stderr, Reader::of_process()),
        env: &|name| std::env::var_os(name),
        now: SystemTime::now,
    };
    let result = run(program_name, args, &mut context).and_then(|()| Ok(context.stdout.flush()?));
    let failure = result.err().filter(|failure| !failure.is_output_closed());
    context.end(failure.as_ref(), |help| program_name.speaks(help));
    match failure {
        None => ExitCode::SUCCESS,
        Some(_) => ExitCode::FAILURE,
    }
}

/// Finds token secrets in an argument, which other users of the machine can read.
fn secrets(argument: &[u8]) -> Vec<Range<usize>> {
    let windows = argument.windows(Token::LEN).enumerate();
    let tokens = windows.filter(|(_, text)| Token::from_bytes(text).is_ok());
    tokens
        .map(|(at, _)| at + Token::LEN - TokenSecret::LEN..at + Token::LEN)
        .collect()
}

/// Unbuffered standard input. The buffer of `std` would keep the input until the program ends.
struct Stdin;

impl Read for Stdin {
    #[cfg(unix)]
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        use std::os::fd::AsFd as _;

        let stdin = io::stdin().as_fd().try_clone_to_owned()?;
        std::fs::File::from(stdin).read(into)
    }

    #[cfg(not(unix))]
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        io::stdin().read(into)
    }
}

fn run(
    program_name: ProgramName,
    args: Vec<OsString>,
    context: &mut Context<'_>,
) -> Result<(), Failure> {
    let request = cli::parse(program_name, &args)?;
    drop(args);
    let Cli { verb, global } = match request {
        Request::Run(cli) => *cli,
        Request::Help(text) => {
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
    if global.verbosity > 0 {
        context.notes.tell_all();
    }
    for flag in global.without_effect() {
        context.advise(format_args!("{flag} does nothing here"));
    }
    if let Some(root) = &global.rootfs {
        change_root(root)?;
    }
    let Some(verb) = verb else {
        write!(context.stdout, "{}", cli::long_help(program_name))?;
        return Err(Failure::new("subcommand is required").help("name one of the commands above"));
    };
    verb.run(&global, context)
}

/// Makes `root` the root of all file paths.
#[cfg(unix)]
fn change_root(root: &std::ffi::OsStr) -> Result<(), Failure> {
    let failure = |what: &str, to: &str, error: io::Error| {
        Failure::new(format!("unable to {what} to {to}: {}", io_reason(&error)))
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
