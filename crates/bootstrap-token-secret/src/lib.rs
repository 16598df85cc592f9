#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod bootstrap_token;
mod defect;
mod expiration;
mod group;
#[cfg(feature = "json")]
mod json;
pub mod keys;
mod rfc3339;
mod stored;
mod usage;

pub use bootstrap_token::BootstrapToken;
pub use defect::{Defect, defects};
pub use expiration::{Expiration, ExpirationOutOfRange};
pub use group::{ExtraGroup, ExtraGroups, ParseGroupError};
#[cfg(feature = "json")]
pub use json::{ListedSecret, ReadSecretError};
pub use rfc3339::ParseExpirationError;
pub use stored::StoredToken;
pub use usage::{ParseUsageError, Usage, Usages};
