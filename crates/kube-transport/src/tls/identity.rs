//! The client certificate and its key.

use core::fmt;
use std::io;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kube::config::AuthInfo;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use secrecy::ExposeSecret;
use zeroize::Zeroizing;

use super::certificate::{self, Certificate};
use super::{file, provider};

/// Returns the client certificate and its signing key. The certificate may be of X.509 version 1, which rustls does not
/// parse, so the key is compared with it here.
pub(super) fn of(auth_info: &AuthInfo) -> Result<Option<SingleCertAndKey>, IdentityError> {
    let Some(Pem { chain, key }) = parse(auth_info)? else {
        return Ok(None);
    };
    let leaf = chain.first().and_then(|der| Certificate::parse(der));
    let key = provider().key_provider.load_private_key(key);
    let key = key.map_err(|_| {
        let description = leaf.as_ref().map(Certificate::key_description);
        IdentityError::Unsupported(description.unwrap_or_else(|| "unknown".to_owned()))
    })?;
    let of_leaf = leaf.map(|leaf| (leaf.key_algorithm, leaf.key));
    if let (Some(of_key), Some(of_leaf)) = (key.public_key(), of_leaf) {
        let of_key = certificate::public_key(&of_key);
        if of_key.is_some_and(|of_key| of_key != of_leaf) {
            return Err(IdentityError::OtherKey);
        }
    }
    Ok(Some(CertifiedKey::new(chain, key).into()))
}

struct Pem {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

pub(crate) fn is_given(auth_info: &AuthInfo) -> bool {
    auth_info.client_certificate.is_some() || auth_info.client_certificate_data.is_some()
}

fn parse(auth_info: &AuthInfo) -> Result<Option<Pem>, IdentityError> {
    const CERTIFICATE: &str = "client-certificate";
    const KEY: &str = "client-key";

    let certificate = pem(
        CERTIFICATE,
        auth_info.client_certificate_data.as_deref(),
        auth_info.client_certificate.as_deref(),
    )?;
    let key = pem(
        KEY,
        auth_info
            .client_key_data
            .as_ref()
            .map(ExposeSecret::expose_secret),
        auth_info.client_key.as_deref(),
    )?;
    let (certificate, key) = match (certificate, key) {
        (None, None) => return Ok(None),
        (Some(_), None) => return Err(IdentityError::NoKey),
        (None, Some(_)) => return Err(IdentityError::NoCertificate),
        (Some(certificate), Some(key)) => (certificate, key),
    };
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&certificate).collect();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    Ok(Some(Pem {
        chain: chain.ok_or(IdentityError::NotPem(CERTIFICATE))?,
        key: PrivateKeyDer::from_pem_slice(&key).map_err(|_| key_error(&key))?,
    }))
}

/// Describes a text that is not a private key.
fn key_error(text: &[u8]) -> IdentityError {
    let has = |part: &str| text.windows(part.len()).any(|at| at == part.as_bytes());
    if has("-----BEGIN ENCRYPTED PRIVATE KEY-----") || has("Proc-Type: 4,ENCRYPTED") {
        IdentityError::EncryptedKey
    } else if has("-----BEGIN ") {
        IdentityError::NoPrivateKey
    } else {
        IdentityError::NotPem("client-key")
    }
}

/// Returns the inline base64 data, or else the file.
fn pem(
    name: &'static str,
    data: Option<&str>,
    path: Option<&str>,
) -> Result<Option<Zeroizing<Vec<u8>>>, IdentityError> {
    match (data, path) {
        (Some(data), _) => {
            let bytes = STANDARD.decode(data).map(Zeroizing::new);
            bytes.map(Some).map_err(|_| IdentityError::NotBase64(name))
        }
        (None, Some(path)) => {
            let bytes = file::read(path.as_ref());
            let bytes = bytes.map_err(|error| IdentityError::File(path.into(), error))?;
            Ok(Some(bytes))
        }
        (None, None) => Ok(None),
    }
}

/// Why a client certificate and its key cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum IdentityError {
    /// The certificate has no key.
    NoKey,
    /// The key has no certificate.
    NoCertificate,
    /// The `-data` of this entry is not base64.
    NotBase64(&'static str),
    /// A file cannot be read.
    File(PathBuf, io::Error),
    /// This entry is not PEM, or its PEM has no certificate.
    NotPem(&'static str),
    /// The PEM of the key has no private key.
    NoPrivateKey,
    /// The key is encrypted.
    EncryptedKey,
    /// The key is malformed or not supported. Described by the certificate.
    Unsupported(String),
    /// The key does not belong to the certificate.
    OtherKey,
}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKey => f.write_str("a client certificate has no key"),
            Self::NoCertificate => f.write_str("a client key has no certificate"),
            Self::NotBase64(name) => write!(f, "{name}-data: not base64"),
            Self::File(path, _) => write!(f, "cannot read {}", path.display()),
            Self::NotPem(name) => write!(f, "{name}: not PEM"),
            Self::NoPrivateKey => f.write_str("client-key: no private key in the PEM"),
            Self::EncryptedKey => f.write_str(
                "client-key: no unencrypted private key in the PEM, but an ENCRYPTED PRIVATE KEY",
            ),
            Self::Unsupported(what) => write!(
                f,
                "the client key is malformed or not supported (by its certificate it is {what})"
            ),
            Self::OtherKey => f.write_str("the client key is not that of the client certificate"),
        }
    }
}

impl core::error::Error for IdentityError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::File(_, error) => Some(error),
            _ => None,
        }
    }
}
