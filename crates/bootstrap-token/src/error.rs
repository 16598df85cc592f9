//! What can be wrong with a text that should have been a token.
//!
//! Never holds the text: it may be a secret with a typing error in it.

use core::fmt;

/// The part of a token that was being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Part {
    /// The whole token, `<id>.<secret>`.
    Token,
    /// The six public characters before the dot.
    Id,
    /// The sixteen secret characters after the dot.
    Secret,
}

impl Part {
    /// The form that upstream's `BootstrapTokenPattern` and `BootstrapTokenIDPattern` ask for.
    pub(crate) fn pattern(self) -> &'static str {
        match self {
            Part::Token => r"[a-z0-9]{6}\.[a-z0-9]{16}",
            Part::Id => "[a-z0-9]{6}",
            Part::Secret => "[a-z0-9]{16}",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Token => "token",
            Part::Id => "token ID",
            Part::Secret => "token secret",
        })
    }
}

/// What was found instead of a token, without the text itself. Positions count characters from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Problem {
    /// Nothing at all.
    Empty {
        /// Where.
        part: Part,
    },
    /// Too short or too long.
    Length {
        /// Where.
        part: Part,
        /// Characters the format asks for.
        expected: usize,
        /// Characters that were there.
        found: usize,
    },
    /// No dot between ID and secret.
    MissingDot,
    /// An upper-case letter; the format knows only lower-case ones.
    UpperCase {
        /// Where.
        part: Part,
        /// Its position in that part.
        position: usize,
    },
    /// White space or a line break, as left behind by an editor, `echo` or a copied prompt.
    WhiteSpace {
        /// Where.
        part: Part,
        /// Its position in that part.
        position: usize,
    },
    /// Any other character outside `[a-z0-9]`.
    Character {
        /// Where.
        part: Part,
        /// Its position in that part.
        position: usize,
    },
}

impl Problem {
    /// Names the kind of the character that begins at byte `at` of `text`.
    pub(crate) fn character(part: Part, text: &[u8], at: usize) -> Self {
        let position = String::from_utf8_lossy(&text[..at]).chars().count() + 1;
        match text[at] {
            b'A'..=b'Z' => Problem::UpperCase { part, position },
            b' ' | b'\t' | b'\n' | b'\r' => Problem::WhiteSpace { part, position },
            _ => Problem::Character { part, position },
        }
    }

    fn part(self) -> Part {
        match self {
            Problem::MissingDot => Part::Token,
            Problem::Empty { part }
            | Problem::Length { part, .. }
            | Problem::UpperCase { part, .. }
            | Problem::WhiteSpace { part, .. }
            | Problem::Character { part, .. } => part,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Empty { part } => write!(f, "the {part} is empty"),
            Problem::Length {
                part,
                expected,
                found,
            } => write!(f, "the {part} has {found} characters instead of {expected}"),
            Problem::MissingDot => {
                f.write_str("the token has no dot between its ID and its secret")
            }
            Problem::UpperCase { part, position } => {
                write!(
                    f,
                    "character {position} of the {part} is an upper-case letter"
                )
            }
            Problem::WhiteSpace { part, position } => write!(
                f,
                "character {position} of the {part} is white space or a line break"
            ),
            Problem::Character { part, position } => {
                write!(
                    f,
                    "character {position} of the {part} is neither a-z nor 0-9"
                )
            }
        }
    }
}

/// A text was not a token, a token ID or a token secret.
///
/// Its text names the position and the kind of the fault and the form that was asked for, never the
/// text that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ParseTokenError {
    asked: Part,
    problem: Problem,
}

impl ParseTokenError {
    pub(crate) fn new(asked: Part, problem: Problem) -> Self {
        Self { asked, problem }
    }

    /// What was found.
    pub fn problem(&self) -> Problem {
        self.problem
    }

    /// The part of the token that the fault is in.
    pub fn part(&self) -> Part {
        self.problem.part()
    }
}

impl fmt::Display for ParseTokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (expected {})", self.problem, self.asked.pattern())
    }
}

impl std::error::Error for ParseTokenError {}
