//! Finds errors that Go finds when it parses a template and the library does not: unknown functions and variables,
//! which the library looks up at execution, and a missing or an extra `{{end}}`, which it accepts.

use gotmpl::TemplateError;
use gotmpl::parse::{BranchNode, DefineNode, Expr, ListNode, Node, Parser, PipeNode, Pos, SmolStr};

use super::NAME;
use super::functions::NAMES;

/// Limit of nested `{{else if}}`. The library parses each inside the one before, and does not count it as a level as it
/// does `{{if}}`. The number is its own limit for that.
const MOST_ELSES: usize = 100;

/// Checks that a template is complete and that all its names are known where they are used.
pub(super) fn template(text: &str) -> Result<(), TemplateError> {
    if text.matches("else").count() > MOST_ELSES {
        let message = format!("template nesting depth exceeded {MOST_ELSES}");
        return Err(error(Pos::new(0, 1), message));
    }
    let (tree, defines) = parse(text)?;
    if !is_whole(text)? {
        let last = Pos::new(text.len(), text.lines().count().max(1));
        return Err(error(
            last,
            "an {{if}}, {{range}}, {{with}}, {{block}} or {{define}} without {{end}}, or an {{end}} or {{else}} too many".to_owned(),
        ));
    }
    for tree in std::iter::once(&tree).chain(defines.iter().map(|define| &define.body)) {
        Scope::default().list(tree)?;
    }
    Ok(())
}

fn parse(text: &str) -> Result<(ListNode, Vec<DefineNode>), TemplateError> {
    Parser::with_name(Some(NAME), text, "{{", "}}")?.parse()
}

/// Returns whether text after the template is outside all of its blocks.
fn is_whole(text: &str) -> Result<bool, TemplateError> {
    const BEHIND: &str = "{{1}}";
    let (tree, _) = parse(&format!("{text}{BEHIND}"))?;
    let at = tree.nodes.last().and_then(|node| match node {
        Node::Action(action) => Some(action.pipe.pos.offset),
        _ => None,
    });
    Ok(at.is_some_and(|at| at >= text.len()))
}

/// The variables that are known at a point, except `$`.
#[derive(Default)]
struct Scope {
    variables: Vec<SmolStr>,
}

impl Scope {
    fn list(&mut self, list: &ListNode) -> Result<(), TemplateError> {
        list.nodes.iter().try_for_each(|node| self.node(node))
    }

    fn node(&mut self, node: &Node) -> Result<(), TemplateError> {
        match node {
            Node::List(list) => self.list(list),
            Node::Action(action) => self.pipe(&action.pipe),
            Node::If(branch) | Node::Range(branch) | Node::With(branch) => self.branch(branch),
            Node::Template(template) => match &template.pipe {
                Some(pipe) => self.pipe(pipe),
                None => Ok(()),
            },
            // A definition has a scope of its own.
            Node::Text(_) | Node::Define(_) | Node::Break(_) | Node::Continue(_) => Ok(()),
        }
    }

    /// Checks a block. Its variables are known up to its end, and after `else` too.
    fn branch(&mut self, branch: &BranchNode) -> Result<(), TemplateError> {
        let outside = self.variables.len();
        self.pipe(&branch.pipe)?;
        self.list(&branch.body)?;
        if let Some(list) = &branch.else_body {
            self.list(list)?;
        }
        self.variables.truncate(outside);
        Ok(())
    }

    fn pipe(&mut self, pipe: &PipeNode) -> Result<(), TemplateError> {
        if pipe.is_assign
            && let Some(name) = pipe.decl.iter().find(|name| !self.knows(name))
        {
            return Err(undefined(pipe.pos, name));
        }
        self.variables.extend(pipe.decl.iter().cloned());
        pipe.commands
            .iter()
            .flat_map(|command| &command.args)
            .try_for_each(|expression| self.expression(expression))
    }

    fn knows(&self, name: &SmolStr) -> bool {
        name == "$" || self.variables.contains(name)
    }

    fn expression(&mut self, expression: &Expr) -> Result<(), TemplateError> {
        match expression {
            Expr::Identifier(at, name) if !NAMES.contains(&name.as_str()) => {
                Err(error(*at, format!("function {name:?} not defined")))
            }
            Expr::Variable(at, name, _) if !self.knows(name) => Err(undefined(*at, name)),
            Expr::Pipe(_, pipe) => self.pipe(pipe),
            Expr::Chain(_, inner, _) => self.expression(inner),
            _ => Ok(()),
        }
    }
}

fn undefined(at: Pos, name: &str) -> TemplateError {
    error(at, format!("undefined variable {name:?}"))
}

fn error(at: Pos, message: String) -> TemplateError {
    TemplateError::Parse {
        name: None,
        line: at.line,
        col: 0,
        message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_of_elses_has_an_end() {
        let chain = |elses: usize| {
            let elses = "{{else if 1}}".repeat(elses);
            template(&format!("{{{{if 1}}}}{elses}{{{{end}}}}"))
        };
        assert!(chain(MOST_ELSES).is_ok());
        let refused = chain(50_000).unwrap_err().to_string();
        assert!(
            refused.ends_with("template nesting depth exceeded 100"),
            "{refused}"
        );
    }
}
