//! The steps from values to values inside them.

use serde_json::Value;

use super::item::Kind;
use super::{Evaluator, Failure, Item, failed};
use crate::error::Fault;
use crate::node::Slice;

impl<'a> Evaluator<'_> {
    pub(super) fn field(
        &mut self,
        name: &str,
        input: &[Item<'a>],
    ) -> Result<Vec<Item<'a>>, Failure<'a>> {
        let values = input.iter().filter_map(|item| match item {
            Item::Value(Value::Object(map)) => map.get(name).map(Item::Value),
            _ => None,
        });
        // At most as many as the input.
        self.hold(input.len())?;
        let found: Vec<_> = values.collect();
        if found.is_empty() && !input.is_empty() && !self.options.allow_missing_keys {
            return Err(Fault::MissingKey(name.to_owned()).into());
        }
        Ok(found)
    }

    pub(super) fn slice(
        &mut self,
        slice: Slice,
        input: Vec<Item<'a>>,
    ) -> Result<Vec<Item<'a>>, Failure<'a>> {
        let numbers = self.options.numbers;
        let mut results = Vec::new();
        for item in &input {
            let list = match item.kind(numbers) {
                Kind::List(list) => list,
                // Upstream panics on an absent value and skips a null in a list.
                Kind::Null | Kind::Absent => continue,
                _ => {
                    let fault = Fault::NotAList(item.type_name(numbers));
                    return Err(failed(input, fault));
                }
            };
            match slice.of(list) {
                Ok(Some(values)) => {
                    self.spend(values.len())?;
                    self.hold(values.len())?;
                    results.extend(values.map(Item::Value));
                }
                // No elements requested: upstream skips the remaining lists, too.
                Ok(None) => break,
                Err(fault) => return Err(failed(input, fault)),
            }
        }
        Ok(results)
    }

    pub(super) fn wildcard(&mut self, input: &[Item<'a>]) -> Result<Vec<Item<'a>>, Failure<'a>> {
        let mut results = Vec::new();
        for item in input {
            let length = item.length();
            self.spend(length)?;
            self.hold(length)?;
            let children = item.children();
            results.extend(children);
        }
        Ok(results)
    }

    /// Returns the given values and all below them that have children, parents first.
    pub(super) fn recursive(
        &mut self,
        mut waiting: Vec<Item<'a>>,
    ) -> Result<Vec<Item<'a>>, Failure<'a>> {
        let mut results = Vec::new();
        waiting.reverse();
        while let Some(item) = waiting.pop() {
            self.spend(1)?;
            match item.kind(self.options.numbers) {
                // Its bytes have no children.
                Kind::Text(text) if !text.is_empty() => {
                    self.hold(1)?;
                    results.push(item);
                }
                Kind::List(_) | Kind::Map(_) => {
                    self.hold(1 + item.length())?;
                    let children = item.children();
                    if !children.is_empty() {
                        results.push(item);
                        waiting.extend(children.into_iter().rev());
                    }
                }
                _ => {}
            }
        }
        Ok(results)
    }
}

impl Slice {
    /// Returns the selected values, or `None` if it selects none.
    fn of(self, list: &[Value]) -> Result<Option<impl ExactSizeIterator<Item = &Value>>, Fault> {
        let length = list.len();
        // Go counts in int64 and wraps around. No list is longer.
        let count = i64::try_from(length).unwrap_or(i64::MAX);
        let mut start = self.start.unwrap_or(0);
        if start < 0 {
            start = start.wrapping_add(count);
        }
        let mut end = self.end.unwrap_or(count);
        if end < 0 || (end == 0 && self.end_derived) {
            end = end.wrapping_add(count);
        }
        if start == end {
            return Ok(None);
        }
        let out_of_bounds = |index| Fault::OutOfBounds { index, length };
        let from = usize::try_from(start)
            .ok()
            .filter(|from| *from < length)
            .ok_or(out_of_bounds(start))?;
        let to = usize::try_from(end)
            .ok()
            .filter(|to| *to <= length)
            .ok_or(out_of_bounds(end.wrapping_sub(1)))?;
        let values = list
            .get(from..to)
            .ok_or(Fault::StartBehindEnd { start, end })?;
        let step = match self.step {
            None => 1,
            Some(step) if step > 0 => usize::try_from(step).unwrap_or(usize::MAX),
            Some(_) => return Err(Fault::Step),
        };
        Ok(Some(values.iter().step_by(step)))
    }
}
