//! `{range}` and `{end}`: how often parts are evaluated, and on what data.
//!
//! Like upstream, counts them during evaluation. The counters define what a `range` in a filter, two in one action, or
//! one without an end does.

use super::{Evaluator, Item};
use crate::error::{ExecuteError, Fault};
use crate::node::Part;

/// The deepest nesting of ranges. Each one takes a stack frame.
const DEPTH: usize = 100;

#[derive(Default)]
pub(super) struct Ranges {
    /// Ranges reached but not yet looped over.
    begun: usize,
    /// Ranges in their loop.
    inside: usize,
    /// Ends reached but not yet handled.
    ended: usize,
    /// The end of the last block.
    last_end: Option<usize>,
}

impl Ranges {
    pub(super) fn begin(&mut self) {
        self.begun += 1;
    }

    pub(super) fn end(&mut self) -> Result<(), Fault> {
        if self.inside == 0 {
            return Err(Fault::NothingToEnd);
        }
        self.ended += 1;
        Ok(())
    }
}

impl<'a> Evaluator<'_> {
    /// Evaluates the parts from one of them to the end of its block.
    pub(super) fn block(
        &mut self,
        parts: &'a [Part],
        from: usize,
        data: Item<'a>,
    ) -> Result<(), ExecuteError> {
        let mut at = from;
        while let Some(part) = parts.get(at) {
            let found = self.part(part, data)?;
            if self.ranges.ended > 0 && self.ranges.ended <= self.ranges.inside {
                self.ranges.ended -= 1;
                self.ranges.last_end = Some(at);
                break;
            }
            if self.ranges.begun > 0 {
                self.ranges.begun -= 1;
                self.repeat(parts, at + 1, &found)?;
                // Continue after the last end. Without one, the block runs once more.
                at = self.ranges.last_end.map_or(at, |end| end.max(at));
            } else {
                self.printer.print(&found)?;
            }
            at += 1;
        }
        Ok(())
    }

    fn repeat(
        &mut self,
        parts: &'a [Part],
        from: usize,
        over: &[Item<'a>],
    ) -> Result<(), ExecuteError> {
        self.ranges.inside += 1;
        if self.ranges.inside > DEPTH {
            return Err(Fault::TooManyRanges.into());
        }
        let held = self.held;
        self.hold(over.len())?;
        for item in over {
            self.block(parts, from, item.entered())?;
        }
        if over.is_empty() {
            // Evaluated once on nothing, to find its end. Its errors count.
            let printed = self.printer.length();
            self.block(parts, from, Item::Absent)?;
            self.printer.truncate(printed);
        }
        self.held = held;
        self.ranges.inside -= 1;
        Ok(())
    }

    fn part(&mut self, part: &'a Part, data: Item<'a>) -> Result<Vec<Item<'a>>, ExecuteError> {
        match part {
            Part::Text(text) => {
                self.spend(1)?;
                Ok(vec![Item::Text(text)])
            }
            Part::Action(nodes) => {
                self.spend(1)?;
                self.path(nodes, vec![data])
                    .map_err(|failure| failure.error)
            }
        }
    }
}
