//! The functions that the header declares, read from it, so that none can be forgotten.

use std::fs;

use crate::library;

/// A function.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) returns: String,
    pub(crate) parameters: Vec<Parameter>,
}

/// A parameter: its type as it stands there, and its name.
#[derive(Debug, Clone)]
pub(crate) struct Parameter {
    pub(crate) type_: String,
    pub(crate) name: String,
}

impl Function {
    /// Whether it answers a question by an output, and returns nothing.
    pub(crate) fn is_check(&self) -> bool {
        self.returns == "void" && self.parameters.len() > 1
    }

    /// Whether it returns a result.
    pub(crate) fn can_fail(&self) -> bool {
        self.returns == "bootstrap_token_result" && self.parameters.len() > 1
    }
}

/// All of them, in order.
pub(crate) fn functions() -> Vec<Function> {
    let header = fs::read_to_string(library::include().join("bootstrap_token.h")).unwrap();
    let code = without_comments(&header);
    let functions: Vec<_> = code.split(';').filter_map(function).collect();
    let list = fs::read_to_string(library::include().join("bootstrap_token.symbols")).unwrap();
    assert_eq!(
        functions.len(),
        list.lines().count(),
        "a declaration is not understood"
    );
    functions
}

fn without_comments(text: &str) -> String {
    let mut code = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("/*") {
        code.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, after)| after);
    }
    code.push_str(rest);
    code
}

fn function(declaration: &str) -> Option<Function> {
    let (before, after) = declaration.split_once('(')?;
    let lines = before.lines().filter(|line| !line.starts_with(['#', '}']));
    let words = lines.collect::<Vec<_>>().join(" ");
    let words = words
        .replace("BOOTSTRAP_TOKEN_MUST_USE", "")
        .replace("extern \"C\" {", "");
    let name = words.split([' ', '*']).next_back()?.to_owned();
    if !name.starts_with("bootstrap_token_") {
        return None;
    }
    let returns = words.trim().strip_suffix(&name)?.trim().to_owned();
    let parameters = after.split(')').next()?.trim();
    let parameters = parameters
        .split(',')
        .filter(|text| *text != "void")
        .map(|text| {
            let at = text.rfind([' ', '*']).unwrap() + 1;
            Parameter {
                type_: text[..at].split_whitespace().collect::<Vec<_>>().join(" "),
                name: text[at..].to_owned(),
            }
        });
    Some(Function {
        name,
        returns,
        parameters: parameters.collect(),
    })
}
