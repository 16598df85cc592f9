#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod alphabet;
mod error;
mod generate;
mod id;
mod secret;
#[cfg(feature = "serde")]
pub mod serde;
mod strength;
mod token;

pub use error::{ParseTokenError, Part, Problem};
pub use generate::GenerateError;
pub use id::TokenId;
pub use secret::TokenSecret;
pub use strength::Weakness;
pub use token::{ExposedToken, Token};
