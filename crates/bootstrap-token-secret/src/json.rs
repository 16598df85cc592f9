//! The Secret as JSON, as the API server sends and takes it, without a Kubernetes object in between: what passes
//! through memory is wiped.

mod read;
mod write;

pub use read::{ListedSecret, ReadSecretError};
