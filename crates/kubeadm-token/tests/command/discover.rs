//! `discover`: a cluster that can be trusted, and servers that cannot.

mod arguments;
mod file;
mod found;
mod hostile;
mod support;
