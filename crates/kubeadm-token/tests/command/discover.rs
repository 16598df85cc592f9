//! `discover`: a cluster that can be trusted, and servers that cannot.

mod arguments;
mod file;
mod found;
mod hostile;
pub(crate) mod support;
mod tampered;
#[cfg(target_os = "linux")]
mod yaml;
