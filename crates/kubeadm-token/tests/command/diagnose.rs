//! `diagnose`: what the real control plane cannot be made to do. The suite `diagnose` has the rest.

mod arguments;
pub(crate) mod inside;
mod rights;
mod table;
mod way;
