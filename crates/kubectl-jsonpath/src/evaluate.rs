//! Nodes and data to results.

mod filter;
mod item;
mod range;
mod select;

use serde_json::Value;

use crate::error::{ExecuteError, Fault};
use crate::node::{Node, Part};
pub(crate) use item::{Item, Kind, Numbers, sorted};

pub(crate) struct Options {
    pub(crate) allow_missing_keys: bool,
    pub(crate) numbers: Numbers,
    pub(crate) max_steps: usize,
}

/// The results of each text and action, in the order in which they are printed.
pub(crate) fn results<'a>(
    parts: &'a [Part],
    data: &'a Value,
    options: &Options,
) -> Result<Vec<Vec<Item<'a>>>, ExecuteError> {
    let mut results = Vec::new();
    Evaluator {
        options,
        steps: options.max_steps,
        ranges: range::Ranges::default(),
    }
    .block(parts, 0, Item::Value(data).entered(), &mut results)?;
    Ok(results)
}

struct Evaluator<'o> {
    options: &'o Options,
    /// What is left of them.
    steps: usize,
    ranges: range::Ranges,
}

/// An error, and what the node that failed returns beside it: a filter that asks whether something exists looks
/// at that alone.
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

    fn path(
        &mut self,
        nodes: &'a [Node],
        input: Vec<Item<'a>>,
    ) -> Result<Vec<Item<'a>>, Failure<'a>> {
        nodes
            .iter()
            .try_fold(input, |input, node| self.node(node, input))
    }

    fn node(&mut self, node: &'a Node, input: Vec<Item<'a>>) -> Result<Vec<Item<'a>>, Failure<'a>> {
        self.spend(1 + input.len())?;
        match node {
            Node::Text(text) => Ok(vec![Item::Text(text)]),
            Node::Int(int) => Ok(vec![Item::Int(*int); input.len()]),
            Node::Float(float) => Ok(vec![Item::Float(*float); input.len()]),
            Node::Bool(bool) => Ok(vec![Item::Bool(*bool); input.len()]),
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

    fn union(
        &mut self,
        members: &'a [Vec<Node>],
        input: Vec<Item<'a>>,
    ) -> Result<Vec<Item<'a>>, Failure<'a>> {
        let mut results = Vec::new();
        for member in members {
            self.spend(1 + input.len())?;
            match self.path(member, input.clone()) {
                Ok(found) => results.extend(found),
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
