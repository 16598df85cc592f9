//! The public type: parsing and rendering.

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
    /// The default limit of steps, about a second of work. See [`max_steps`](Self::max_steps).
    pub const MAX_STEPS: usize = 1 << 26;

    /// The default limit of values in memory at once: 4 million of 16 bytes each. See
    /// [`max_results`](Self::max_results).
    pub const MAX_RESULTS: usize = 1 << 22;

    /// The default limit of printed bytes: 64 MiB. See [`max_output`](Self::max_output).
    pub const MAX_OUTPUT: usize = 1 << 26;

    /// Parses a template as `-o jsonpath=` does.
    ///
    /// # Errors
    /// The text is not a valid template.
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

    /// Parses a path in any of the forms `{.a.b}`, `{a.b}`, `.a.b` and `a.b`, as kubectl does for custom columns,
    /// `--sort-by` and `wait --for=jsonpath=`. An empty path prints nothing.
    ///
    /// # Errors
    /// The text has several actions or text around one, or the path is not valid.
    pub fn relaxed(path: &str) -> Result<Self, ParseError> {
        Self::parse(&parse::relaxed::expression(path)?)
    }

    /// Sets whether a missing key prints nothing instead of being an error. Off by default, as in upstream's engine;
    /// kubectl's flag `--allow-missing-template-keys` is on by default.
    pub fn allow_missing_keys(mut self, allow: bool) -> Self {
        self.allow_missing_keys = allow;
        self
    }

    /// Sets whether each action's results are printed as an indented JSON list, like `-o jsonpath-as-json=`.
    pub fn json_output(mut self, json: bool) -> Self {
        self.json_output = json;
        self
    }

    /// Sets whether integers in the data are floats. Upstream reads them so in objects with a Go type (`kubectl config
    /// view`, `kubeadm token list`): they print as `1e+06` and never equal an integer in a filter. In objects that
    /// `kubectl get` reads they are integers.
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

    /// Limits the values that a rendering may hold at once, which are references to the data.
    pub fn max_results(mut self, results: usize) -> Self {
        self.max_results = results;
        self
    }

    /// Limits the bytes that a rendering may print.
    pub fn max_output(mut self, bytes: usize) -> Self {
        self.max_output = bytes;
        self
    }

    /// Renders the template for `data`. The result is UTF-8, except for bytes such as `{"\xff"}`.
    ///
    /// # Errors
    /// The template does not match the data. Then nothing is returned, not even the output before the error.
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
