#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod error;
mod evaluate;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod node;
mod parse;
mod print;
mod template;

pub use error::{ExecuteError, ParseError};
pub use template::Template;
