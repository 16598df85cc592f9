#![doc = include_str!("../README.md")]
#![deny(unsafe_code)] // but for one socket option

mod client;
mod connector;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod handover;
mod idna;
mod plugin;
mod proxy;
mod read_limited;
mod refusal;
mod tls;

pub use client::{Transport, TransportError};
pub use connector::{ConnectError, Peer, Problem, Step};
pub use handover::Handover;
pub use idna::ascii_name;
pub use plugin::{PLUGIN_LONGEST_ANSWER, PLUGIN_VERSIONS, PluginError};
pub use proxy::{ParseProxyError, Proxy, ProxyEnvironment, ProxyError};
pub use refusal::is_loopback;
pub use tls::{BadCertificate, Fault, IdentityError, RootsError};
