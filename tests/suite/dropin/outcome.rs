//! One run of one program.

use std::ffi::OsString;
use std::time::{Duration, SystemTime};

use bootstrap_token::Token;
use conformance::command::{self, Command, Program};

use crate::case::Start;
use crate::cluster;
use crate::names::Names;

/// What was seen of it, with the names of the case put back.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The Secrets before and after it.
    pub(crate) before: String,
    pub(crate) cluster: String,
    /// Those that it told or wrote, in seconds since 1970.
    pub(crate) times: Vec<i64>,
    pub(crate) began: SystemTime,
    pub(crate) took: Duration,
}

/// Runs a program on what is there, and takes away what it has made.
pub(crate) fn run(program: Program, words: &[OsString], start: &Start, names: &mut Names) -> Seen {
    let there = cluster::put(&start.secrets, names);
    let began = SystemTime::now();
    let output = command(program, words, start, names).run();
    let mut tokens = made(&output.stdout, names);
    if let [token] = &tokens[..] {
        names.add_new(token);
    }
    // Of the case's, only those that it names can have been written.
    let given = names.expand(&format!("{words:?} {start:?}"));
    let of_case = names.tokens.iter();
    let of_case = of_case.filter(|token| given.contains(token.id().as_str()));
    tokens.extend(of_case.cloned());
    let after = cluster::take(&there, &tokens);
    let before = cluster::tell_all(&there);
    let known = format!("{:?}", start.secrets);
    let mut times = Vec::new();
    let mut fold = |text: &str| {
        let folded = names.fold(text, &known);
        times.extend(folded.times);
        folded.text
    };
    Seen {
        stdout: fold(&output.stdout),
        stderr: fold(&output.stderr),
        cluster: fold(&after),
        before: fold(&before),
        // A program that was killed has no code of its own.
        exit: output.code.unwrap_or(-1),
        times,
        began,
        took: output.elapsed,
    }
}

fn command(program: Program, words: &[OsString], start: &Start, names: &mut Names) -> Command {
    let mut command = match program {
        Program::Kubeadm => command::kubeadm(words),
        _ => command::ours_as_kubeadm(words),
    };
    let mut env = start.env.clone();
    env.entry("KUBECONFIG".to_owned())
        .or_insert_with(|| Some("{admin}".to_owned()));
    env.entry("HOME".to_owned())
        .or_insert_with(|| Some("{dir}".to_owned()));
    for (name, value) in &env {
        if let Some(value) = value {
            command = command.env(name, names.expand(value));
        }
    }
    command
        .stdin(names.expand(&start.stdin))
        // It is compared to the byte, with what may be a token of the case.
        .prints_token()
}

/// Tokens in what was printed that are not the case's.
fn made(stdout: &str, names: &Names) -> Vec<Token> {
    stdout
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '.')
        .filter_map(|word| word.parse().ok())
        .filter(|token| !names.tokens.contains(token))
        .collect()
}
