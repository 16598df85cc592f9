//! A template and how it is rendered.

use core::str::FromStr;

use serde_json::Value;

use crate::error::{ExecuteError, ParseError};
use crate::evaluate::{self, Numbers};
use crate::node::Part;
use crate::{parse, print};

/// A parsed JSONPath template of kubectl's dialect.
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Template {
    parts: Vec<Part>,
    allow_missing_keys: bool,
    json_output: bool,
    numbers: Numbers,
    max_steps: usize,
    max_results: usize,
    max_output: usize,
}

impl Template {
    /// How many steps a rendering may take unless [`max_steps`](Self::max_steps) says otherwise: about a second.
    pub const MAX_STEPS: usize = 1 << 26;

    /// How many values a rendering may have in memory at once unless [`max_results`](Self::max_results) says otherwise:
    /// 4 million, of 16 bytes each.
    pub const MAX_RESULTS: usize = 1 << 22;

    /// How many bytes a rendering may print unless [`max_output`](Self::max_output) says otherwise: 64 MiB.
    pub const MAX_OUTPUT: usize = 1 << 26;

    /// Reads a template, as `-o jsonpath=` does.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Ok(Self {
            parts: parse::template(text)?,
            allow_missing_keys: false,
            json_output: false,
            numbers: Numbers::AsTheyAre,
            max_steps: Self::MAX_STEPS,
            max_results: Self::MAX_RESULTS,
            max_output: Self::MAX_OUTPUT,
        })
    }

    /// Reads a path in any of the forms `{.a.b}`, `{a.b}`, `.a.b` and `a.b`, as kubectl does for custom columns,
    /// `--sort-by` and `wait --for=jsonpath=`. Nothing at all is the template that prints nothing.
    ///
    /// # Errors
    /// There is more than one action or text around it, or the path is none.
    pub fn relaxed(path: &str) -> Result<Self, ParseError> {
        Self::parse(&parse::relaxed::expression(path)?)
    }

    /// Whether a key that is not there is nothing instead of an error. No by default, as in upstream's engine;
    /// the flag `--allow-missing-template-keys` of its commands is on by default.
    pub fn allow_missing_keys(mut self, allow: bool) -> Self {
        self.allow_missing_keys = allow;
        self
    }

    /// Whether the results of each action are printed as an indented JSON list, as `-o jsonpath-as-json=` does.
    pub fn json_output(mut self, json: bool) -> Self {
        self.json_output = json;
        self
    }

    /// Whether integers in the data are floats, as upstream has them in objects with a Go type (`kubectl config
    /// view`, `kubeadm token list`), where they print as `1e+06` and differ from every integer in a filter.
    /// In what `kubectl get` reads from a cluster they are integers.
    pub fn integers_as_floats(mut self, floats: bool) -> Self {
        self.numbers = if floats {
            Numbers::AsFloats
        } else {
            Numbers::AsTheyAre
        };
        self
    }

    /// Limits the values that a rendering may visit.
    pub fn max_steps(mut self, steps: usize) -> Self {
        self.max_steps = steps;
        self
    }

    /// Limits the values that a rendering may have in memory at once, which are references to the data.
    pub fn max_results(mut self, results: usize) -> Self {
        self.max_results = results;
        self
    }

    /// Limits the bytes that a rendering may print.
    pub fn max_output(mut self, bytes: usize) -> Self {
        self.max_output = bytes;
        self
    }

    /// What the template prints for `data`: bytes, as `{"\xff"}` is one. Anything else is UTF-8.
    ///
    /// # Errors
    /// The template does not fit the data. Then nothing is printed, not even what comes before the fault.
    pub fn render(&self, data: &Value) -> Result<Vec<u8>, ExecuteError> {
        let options = evaluate::Options {
            allow_missing_keys: self.allow_missing_keys,
            numbers: self.numbers,
            max_steps: self.max_steps,
            max_results: self.max_results,
        };
        let mut printer = print::Printer::new(self.numbers, self.json_output, self.max_output);
        evaluate::print(&self.parts, data, &options, &mut printer)?;
        Ok(printer.finish())
    }
}

/// [`Template::parse`].
impl FromStr for Template {
    type Err = ParseError;

    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse(text)
    }
}
