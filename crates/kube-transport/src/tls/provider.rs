//! ring, plus what crypto/tls supports and ring does not: P-521, ECDSA with SHA-512, RSA keys of other sizes and
//! exponents.

mod ecdsa;
mod p521;
mod rsa;

pub(super) use rsa::BITS as RSA_BITS;

use std::sync::Arc;

use rustls::crypto::{CryptoProvider, KeyProvider, WebPkiSupportedAlgorithms, ring};
use rustls::pki_types::PrivateKeyDer;
use rustls::sign::SigningKey;
use rustls::{Error, SignatureScheme as Scheme};
use webpki::ring as of_ring;
use zeroize::Zeroizing;

/// Ignores the process's default provider: with two in the program there may be none.
pub(super) fn provider() -> Arc<CryptoProvider> {
    Arc::new(CryptoProvider {
        signature_verification_algorithms: ALGORITHMS,
        key_provider: &Keys,
        ..ring::default_provider()
    })
}

/// ring's algorithms, with RSA replaced to support more sizes, in the order offered to a server.
static ALGORITHMS: WebPkiSupportedAlgorithms = WebPkiSupportedAlgorithms {
    all: &[
        of_ring::ECDSA_P256_SHA256,
        of_ring::ECDSA_P256_SHA384,
        of_ring::ECDSA_P384_SHA256,
        of_ring::ECDSA_P384_SHA384,
        &ecdsa::P256_SHA512,
        &ecdsa::P384_SHA512,
        &ecdsa::P521_SHA256,
        &ecdsa::P521_SHA384,
        &ecdsa::P521_SHA512,
        of_ring::ED25519,
        &rsa::PSS_SHA256,
        &rsa::PSS_SHA384,
        &rsa::PSS_SHA512,
        &rsa::PKCS1_SHA256,
        &rsa::PKCS1_SHA384,
        &rsa::PKCS1_SHA512,
        of_ring::RSA_PKCS1_2048_8192_SHA256_ABSENT_PARAMS,
        of_ring::RSA_PKCS1_2048_8192_SHA384_ABSENT_PARAMS,
        of_ring::RSA_PKCS1_2048_8192_SHA512_ABSENT_PARAMS,
    ],
    // In TLS 1.3 an ECDSA scheme is tied to one curve, which comes first here. In TLS 1.2 any curve is allowed.
    mapping: &[
        (
            Scheme::ECDSA_NISTP384_SHA384,
            &[
                of_ring::ECDSA_P384_SHA384,
                of_ring::ECDSA_P256_SHA384,
                &ecdsa::P521_SHA384,
            ],
        ),
        (
            Scheme::ECDSA_NISTP256_SHA256,
            &[
                of_ring::ECDSA_P256_SHA256,
                of_ring::ECDSA_P384_SHA256,
                &ecdsa::P521_SHA256,
            ],
        ),
        (
            Scheme::ECDSA_NISTP521_SHA512,
            &[
                &ecdsa::P521_SHA512,
                &ecdsa::P384_SHA512,
                &ecdsa::P256_SHA512,
            ],
        ),
        (Scheme::ED25519, &[of_ring::ED25519]),
        (Scheme::RSA_PSS_SHA512, &[&rsa::PSS_SHA512]),
        (Scheme::RSA_PSS_SHA384, &[&rsa::PSS_SHA384]),
        (Scheme::RSA_PSS_SHA256, &[&rsa::PSS_SHA256]),
        (Scheme::RSA_PKCS1_SHA512, &[&rsa::PKCS1_SHA512]),
        (Scheme::RSA_PKCS1_SHA384, &[&rsa::PKCS1_SHA384]),
        (Scheme::RSA_PKCS1_SHA256, &[&rsa::PKCS1_SHA256]),
    ],
};

/// Loads keys with ring, then with the others.
#[derive(Debug)]
struct Keys;

impl KeyProvider for Keys {
    fn load_private_key(&self, der: PrivateKeyDer<'static>) -> Result<Arc<dyn SigningKey>, Error> {
        let der = Zeroizing::new(der);
        let bytes = der.secret_der();
        // As in Go, the PEM label is ignored.
        let forms = [
            PrivateKeyDer::Pkcs8(bytes.into()),
            PrivateKeyDer::Pkcs1(bytes.into()),
            PrivateKeyDer::Sec1(bytes.into()),
        ];
        let load = |form: &PrivateKeyDer<'_>| {
            let of_ring = ring::sign::any_supported_type(form).ok();
            of_ring
                .or_else(|| p521::key(form))
                .or_else(|| rsa::key(form))
        };
        let key = forms.iter().find_map(load);
        key.ok_or_else(|| Error::General("malformed, or of an unsupported kind".to_owned()))
    }
}
