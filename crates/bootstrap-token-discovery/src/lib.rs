#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod anchor;
mod bootstrap_kubeconfig;
mod certificate;
pub mod cluster_info;
mod distrust;
mod endpoint;
mod hashed;
mod jws;
mod kubeconfig;
mod pin;
mod pin_list;
mod settings;
mod trusted;
mod unverified;
mod yaml;

pub use anchor::Anchor;
pub use certificate::{Certificate, OtherForm, ParseCertificateError};
pub use cluster_info::{ClusterInfo, Verified};
pub use distrust::Distrust;
pub use endpoint::{Endpoint, ParseEndpointError};
pub use hashed::Hashed;
pub use jws::{DetachedJws, VerifyError};
pub use pin::{ParsePinError, Pin};
pub use pin_list::ParsePinListError;
pub use trusted::TrustedCluster;
pub use unverified::UnverifiedCluster;
