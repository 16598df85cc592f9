//! A parsed template.

/// A part at the top level of a template.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Part {
    /// Outside of actions.
    Text(Vec<u8>),
    /// In braces: a path, each node applied to the results of the previous one.
    Action(Vec<Node>),
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// `"..."`: bytes, since `\xff` is one.
    Text(Vec<u8>),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// `.name`
    Field(String),
    /// `[start:end:step]`
    Slice(Slice),
    /// `[a,b]`
    Union(Vec<Vec<Node>>),
    /// `[?(left operator right)]`
    Filter(Box<Filter>),
    /// `.*`
    Wildcard,
    /// `..`
    Recursive,
    /// `range`
    Range,
    /// `end`
    End,
    /// Any other bare word. Upstream rejects it only when it is evaluated.
    Word(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slice {
    pub(crate) start: Option<i64>,
    pub(crate) end: Option<i64>,
    /// `[n]` is `[n:n+1]`. An end of 0 then means the end of the list.
    pub(crate) end_derived: bool,
    pub(crate) step: Option<i64>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filter {
    pub(crate) left: Vec<Node>,
    pub(crate) test: Test,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// The left side has results.
    Exists,
    Compare {
        operator: Operator,
        right: Vec<Node>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    /// Any other sequence of `!<>=`. Upstream rejects it only when it compares.
    Unknown(String),
}

impl Operator {
    pub(crate) fn new(text: &str) -> Self {
        match text {
            "==" => Operator::Equal,
            "!=" => Operator::NotEqual,
            "<" => Operator::Less,
            "<=" => Operator::LessOrEqual,
            ">" => Operator::Greater,
            ">=" => Operator::GreaterOrEqual,
            other => Operator::Unknown(other.to_owned()),
        }
    }
}
