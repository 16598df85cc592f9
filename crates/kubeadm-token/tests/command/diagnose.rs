//! `diagnose`: what the real control plane cannot be made to do. The suite `diagnose` has the rest.

mod inside;
mod table;
mod way;
