//! The key that `kubeadm init` encrypts uploaded certificates with.

use core::fmt;
use std::ffi::OsStr;

use zeroize::Zeroizing;

use crate::failure::Failure;

/// An AES key in hexadecimal, in the case it was given in. Checked by `ValidateCertificateKey`, which kubeadm calls
/// only when a machine joins.
pub(super) struct CertificateKey(Zeroizing<String>);

impl CertificateKey {
    /// `CertificateKeySize`, in bytes.
    const SIZE: usize = 32;

    /// Parses the flag's value. An empty one counts as missing.
    pub(super) fn given(value: Option<&OsStr>) -> Result<Option<Self>, Failure> {
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Ok(None);
        };
        let help = "`kubeadm init phase upload-certs --upload-certs` makes a new one and prints it";
        let digits = value.to_str().filter(|text| {
            text.len().is_multiple_of(2) && text.bytes().all(|b| b.is_ascii_hexdigit())
        });
        let Some(digits) = digits else {
            return Err(Failure::new(
                "--certificate-key: certificate key decoding error: it is not hexadecimal",
            )
            .help(help));
        };
        let found = digits.len() / 2;
        if found != Self::SIZE {
            return Err(Failure::new(format!(
                "--certificate-key: invalid certificate key size {found}, the key must be an AES key of size {}",
                Self::SIZE
            ))
            .help(help));
        }
        Ok(Some(Self(Zeroizing::new(digits.to_owned()))))
    }

    /// Exposes the digits, for the join command.
    pub(super) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for CertificateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CertificateKey(..)")
    }
}
