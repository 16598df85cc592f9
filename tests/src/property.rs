//! Properties that are asked in batches: thousands of inputs generated, put to upstream in one go and
//! compared; the first that differs is made as small as it can be.

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::oracle::{Answer, Oracle};

/// Generated inputs for a property, unless it asks for another number.
pub const INPUTS: usize = 6_000;

/// What a comparison says when both agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Agreed {
    /// Upstream and we took the input.
    Accepted,
    /// Upstream and we refused it.
    Refused,
    /// An intended difference, or nothing to compare; never more than a few.
    Excluded,
}

impl Agreed {
    /// Of two verdicts.
    ///
    /// # Errors
    /// They differ.
    pub fn on(upstream: bool, ours: bool) -> Result<Self, String> {
        match (upstream, ours) {
            (true, true) => Ok(Agreed::Accepted),
            (false, false) => Ok(Agreed::Refused),
            (true, false) => Err("upstream takes it, we do not".to_owned()),
            (false, true) => Err("we take it, upstream does not".to_owned()),
        }
    }
}

/// How the inputs of a property must be spread, so that it says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// At least one in twenty was accepted, and one in twenty refused.
    Both,
    /// There is nothing to refuse.
    AllAccepted,
}

/// Puts [`INPUTS`] inputs to upstream and compares each answer.
#[track_caller]
pub fn holds<S: Strategy, const N: usize>(
    spread: Spread,
    strategy: S,
    requests: impl Fn(&S::Value) -> [Value; N],
    compare: impl Fn(&S::Value, &[Answer; N]) -> Result<Agreed, String>,
) {
    holds_for(INPUTS, spread, strategy, requests, compare);
}

/// [`holds`] for another number of inputs.
#[track_caller]
pub fn holds_for<S: Strategy, const N: usize>(
    inputs: usize,
    spread: Spread,
    strategy: S,
    requests: impl Fn(&S::Value) -> [Value; N],
    compare: impl Fn(&S::Value, &[Answer; N]) -> Result<Agreed, String>,
) {
    let mut oracle = Oracle::start();
    let mut runner = TestRunner::default();
    let trees: Vec<_> = (0..inputs)
        .map(|_| {
            strategy
                .new_tree(&mut runner)
                .expect("a strategy that generates")
        })
        .collect();
    let asked: Vec<_> = trees.iter().flat_map(|t| requests(&t.current())).collect();
    let answers = oracle.ask_all(&asked);
    let (mut accepted, mut refused) = (0, 0);
    for (mut tree, answers) in trees.into_iter().zip(answers.chunks_exact(N)) {
        let answers = <&[Answer; N]>::try_from(answers).expect("chunks of N");
        match compare(&tree.current(), answers) {
            Ok(Agreed::Accepted) => accepted += 1,
            Ok(Agreed::Refused) => refused += 1,
            Ok(Agreed::Excluded) => {}
            Err(_) => smallest(&mut oracle, &mut tree, &requests, &compare),
        }
    }
    let spread_well = match spread {
        Spread::Both => accepted >= inputs / 20 && refused >= inputs / 20,
        Spread::AllAccepted => accepted >= inputs / 2 && refused == 0,
    };
    assert!(
        spread_well,
        "of {inputs} inputs {accepted} were accepted and {refused} refused, want {spread:?}"
    );
}

/// Shrinks an input that differs, one question at a time, and reports the smallest.
#[track_caller]
fn smallest<T: ValueTree, const N: usize>(
    oracle: &mut Oracle,
    tree: &mut T,
    requests: impl Fn(&T::Value) -> [Value; N],
    compare: impl Fn(&T::Value, &[Answer; N]) -> Result<Agreed, String>,
) {
    let mut report = String::new();
    for _ in 0..4_096 {
        let input = tree.current();
        let asked = requests(&input);
        let answers = oracle
            .ask_all(&asked)
            .try_into()
            .expect("as many answers as requests");
        let moved = match compare(&input, &answers) {
            Err(difference) => {
                report = format!("{difference}\ninput: {input:?}\nupstream: {answers:?}");
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
