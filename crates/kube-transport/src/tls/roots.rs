//! The certificate authorities of a configuration.

use core::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use kube::Config;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// The longest file of certificates or keys that is read.
const LONGEST: u64 = 8 << 20;

/// In DER. As kube does, those of the file go first. None means those of the system.
pub(super) fn of(config: &Config) -> Result<Option<Vec<Vec<u8>>>, RootsError> {
    let Some(path) = &config.root_cert_file else {
        return Ok(config.root_cert.clone());
    };
    let pem = read(path).map_err(|error| RootsError::File(path.clone(), error))?;
    // As Go does, sections that cannot be read are passed over.
    let found = CertificateDer::pem_slice_iter(&pem).flatten();
    Ok(Some(found.map(|der| der.to_vec()).collect()))
}

/// Reads a file, if it is not too long.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    // At once: what is reallocated leaves a copy behind, and it may hold a key.
    let length = file.metadata()?.len().min(LONGEST);
    let mut content = Vec::with_capacity(usize::try_from(length).unwrap_or_default() + 1);
    file.take(LONGEST + 1).read_to_end(&mut content)?;
    if content.len() as u64 > LONGEST {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(content)
}

/// Why the certificate authorities of a configuration cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum RootsError {
    /// No certificate among them can be read.
    Malformed,
    /// The file that holds them cannot be read.
    File(PathBuf, io::Error),
    /// Those of the system cannot be used.
    System(rustls::Error),
}

impl fmt::Display for RootsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed => f.write_str("there is no certificate that can be read"),
            Self::File(path, _) => write!(f, "cannot read {}", path.display()),
            Self::System(_) => f.write_str("those of the system cannot be used"),
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
