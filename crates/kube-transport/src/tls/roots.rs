//! The certificate authorities of a configuration.

use core::fmt;
use std::io;
use std::path::PathBuf;

use kube::Config;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::file;

/// Returns the certificates in DER, those of the file first, as in kube. `None` means those of the system.
pub(crate) fn of(config: &Config) -> Result<Option<Vec<Vec<u8>>>, RootsError> {
    let Some(path) = &config.root_cert_file else {
        return Ok(config.root_cert.clone());
    };
    let pem = file::read(path).map_err(|error| RootsError::File(path.clone(), error))?;
    // As in Go, unreadable sections are skipped.
    let found = CertificateDer::pem_slice_iter(&pem).flatten();
    Ok(Some(found.map(|der| der.to_vec()).collect()))
}

/// Why the certificate authorities of a configuration cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum RootsError {
    /// None of the certificates can be parsed.
    Malformed,
    /// Their file cannot be read.
    File(PathBuf, io::Error),
    /// Those of the system cannot be used.
    System(rustls::Error),
}

impl fmt::Display for RootsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("there is no certificate that can be read"),
            Self::File(path, _) => write!(f, "cannot read {}", path.display()),
            Self::System(_) => f.write_str("the system's certificate authorities cannot be used"),
        }
    }
}

impl core::error::Error for RootsError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Malformed => None,
            Self::File(_, error) => Some(error),
            Self::System(error) => Some(error),
        }
    }
}
