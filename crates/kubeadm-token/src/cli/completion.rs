//! Completion in bash, zsh and fish, and for kubectl. The shell asks this program through an environment variable. So
//! the answers come from the definitions of the flags, and the token IDs from the cluster.

mod kubectl;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, SystemTime};

use bootstrap_token_kube::Escaped;
use clap::{Arg, ValueHint};
use clap_complete::{ArgValueCandidates, CompleteEnv, CompletionCandidate};
use futures::TryStreamExt as _;

use super::{NAME, ProgramName};
use crate::api_server::{self, ApiServer};
use crate::context::Context;
use crate::failure::Failure;
use crate::notes::{Notes, Reader};
use crate::output::Output;
use crate::quote;

/// Set to `bash`, `zsh` or `fish`, asks for the shell's script. With words after `--`, asks for the candidates.
const VARIABLE: &str = "KUBEADM_TOKEN_COMPLETE";

/// Timeout for the cluster: nobody waits longer at a prompt.
const PATIENCE: Duration = Duration::from_secs(2);

/// Answers a shell or kubectl. `None` if neither asks.
pub(crate) fn answer() -> Option<ExitCode> {
    if let Some(done) = kubectl::answer() {
        return Some(done);
    }
    let answer = CompleteEnv::with_factory(super::command)
        .var(VARIABLE)
        .bin(NAME)
        .completer(NAME)
        .try_complete(env::args_os(), env::current_dir().ok().as_deref());
    match answer {
        Ok(false) => None,
        Ok(true) => Some(ExitCode::SUCCESS),
        Err(error) => {
            let line = format!("{}\n", quote::one_line(error.to_string().trim_end()));
            let _: io::Result<()> = io::stderr().write_all(line.as_bytes());
            Some(ExitCode::FAILURE)
        }
    }
}

/// Flags whose value is a file.
const FILES: [&str; 6] = [
    "config",
    "ca-file",
    "discovery-file",
    "kubeconfig",
    "out-file",
    "token-file",
];

/// Adds the candidates of a flag's value: files, or the values that its help names. A flag with candidates of its own
/// keeps them.
pub(super) fn values(arg: Arg) -> Arg {
    if arg.get::<ArgValueCandidates>().is_some() {
        return arg;
    }
    let long = arg.get_long().unwrap_or_default();
    if FILES.contains(&long) {
        return arg.value_hint(ValueHint::FilePath);
    }
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let named = ["One of: ", "Valid options: ["]
        .into_iter()
        .find_map(|start| {
            let (_, rest) = help.split_once(start)?;
            let end = rest.find(['.', ']', ';'])?;
            Some(rest[..end].split(['|', ',']).map(str::to_owned).collect())
        });
    match named {
        Some(values) => {
            let values: Vec<String> = values;
            let candidates = move || values.iter().map(CompletionCandidate::new).collect();
            arg.add(ArgValueCandidates::new(candidates))
        }
        None => arg,
    }
}

/// Returns the token IDs in the cluster with their descriptions. Empty on any error: a shell shows none.
pub(crate) fn ids() -> Vec<CompletionCandidate> {
    let access = access(typed());
    // Runs on its own thread: a kubeconfig that is a pipe may block it for ever. The process ends after the answer.
    let (answer, answers) = mpsc::channel();
    let asking = thread::Builder::new().spawn(move || answer.send(ask(&access)));
    if asking.is_err() {
        return Vec::new(); // the system gives no thread
    }
    let answer = answers.recv_timeout(PATIENCE);
    answer.ok().and_then(Result::ok).unwrap_or_default()
}

/// Returns what has been typed. kubectl passes it as it is, a shell passes it after `--`.
fn typed() -> Vec<OsString> {
    let mut words = env::args_os();
    if ProgramName::of(words.next().as_deref()) == ProgramName::KubectlCompletion {
        return words.collect();
    }
    words.skip_while(|word| word != "--").skip(1).collect()
}

/// Returns the typed flags that select the cluster.
fn access(typed: Vec<OsString>) -> Vec<OsString> {
    const FLAGS: [&str; 2] = ["--kubeconfig", "--context"];
    let mut flags = Vec::new();
    let mut typed = typed.into_iter();
    while let Some(word) = typed.next() {
        let text = word.to_string_lossy();
        let is_flag = |flag: &str| text == flag;
        let has_value = |flag: &str| {
            text.strip_prefix(flag)
                .is_some_and(|value| value.starts_with('='))
        };
        if FLAGS.into_iter().any(has_value) {
            flags.push(word);
        } else if FLAGS.into_iter().any(is_flag)
            && let Some(value) = typed.next()
        {
            flags.extend([word, value]);
        }
    }
    flags
}

fn ask(access: &[OsString]) -> Result<Vec<CompletionCandidate>, Failure> {
    let words = [&["list".into()], access].concat();
    let cli = super::read(&words).map_err(|_| Failure::new("no kubeconfig"))?;
    let (mut nowhere, mut unheard) = (io::sink(), io::sink());
    let mut context = Context {
        stdin: &mut io::empty(),
        stdout: Output::new(&mut nowhere, false),
        notes: Notes::new(&mut unheard, Reader::Program),
        env: &|name| env::var_os(name),
        now: SystemTime::now,
    };
    api_server::run(async {
        let server = ApiServer::without_plugin(&cli.global, &mut context)?;
        let pages = server.tokens.list().try_collect::<Vec<_>>().await;
        let pages = pages.map_err(|error| server.failure("cannot list", &error))?;
        let of = |stored: bootstrap_token_kube::Stored| {
            let token = stored.token().ok()?;
            let id = token.token().id().to_string();
            Some(
                CompletionCandidate::new(id)
                    .help(Some(Escaped(token.description()).to_string().into())),
            )
        };
        let stored = pages.into_iter().flatten().filter_map(Result::ok);
        Ok(stored.filter_map(of).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cluster_that_was_typed_is_the_one_that_is_asked() {
        for (typed, found) in [
            (&["kubeadm-token", "delete", ""][..], &[][..]),
            (
                &["x", "--kubeconfig", "a", "delete"],
                &["--kubeconfig", "a"],
            ),
            (&["x", "--kubeconfig=a", "delete"], &["--kubeconfig=a"]),
            (
                &["x", "--context", "c", "--kubeconfig=a", "--contexts", "d"],
                &["--context", "c", "--kubeconfig=a"],
            ),
            (&["x", "delete", "--kubeconfig"], &[]),
        ] {
            let typed = typed.iter().map(OsString::from).collect();
            assert_eq!(access(typed), found);
        }
    }
}
