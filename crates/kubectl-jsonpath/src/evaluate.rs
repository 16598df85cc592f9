//! Evaluates nodes on data.

mod filter;
mod item;
mod range;
mod select;

use serde_json::Value;

use crate::error::{ExecuteError, Fault};
use crate::node::{Node, Part};
use crate::print::Printer;
pub(crate) use item::{Item, Kind, Numbers, sorted};

pub(crate) struct Options {
    pub(crate) allow_missing_keys: bool,
    pub(crate) numbers: Numbers,
    pub(crate) max_steps: usize,
    pub(crate) max_results: usize,
}

/// Prints the results of each text and action at once, in order, without keeping them.
pub(crate) fn print<'a>(
    parts: &'a [Part],
    data: &'a Value,
    options: &Options,
    printer: &mut Printer,
) -> Result<(), ExecuteError> {
    Evaluator {
        options,
        printer,
        steps: options.max_steps,
        held: 0,
        ranges: range::Ranges::default(),
    }
    .block(parts, 0, Item::Value(data).entered())
}

struct Evaluator<'o> {
    options: &'o Options,
    printer: &'o mut Printer,
    /// The number of steps left.
    steps: usize,
    /// The number of results in memory.
    held: usize,
    ranges: range::Ranges,
}

/// An error, with the results that the failed node returns. A filter that tests for existence uses only these.
struct Failure<'a> {
    returned: Vec<Item<'a>>,
    error: ExecuteError,
}

impl From<ExecuteError> for Failure<'_> {
    fn from(error: ExecuteError) -> Self {
        Self {
            returned: Vec::new(),
            error,
        }
    }
}

impl From<Fault> for Failure<'_> {
    fn from(fault: Fault) -> Self {
        ExecuteError::from(fault).into()
    }
}

fn failed(returned: Vec<Item<'_>>, fault: Fault) -> Failure<'_> {
    Failure {
        returned,
        error: fault.into(),
    }
}

impl<'a> Evaluator<'_> {
    fn spend(&mut self, steps: usize) -> Result<(), ExecuteError> {
        self.steps = self.steps.checked_sub(steps).ok_or(Fault::TooManySteps)?;
        Ok(())
    }

    /// Counts results that are kept from now on.
    fn hold(&mut self, results: usize) -> Result<(), ExecuteError> {
        self.held = self.held.saturating_add(results);
        if self.held > self.options.max_results {
            return Err(Fault::TooManyResults.into());
        }
        Ok(())
    }

    /// The caller counts the result.
    fn path(
        &mut self,
        nodes: &'a [Node],
        input: Vec<Item<'a>>,
    ) -> Result<Vec<Item<'a>>, Failure<'a>> {
        let held = self.held;
        let outcome = nodes.iter().try_fold(input, |input, node| {
            // Only the results of the last step remain.
            self.held = held;
            self.hold(input.len())?;
            self.node(node, input)
        });
        self.held = held;
        outcome
    }

    fn node(&mut self, node: &'a Node, input: Vec<Item<'a>>) -> Result<Vec<Item<'a>>, Failure<'a>> {
        self.spend(1 + input.len())?;
        match node {
            Node::Text(text) => Ok(vec![Item::Text(text)]),
            Node::Int(int) => self.literal(Item::Int(*int), &input),
            Node::Float(float) => self.literal(Item::Float(*float), &input),
            Node::Bool(bool) => self.literal(Item::Bool(*bool), &input),
            Node::Field(name) => self.field(name, &input),
            Node::Slice(slice) => self.slice(*slice, input),
            Node::Wildcard => self.wildcard(&input),
            Node::Recursive => self.recursive(input),
            Node::Filter(filter) => self.filter(filter, input),
            Node::Union(members) => self.union(members, input),
            Node::Range => {
                self.ranges.begin();
                Ok(input)
            }
            Node::End => {
                self.ranges.end()?;
                Ok(Vec::new())
            }
            Node::Word(name) => Err(failed(input, Fault::UnknownIdentifier(name.clone()))),
        }
    }

    fn literal(
        &mut self,
        literal: Item<'a>,
        input: &[Item<'a>],
    ) -> Result<Vec<Item<'a>>, Failure<'a>> {
        self.hold(input.len())?;
        Ok(vec![literal; input.len()])
    }

    fn union(
        &mut self,
        members: &'a [Vec<Node>],
        input: Vec<Item<'a>>,
    ) -> Result<Vec<Item<'a>>, Failure<'a>> {
        let mut results = Vec::new();
        for member in members {
            self.spend(1 + input.len())?;
            match self.path(member, input.clone()) {
                Ok(found) => {
                    self.hold(found.len())?;
                    results.extend(found);
                }
                Err(Failure { error, .. }) => {
                    return Err(Failure {
                        returned: input,
                        error,
                    });
                }
            }
        }
        Ok(results)
    }
}
