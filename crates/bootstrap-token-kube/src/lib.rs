#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod backoff;
mod body;
mod call;
mod client;
mod cluster_info;
mod copies;
mod create;
mod delete;
mod diagnose;
mod discover;
mod error;
mod escaped;
mod failure;
mod get;
mod list;
mod mask;
mod page;
mod page_size;
mod policy;
mod refusal;
mod reply;
mod request;
mod retry_after;
mod stack;
mod stored;
mod tokens;
mod transport;
mod wipe;
mod wire;

pub use cluster_info::{Dead, Signature, SignatureState, Signatures, Signed};
pub use create::Created;
pub use delete::Deletion;
pub use diagnose::{Diagnosis, Finding, Known, Subject, Unchecked, Unsigned, WhyUnchecked};
pub use discover::{Attempt, DiscoverError, Discovered, Discovery, Route, Why};
pub use error::{Error, Status, Unreachable};
pub use escaped::Escaped;
pub use kube_transport;
pub use page::Page;
pub use policy::Policy;
pub use stored::Stored;
pub use tokens::BootstrapTokens;
