use core::fmt;
use std::error::Error as StdError;
use std::io;

use super::BoxError;
use crate::{Escaped, transport};

/// What the operating system, TLS or HTTP said. It may repeat what others wrote, such as the names in a certificate.
pub(super) struct Cause(BoxError);

impl Cause {
    pub(super) fn new(error: BoxError) -> Self {
        Self(error)
    }

    /// As an error; one of the operating system's as it is, for it repeats nothing and has a kind.
    pub(super) fn as_error(&self) -> &(dyn StdError + 'static) {
        let leaf = transport::leaf(&*self.0);
        match leaf.downcast_ref::<io::Error>() {
            Some(error) if error.get_ref().is_none() => leaf,
            _ => self,
        }
    }
}

/// The last of the causes: what lies between says only that there was an error further down.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Escaped(transport::leaf(&*self.0)).fmt(f)
    }
}

/// What HTTP libraries debug is not ours to vouch for.
impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

impl StdError for Cause {}
