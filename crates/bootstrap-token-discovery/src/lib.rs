#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod certificate;
pub mod cluster_info;
mod jws;
mod pin;

pub use certificate::{Certificate, ParseCertificateError};
pub use jws::{DetachedJws, VerifyError};
pub use pin::{ParsePinError, Pin};
