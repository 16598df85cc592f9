//! Upstream's engine, and properties that are asked of it in batches: thousands of inputs generated, put to
//! upstream in one go and compared; the first that differs is made as small as it can be.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::{env, thread};

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

/// Generated inputs for each property, unless the variable `INPUTS` has another number.
const INPUTS: usize = 10_000;

/// What a comparison says when both agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Agreed {
    /// Upstream and we rendered the input.
    Accepted,
    /// Upstream and we refused it, in the same words.
    Refused,
    /// Upstream panics, we do not.
    Excluded,
}

/// Puts generated inputs to upstream and compares each answer. Of a hundred inputs at least `accepted` and
/// `refused` must have been so, or the property says nothing.
#[track_caller]
pub(crate) fn holds<S: Strategy>(
    accepted: usize,
    refused: usize,
    strategy: S,
    request: impl Fn(&S::Value) -> Value,
    compare: impl Fn(&S::Value, &Value) -> Result<Agreed, String>,
) {
    let inputs = env::var("INPUTS").map_or(INPUTS, |inputs| inputs.parse().unwrap());
    let mut oracle = Oracle::start();
    let mut runner = TestRunner::default();
    let trees: Vec<_> = (0..inputs)
        .map(|_| strategy.new_tree(&mut runner).unwrap())
        .collect();
    let asked: Vec<_> = trees.iter().map(|tree| request(&tree.current())).collect();
    let answers = oracle.ask_all(&asked);
    let (mut were_accepted, mut were_refused) = (0, 0);
    for (mut tree, answer) in trees.into_iter().zip(answers) {
        match compare(&tree.current(), &answer) {
            Ok(Agreed::Accepted) => were_accepted += 1,
            Ok(Agreed::Refused) => were_refused += 1,
            Ok(Agreed::Excluded) => {}
            Err(_) => smallest(&mut oracle, &mut tree, &request, &compare),
        }
    }
    println!("{inputs} inputs, {were_accepted} rendered, {were_refused} refused");
    assert!(
        were_accepted * 100 >= inputs * accepted && were_refused * 100 >= inputs * refused,
        "of {inputs} inputs {were_accepted} were accepted and {were_refused} refused"
    );
}

/// Shrinks an input that differs, one question at a time, and reports the smallest.
#[track_caller]
fn smallest<T: ValueTree>(
    oracle: &mut Oracle,
    tree: &mut T,
    request: impl Fn(&T::Value) -> Value,
    compare: impl Fn(&T::Value, &Value) -> Result<Agreed, String>,
) {
    let mut report = String::new();
    for _ in 0..4_096 {
        let input = tree.current();
        let answer = oracle.ask(&request(&input));
        let moved = match compare(&input, &answer) {
            Err(difference) => {
                report = format!("{difference}\ninput: {input:?}\nupstream: {answer}");
                tree.simplify()
            }
            Ok(_) => tree.complicate(),
        };
        if !moved {
            break;
        }
    }
    panic!("{report}");
}

/// A process that answers until it is dropped.
pub(crate) struct Oracle {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Oracle {
    pub(crate) fn start() -> Self {
        let target = env::var_os("CARGO_TARGET_DIR").map_or_else(
            || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target")),
            PathBuf::from,
        );
        let mut child = Command::new(target.join("control-plane"))
            .arg("oracle")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("run `make control-plane` first");
        Self {
            requests: child.stdin.take(),
            answers: BufReader::new(child.stdout.take().unwrap()),
            child,
        }
    }

    pub(crate) fn ask(&mut self, request: &Value) -> Value {
        self.ask_all(std::slice::from_ref(request)).remove(0)
    }

    /// Any number of questions, written by one thread while the answers are read by another.
    pub(crate) fn ask_all(&mut self, requests: &[Value]) -> Vec<Value> {
        let Self {
            requests: to,
            answers,
            ..
        } = self;
        let to = to.as_mut().unwrap();
        thread::scope(|scope| {
            scope.spawn(move || {
                let mut to = BufWriter::new(to);
                for request in requests {
                    serde_json::to_writer(&mut to, request).unwrap();
                    to.write_all(b"\n").unwrap();
                }
                to.flush().unwrap();
            });
            let mut line = String::new();
            requests
                .iter()
                .map(|request| {
                    line.clear();
                    answers.read_line(&mut line).unwrap();
                    let answer: Value = serde_json::from_str(&line)
                        .unwrap_or_else(|error| panic!("{request}: {error}: {line:?}"));
                    assert!(answer.get("bad_request").is_none(), "{request}: {answer}");
                    answer
                })
                .collect()
        })
    }
}

impl Drop for Oracle {
    fn drop(&mut self) {
        drop(self.requests.take());
        let _ = self.child.wait();
    }
}
