//! Filters: which elements of a list remain.

use core::cmp::Ordering;

use super::item::Kind;
use super::{Evaluator, Failure, Item, failed};
use crate::error::{ExecuteError, Fault};
use crate::node::{Filter, Node, Operator, Test};
use crate::print;

impl<'a> Evaluator<'_> {
    pub(super) fn filter(
        &mut self,
        filter: &'a Filter,
        input: Vec<Item<'a>>,
    ) -> Result<Vec<Item<'a>>, Failure<'a>> {
        let numbers = self.options.numbers;
        let mut results = Vec::new();
        for item in &input {
            let Kind::List(list) = item.kind(numbers) else {
                let fault = Fault::CannotFilter(print::go_value(*item, numbers));
                return Err(failed(input, fault));
            };
            for element in list.iter().map(Item::Value) {
                self.spend(1)?;
                let stays = match &filter.test {
                    Test::Exists => self.exists(&filter.left, element)?,
                    // The results of a failure do not matter: a filter around a comparing one takes the operator as its
                    // own.
                    Test::Compare { operator, right } => {
                        self.compare(&filter.left, operator, right, element)?
                    }
                };
                if stays {
                    self.hold(1)?;
                    results.push(element);
                }
            }
        }
        Ok(results)
    }

    /// Returns whether the path has results, even if it fails after them.
    fn exists(&mut self, path: &'a [Node], element: Item<'a>) -> Result<bool, ExecuteError> {
        match self.path(path, vec![element]) {
            Ok(found) => Ok(!found.is_empty()),
            Err(Failure { error, .. }) if error.is_limit() => Err(error),
            Err(Failure { returned, .. }) => Ok(!returned.is_empty()),
        }
    }

    /// Compares two sides. An element is dropped if one of them has no results.
    fn compare(
        &mut self,
        left: &'a [Node],
        operator: &Operator,
        right: &'a [Node],
        element: Item<'a>,
    ) -> Result<bool, ExecuteError> {
        let Some(left) = self.operand(left, element)? else {
            return Ok(false);
        };
        let Some(right) = self.operand(right, element)? else {
            return Ok(false);
        };
        Ok(operator.compare(left, right)?)
    }

    fn operand(
        &mut self,
        path: &'a [Node],
        element: Item<'a>,
    ) -> Result<Option<Kind<'a>>, ExecuteError> {
        let found = self
            .path(path, vec![element])
            .map_err(|failure| failure.error)?;
        match found[..] {
            [] => Ok(None),
            [operand] => Ok(Some(operand.kind(self.options.numbers))),
            _ => Err(Fault::SeveralOperands.into()),
        }
    }
}

impl Operator {
    fn compare(&self, left: Kind<'_>, right: Kind<'_>) -> Result<bool, Fault> {
        match self {
            Operator::Equal => equal(left, right),
            Operator::NotEqual => Ok(!equal(left, right)?),
            Operator::Less => Ok(order(left, right)?.is_lt()),
            Operator::LessOrEqual => Ok(order(left, right)?.is_le()),
            Operator::Greater => Ok(order(left, right)?.is_gt()),
            Operator::GreaterOrEqual => Ok(order(left, right)?.is_ge()),
            Operator::Unknown(text) => Err(Fault::UnknownOperator(text.clone())),
        }
    }
}

fn equal(left: Kind<'_>, right: Kind<'_>) -> Result<bool, Fault> {
    match (left, right) {
        (Kind::Bool(left), Kind::Bool(right)) => Ok(left == right),
        _ => compare(left, right).map(Ordering::is_eq),
    }
}

fn order(left: Kind<'_>, right: Kind<'_>) -> Result<Ordering, Fault> {
    match (left, right) {
        (Kind::Bool(_), Kind::Bool(_)) => Err(Fault::BadComparisonType),
        _ => compare(left, right),
    }
}

/// Compares integers, floats or strings with their own kind. An integer is not a float.
fn compare(left: Kind<'_>, right: Kind<'_>) -> Result<Ordering, Fault> {
    let is_basic = |kind| {
        !matches!(
            kind,
            Kind::Absent | Kind::Null | Kind::List(_) | Kind::Map(_)
        )
    };
    if !is_basic(left) || !is_basic(right) {
        return Err(Fault::BadComparisonType);
    }
    match (left, right) {
        (Kind::Int(left), Kind::Int(right)) => Ok(left.cmp(&right)),
        (Kind::Byte(left), Kind::Byte(right)) => Ok(left.cmp(&right)),
        (Kind::Int(left), Kind::Byte(right)) => Ok(left.cmp(&right.into())),
        (Kind::Byte(left), Kind::Int(right)) => Ok(i64::from(left).cmp(&right)),
        (Kind::Text(left), Kind::Text(right)) => Ok(left.cmp(right)),
        // JSON has no NaN.
        (Kind::Float(left), Kind::Float(right)) => {
            left.partial_cmp(&right).ok_or(Fault::BadComparison)
        }
        _ => Err(Fault::BadComparison),
    }
}
