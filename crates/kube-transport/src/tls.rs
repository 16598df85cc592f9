//! TLS settings: the trusted certificate authorities and the client certificate.

mod algorithm;
mod bad_certificate;
mod certificate;
mod constraints;
mod extensions;
mod fault;
mod file;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod handshake;
mod identity;
mod name;
mod named_errors;
mod provider;
mod roots;
mod verifier;

use std::sync::Arc;

use kube::Config;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use rustls_platform_verifier::Verifier;

pub use bad_certificate::BadCertificate;
use bad_certificate::Whose;
pub use fault::Fault;
pub use identity::IdentityError;
pub(crate) use identity::is_given as has_identity;
use named_errors::NamedErrors;
use provider::provider;
pub use roots::RootsError;
pub(crate) use roots::of as roots;

fn builder() -> Result<rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier>, rustls::Error> {
    ClientConfig::builder_with_provider(provider()).with_safe_default_protocol_versions()
}

/// Builds the TLS settings for the server. Uses these certificate authorities. Without any, it uses the system's.
pub(crate) fn server_config(
    config: &Config,
    roots: Option<&[Vec<u8>]>,
) -> Result<Arc<ClientConfig>, TlsError> {
    let builder = builder().map_err(RootsError::System)?;
    let builder = if config.accept_invalid_certs {
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(AcceptAll))
    } else if let Some(roots) = roots {
        let algorithms = provider().signature_verification_algorithms;
        let verifier = verifier::Verifier::new(roots, algorithms).ok_or(RootsError::Malformed)?;
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
    } else {
        let verifier = Verifier::new(provider()).map_err(RootsError::System)?;
        let whose = Whose::Server;
        builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(NamedErrors { whose, verifier }))
    };
    Ok(Arc::new(match identity::of(&config.auth_info)? {
        Some(identity) => builder.with_client_cert_resolver(Arc::new(identity)),
        None => builder.with_no_client_auth(),
    }))
}

/// Builds the TLS settings for a proxy, from the certificate authorities of the system and the configuration, in DER.
/// The proxy gets no client certificate. It is verified even if the server is not, as it may get a password. Go uses
/// the same certificate authorities, and the same permission to skip verification, for both.
pub(crate) fn proxy_config(roots: Option<&[Vec<u8>]>) -> Option<Arc<ClientConfig>> {
    let own = roots.unwrap_or_default().iter().cloned();
    let own = own.map(CertificateDer::from);
    let verifier = Verifier::new_with_extra_roots(own, provider())
        .or_else(|_| Verifier::new(provider()))
        .ok()?;
    let builder = builder()
        .ok()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(NamedErrors {
            whose: Whose::Proxy,
            verifier,
        }));
    Some(Arc::new(builder.with_no_client_auth()))
}

/// Why a configuration allows no TLS.
pub(crate) enum TlsError {
    Identity(IdentityError),
    Roots(RootsError),
}

impl From<RootsError> for TlsError {
    fn from(error: RootsError) -> Self {
        Self::Roots(error)
    }
}

impl From<IdentityError> for TlsError {
    fn from(error: IdentityError) -> Self {
        Self::Identity(error)
    }
}

/// Verifies nothing: for `insecure-skip-tls-verify`, and for the first read of cluster-info.
#[derive(Debug)]
struct AcceptAll;

impl ServerCertVerifier for AcceptAll {
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
