use core::fmt;
use std::error::Error as StdError;
use std::io;

use super::BoxError;
use crate::{Escaped, transport};

/// The error of the operating system, TLS or HTTP. It may quote others' text, such as the names in a certificate.
pub(super) struct Cause(BoxError);

impl Cause {
    pub(super) fn new(error: BoxError) -> Self {
        Self(error)
    }

    /// Returns the error. One of the operating system is returned unwrapped: it quotes nothing and has a kind.
    pub(super) fn as_error(&self) -> &(dyn StdError + 'static) {
        let innermost = transport::innermost(&*self.0);
        match innermost.downcast_ref::<io::Error>() {
            Some(error) if error.get_ref().is_none() => innermost,
            _ => self,
        }
    }
}

/// Prints the innermost cause: those in between only say that there is another one.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Escaped(transport::innermost(&*self.0)).fmt(f)
    }
}

/// Prints the text: the `Debug` of HTTP libraries may show secrets.
impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

impl StdError for Cause {}
