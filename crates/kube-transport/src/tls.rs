//! Whom a server is trusted by, and who asks it.

mod certificate;
mod constraints;
mod extensions;
mod name;
mod verifier;

use core::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kube::Config;
use kube::config::AuthInfo;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;
use secrecy::ExposeSecret;
pub use verifier::Fault;
use zeroize::Zeroizing;

/// The process's own choice of a provider is not asked: there may be two, and no choice.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn builder() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, rustls::Error> {
    ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()
}

/// As the configuration has it: its certificate authorities, or without any those of the system.
pub(crate) fn to_server(config: &Config) -> Result<Arc<ClientConfig>, TlsError> {
    let builder = builder()?;
    let builder = if config.accept_invalid_certs {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Anybody))
    } else if let Some(authorities) = &config.root_cert {
        let algorithms = provider().signature_verification_algorithms;
        let verifier = verifier::Verifier::new(authorities, algorithms)
            .ok_or_else(|| rustls::Error::InvalidCertificate(CertificateError::BadEncoding))?;
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
    } else {
        let verifier = Verifier::new(provider())?;
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
    };
    let Some(Identity { chain, key }) = identity(&config.auth_info)? else {
        return Ok(Arc::new(builder.with_no_client_auth()));
    };
    let key = provider()
        .key_provider
        .load_private_key(key)
        .map_err(IdentityError::Unusable)?;
    // It may be of X.509 version 1, which rustls does not read: whether the key is its own is compared here.
    let leaf = chain
        .first()
        .and_then(|der| certificate::Certificate::parse(der));
    let of_leaf = leaf.map(|leaf| (leaf.key_algorithm, leaf.key));
    if let (Some(of_key), Some(of_leaf)) = (key.public_key(), of_leaf) {
        let of_key = certificate::public_key(&of_key);
        if of_key.is_some_and(|of_key| of_key != of_leaf) {
            let error = rustls::Error::InconsistentKeys(rustls::InconsistentKeys::KeyMismatch);
            return Err(IdentityError::Unusable(error).into());
        }
    }
    let identity = SingleCertAndKey::from(CertifiedKey::new(chain, key));
    Ok(Arc::new(
        builder.with_client_cert_resolver(Arc::new(identity)),
    ))
}

/// By the system's certificate authorities, and those of the configuration. It is shown no client certificate, and is
/// verified even where the server is not: it may be sent a password. Go takes the same certificate authorities, and the
/// same leave to skip the verification, for both.
pub(crate) fn to_proxy(config: &Config) -> Option<Arc<ClientConfig>> {
    let own = config.root_cert.iter().flatten();
    let own = own.map(|der| CertificateDer::from(der.clone()));
    let verifier = Verifier::new_with_extra_roots(own, provider())
        .or_else(|_| Verifier::new(provider()))
        .ok()?;
    let builder = builder()
        .ok()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    Some(Arc::new(builder.with_no_client_auth()))
}

struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

pub(crate) fn has_identity(auth_info: &AuthInfo) -> bool {
    auth_info.client_certificate.is_some() || auth_info.client_certificate_data.is_some()
}

fn identity(auth_info: &AuthInfo) -> Result<Option<Identity>, IdentityError> {
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
    Ok(Some(Identity {
        chain: chain.ok_or(IdentityError::NotPem(CERTIFICATE))?,
        key: PrivateKeyDer::from_pem_slice(&key).map_err(|_| IdentityError::NotPem(KEY))?,
    }))
}

/// What stands in base64, or else in a file.
fn pem(
    name: &'static str,
    data: Option<&str>,
    path: Option<&str>,
) -> Result<Option<Zeroizing<Vec<u8>>>, IdentityError> {
    let bytes = match (data, path) {
        (Some(data), _) => STANDARD
            .decode(data)
            .map_err(|_| IdentityError::NotBase64(name))?,
        (None, Some(path)) => {
            std::fs::read(path).map_err(|error| IdentityError::File(path.into(), error))?
        }
        (None, None) => return Ok(None),
    };
    Ok(Some(Zeroizing::new(bytes)))
}

/// Why there is no TLS by a configuration.
pub(crate) enum TlsError {
    Identity(IdentityError),
    Roots(rustls::Error),
}

impl From<rustls::Error> for TlsError {
    fn from(error: rustls::Error) -> Self {
        Self::Roots(error)
    }
}

impl From<IdentityError> for TlsError {
    fn from(error: IdentityError) -> Self {
        Self::Identity(error)
    }
}

/// Why a client certificate and its key cannot be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum IdentityError {
    /// There is a certificate and no key.
    NoKey,
    /// There is a key and no certificate.
    NoCertificate,
    /// The `-data` of this entry is not base64.
    NotBase64(&'static str),
    /// A file cannot be read.
    File(PathBuf, io::Error),
    /// There is no certificate, or no key, in the PEM of this entry.
    NotPem(&'static str),
    /// The key is of a kind that is not supported, or is not the certificate's.
    Unusable(rustls::Error),
}

impl fmt::Display for IdentityError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoKey => f.write_str("a client certificate has no key"),
            Self::NoCertificate => f.write_str("a client key has no certificate"),
            Self::NotBase64(name) => write!(f, "{name}-data: not base64"),
            Self::File(path, _) => write!(f, "cannot read {}", path.display()),
            Self::NotPem(name) => write!(f, "{name}: not PEM"),
            Self::Unusable(_) => f.write_str("client certificate and key do not go together"),
        }
    }
}

impl core::error::Error for IdentityError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::File(_, error) => Some(error),
            Self::Unusable(error) => Some(error),
            _ => None,
        }
    }
}

/// No verification at all: `insecure-skip-tls-verify`, and the first reading of cluster-info.
#[derive(Debug)]
struct Anybody;

impl ServerCertVerifier for Anybody {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        use SignatureScheme as S;
        vec![
            S::ECDSA_NISTP256_SHA256,
            S::ECDSA_NISTP384_SHA384,
            S::ECDSA_NISTP521_SHA512,
            S::ED25519,
            S::RSA_PSS_SHA256,
            S::RSA_PSS_SHA384,
            S::RSA_PSS_SHA512,
            S::RSA_PKCS1_SHA256,
            S::RSA_PKCS1_SHA384,
            S::RSA_PKCS1_SHA512,
            S::RSA_PKCS1_SHA1,
            S::ECDSA_SHA1_Legacy,
            S::ED448,
        ]
    }
}
