//! Verifies the signature that proves that the server has its certificate's key.

use rustls::client::danger::HandshakeSignatureValid;
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::{DigitallySignedStruct, SignatureScheme};

use super::bad_certificate::{BadCertificate, Whose};
use super::certificate::Certificate;
use super::fault::Fault;

/// Verifies the server's signature. rustls' own functions parse the certificate with webpki, which rejects critical
/// extensions that crypto/x509 accepts.
pub(super) fn verify(
    message: &[u8],
    der: &[u8],
    dss: &DigitallySignedStruct,
    algorithms: &WebPkiSupportedAlgorithms,
    by_1_3: bool,
) -> Result<HandshakeSignatureValid, rustls::Error> {
    use SignatureScheme as S;

    let bad = |fault| BadCertificate::of_der(Whose::Server, der, fault);
    let server = Certificate::parse(der).ok_or_else(|| bad(Fault::Malformed))?;
    let of_pkcs1 = [
        S::RSA_PKCS1_SHA256,
        S::RSA_PKCS1_SHA384,
        S::RSA_PKCS1_SHA512,
    ];
    let schemes = algorithms.mapping.iter();
    let fitting = schemes
        .filter(|(scheme, _)| *scheme == dss.scheme && !(by_1_3 && of_pkcs1.contains(scheme)))
        .flat_map(|(_, of_scheme)| if by_1_3 { &of_scheme[..1] } else { of_scheme });
    let mut of_key =
        fitting.filter(|algorithm| algorithm.public_key_alg_id().as_ref() == server.key_algorithm);
    let verifies = of_key.any(|algorithm| {
        let verified = algorithm.verify_signature(&server.key, message, dss.signature());
        verified.is_ok()
    });
    if !verifies {
        return Err(bad(Fault::NotTheirs).into());
    }
    Ok(HandshakeSignatureValid::assertion())
}
