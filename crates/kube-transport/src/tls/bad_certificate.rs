//! Describes a rejected certificate.

use core::fmt;
use std::sync::Arc;

use rustls::{CertificateError, Error, OtherError};
use x509_cert::der::Decode as _;
use x509_cert::name::Name;

use super::certificate::Certificate;
use super::fault::Fault;

/// A rejected certificate and the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadCertificate {
    whose: Whose,
    /// Those of its subject and issuer, if it can be parsed.
    names: Option<[String; 2]>,
    fault: Fault,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    Server,
    Proxy,
    Ca,
}

impl BadCertificate {
    pub(super) fn new(whose: Whose, certificate: &Certificate, fault: Fault) -> Self {
        let names = [&certificate.subject, &certificate.issuer].map(|name| shown(name));
        Self {
            whose,
            names: Some(names),
            fault,
        }
    }

    /// For a certificate that may be malformed.
    pub(super) fn of_der(whose: Whose, der: &[u8], fault: Fault) -> Self {
        let Some(certificate) = Certificate::parse(der) else {
            return Self {
                whose,
                names: None,
                fault,
            };
        };
        Self::new(whose, &certificate, fault)
    }

    /// Returns whether it is a CA's certificate, not the server's or the proxy's own.
    pub fn is_of_ca(&self) -> bool {
        self.whose == Whose::Ca
    }

    /// Returns what is wrong with it.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Finds the value in an error built by [`Error::from`].
    pub(crate) fn find(error: &Error) -> Option<&Self> {
        match error {
            Error::InvalidCertificate(CertificateError::Other(OtherError(error))) => {
                error.downcast_ref()
            }
            _ => None,
        }
    }
}

impl From<BadCertificate> for Error {
    fn from(bad: BadCertificate) -> Self {
        CertificateError::Other(OtherError(Arc::new(bad))).into()
    }
}

/// Formats a name by RFC 4514, cut to one line: an unverified server may have written it.
fn shown(name: &[u8]) -> String {
    let name = Name::from_der(name);
    let text = name.map_or_else(|_| String::new(), |name| printable(&name.to_string()));
    if text.is_empty() {
        return "without a name".to_owned();
    }
    cut(&text)
}

/// Cuts a name to the length that fits into an error.
pub(super) fn cut(text: &str) -> String {
    const LONGEST: usize = 120;

    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text.to_owned(),
    }
}

/// Replaces control characters.
pub(super) fn printable(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

impl fmt::Display for BadCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.whose {
            Whose::Server => "certificate of the server",
            Whose::Proxy => "certificate of the proxy",
            Whose::Ca => "certificate of a CA",
        })?;
        if let Some([subject, issuer]) = &self.names {
            write!(f, " ({subject}, issuer {issuer})")?;
        }
        write!(f, ": {}", self.fault)
    }
}

impl core::error::Error for BadCertificate {}
