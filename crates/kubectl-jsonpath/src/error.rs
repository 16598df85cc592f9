//! Errors in templates, with upstream's messages.

use core::fmt;

/// A text is not a valid template.
///
/// Its message is that of upstream's parser, which quotes the wrong piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError(Syntax);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Syntax {
    UnclosedAction,
    /// With whether it is printable.
    UnrecognizedCharacter(char, bool),
    MultipleRecursiveDescent,
    InvalidNumber(String),
    UnterminatedArray,
    InvalidArrayIndex(String),
    NotANumber(String),
    UnterminatedFilter,
    UnclosedFilter,
    UnterminatedQuote,
    InvalidQuote(String),
    NotAPath,
    TooDeep,
}

impl From<Syntax> for ParseError {
    fn from(syntax: Syntax) -> Self {
        Self(syntax)
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Syntax::UnclosedAction => f.write_str("unclosed action"),
            Syntax::UnrecognizedCharacter(c, printable) => {
                let code = u32::from(*c);
                write!(f, "unrecognized character in action: U+{code:04X}")?;
                if *printable {
                    write!(f, " '{c}'")?;
                }
                Ok(())
            }
            Syntax::MultipleRecursiveDescent => f.write_str("invalid multiple recursive descent"),
            Syntax::InvalidNumber(text) => write!(f, "cannot parse number {text}"),
            Syntax::UnterminatedArray => f.write_str("unterminated array"),
            Syntax::InvalidArrayIndex(text) => write!(f, "invalid array index {text}"),
            Syntax::NotANumber(text) => write!(f, "array index {text} is not a number"),
            Syntax::UnterminatedFilter => f.write_str("unterminated filter"),
            Syntax::UnclosedFilter => f.write_str("unclosed array expect ]"),
            Syntax::UnterminatedQuote => f.write_str("unterminated quoted string"),
            Syntax::InvalidQuote(text) => write!(f, "unquote string {text} error invalid syntax"),
            Syntax::NotAPath => f.write_str(
                "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' \
                 or '{.name1.name2}'",
            ),
            Syntax::TooDeep => f.write_str("template nested too deeply"),
        }
    }
}

impl std::error::Error for ParseError {}

/// A template does not match the data.
///
/// Its message is that of upstream's engine. For a filter on a value that is not a list, it contains the data:
/// [`shows_data`](Self::shows_data) is true then. Check it if the data are secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExecuteError(Fault);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    MissingKey(String),
    NotAList(&'static str),
    CannotFilter(String),
    OutOfBounds { index: i64, length: usize },
    StartBehindEnd { start: i64, end: i64 },
    Step,
    SeveralOperands,
    BadComparisonType,
    BadComparison,
    UnknownOperator(String),
    UnknownIdentifier(String),
    NothingToEnd,
    TooManySteps,
    TooManyResults,
    TooMuchOutput,
    TooManyRanges,
}

impl ExecuteError {
    /// Returns whether a key is missing, which [`allow_missing_keys`](crate::Template::allow_missing_keys) allows.
    pub fn is_missing_key(&self) -> bool {
        matches!(self.0, Fault::MissingKey(_))
    }

    /// Returns whether the message contains data.
    pub fn shows_data(&self) -> bool {
        matches!(self.0, Fault::CannotFilter(_))
    }

    /// Returns whether the template exceeded a limit of work, memory, output or nesting. Upstream has no limits.
    pub fn is_limit(&self) -> bool {
        matches!(
            self.0,
            Fault::TooManySteps
                | Fault::TooManyResults
                | Fault::TooMuchOutput
                | Fault::TooManyRanges
        )
    }
}

impl From<Fault> for ExecuteError {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}

impl fmt::Display for ExecuteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Fault::MissingKey(name) => write!(f, "{name} is not found"),
            Fault::NotAList(found) => write!(f, "{found} is not array or slice"),
            Fault::CannotFilter(found) => {
                write!(f, "{found} is not array or slice and cannot be filtered")
            }
            Fault::OutOfBounds { index, length } => {
                write!(
                    f,
                    "array index out of bounds: index {index}, length {length}"
                )
            }
            Fault::StartBehindEnd { start, end } => write!(
                f,
                "starting index {start} is greater than ending index {end}"
            ),
            Fault::Step => f.write_str("step must be > 0"),
            Fault::SeveralOperands => f.write_str("can only compare one element at a time"),
            Fault::BadComparisonType => f.write_str("invalid type for comparison"),
            Fault::BadComparison => f.write_str("incompatible types for comparison"),
            Fault::UnknownOperator(text) => write!(f, "unrecognized filter operator {text}"),
            Fault::UnknownIdentifier(name) => write!(f, "unrecognized identifier {name}"),
            Fault::NothingToEnd => f.write_str("not in range, nothing to end"),
            Fault::TooManySteps => f.write_str("template needs too many steps"),
            Fault::TooManyResults => f.write_str("template has too many results at once"),
            Fault::TooMuchOutput => f.write_str("template makes too much output"),
            Fault::TooManyRanges => f.write_str("template nests too many ranges"),
        }
    }
}

impl std::error::Error for ExecuteError {}
