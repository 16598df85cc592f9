//! See README.md, and the header that is made of these pages.

#![allow(
    unsafe_code,
    reason = "the one crate that C talks to; every block says why it holds"
)]
#![deny(unsafe_op_in_unsafe_fn, clippy::undocumented_unsafe_blocks)]
#![allow(
    clippy::missing_safety_doc,
    clippy::doc_markdown,
    reason = "the documentation is the header's: the rules for callers stand once, at its head"
)]

#[cfg(panic = "abort")]
compile_error!(
    "a panic has to unwind to become a code: no profile of this library may set panic = \"abort\""
);

mod boundary;
mod clock;
pub mod code;
mod input;
mod output;
mod wiped;

// What is exported, in the order of the header.

pub mod library;

pub mod error;

pub mod bytes;

pub mod token;

pub mod record;

pub mod secret;

pub mod list;

pub mod rules;

pub mod signing;

pub mod pin;

pub mod cluster;
