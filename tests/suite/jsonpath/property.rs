//! Upstream's engine, and properties that are asked of it in batches: thousands of inputs generated, put to
//! upstream in one go and compared; the first that differs is made as small as it can be.

use std::env;

use conformance::oracle::{self, Answer};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

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

/// Upstream, with its answers as JSON: `{"ok": …}`, `{"error": …}` or `{"panic": …}`.
pub(crate) struct Oracle(oracle::Oracle);

impl Oracle {
    pub(crate) fn start() -> Self {
        Self(oracle::Oracle::start())
    }

    pub(crate) fn ask(&mut self, request: &Value) -> Value {
        self.ask_all(std::slice::from_ref(request)).remove(0)
    }

    pub(crate) fn ask_all(&mut self, requests: &[Value]) -> Vec<Value> {
        let answers = self.0.ask_all(requests).into_iter();
        answers
            .map(|answer| match answer {
                Answer::Ok(value) => json!({"ok": value}),
                Answer::Error(text) => json!({"error": text}),
                Answer::Panic(text) | Answer::BadRequest(text) => json!({"panic": text}),
            })
            .collect()
    }
}
