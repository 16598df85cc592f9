//! RSA in sizes that ring does not support.

use core::fmt;
use core::ops::RangeInclusive;
use std::sync::Arc;

use rsa::pkcs1::DecodeRsaPrivateKey as _;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePublicKey as _};
use rsa::sha2::{Sha256, Sha384, Sha512};
use rsa::traits::PublicKeyParts as _;
use rsa::{BoxedUint, PrivateKey, PublicKey};
use rustls::pki_types::{
    AlgorithmIdentifier, InvalidSignature, PrivateKeyDer, SignatureVerificationAlgorithm,
    SubjectPublicKeyInfoDer,
};
use rustls::sign::{Signer, SigningKey};
use rustls::{Error, SignatureAlgorithm, SignatureScheme as Scheme};
use webpki::ring;

use crate::tls::certificate::rsa_key;

/// The key sizes in bits for verification. Go has no upper limit.
pub(in crate::tls) const BITS: RangeInclusive<usize> = 1024..=16384;

/// The sizes that ring supports.
const RING_BITS: RangeInclusive<usize> = 2048..=8192;

macro_rules! verification {
    ($name:ident, $of_ring:ident, $other:ident, $hash:ty) => {
        pub(super) static $name: Verification = Verification {
            ring: ring::$of_ring,
            other: PublicKey::$other::<$hash>,
        };
    };
}

verification!(
    PSS_SHA256,
    RSA_PSS_2048_8192_SHA256_LEGACY_KEY,
    pss_verify,
    Sha256
);
verification!(
    PSS_SHA384,
    RSA_PSS_2048_8192_SHA384_LEGACY_KEY,
    pss_verify,
    Sha384
);
verification!(
    PSS_SHA512,
    RSA_PSS_2048_8192_SHA512_LEGACY_KEY,
    pss_verify,
    Sha512
);
verification!(
    PKCS1_SHA256,
    RSA_PKCS1_2048_8192_SHA256,
    pkcs1v15_verify,
    Sha256
);
verification!(
    PKCS1_SHA384,
    RSA_PKCS1_2048_8192_SHA384,
    pkcs1v15_verify,
    Sha384
);
verification!(
    PKCS1_SHA512,
    RSA_PKCS1_2048_8192_SHA512,
    pkcs1v15_verify,
    Sha512
);

/// Verifies with ring, or with `RustCrypto` for other key sizes.
#[derive(Debug)]
pub(super) struct Verification {
    ring: &'static dyn SignatureVerificationAlgorithm,
    other: fn(&PublicKey, &[u8], &[u8]) -> rsa::Result<()>,
}

impl SignatureVerificationAlgorithm for Verification {
    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.ring.public_key_alg_id()
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.ring.signature_alg_id()
    }

    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        let key = rsa_key(public_key).map_err(|_| InvalidSignature)?;
        if RING_BITS.contains(&key.bits) {
            return self.ring.verify_signature(public_key, message, signature);
        }
        let [modulus, exponent] = [key.modulus, key.exponent].map(BoxedUint::from_be_slice_vartime);
        let key = PublicKey::new_with_size_limits(modulus, exponent, BITS);
        let key = key.map_err(|_| InvalidSignature)?;
        (self.other)(&key, message, signature).map_err(|_| InvalidSignature)
    }
}

/// Loads a key of 1024 to 8192 bits.
pub(super) fn key(der: &PrivateKeyDer<'_>) -> Option<Arc<dyn SigningKey>> {
    let key = match der {
        PrivateKeyDer::Pkcs1(der) => PrivateKey::from_pkcs1_der(der.secret_pkcs1_der()).ok(),
        PrivateKeyDer::Pkcs8(der) => PrivateKey::from_pkcs8_der(der.secret_pkcs8_der()).ok(),
        _ => None,
    };
    Some(Arc::new(Key(Arc::new(key?))))
}

type Sign = fn(&PrivateKey, &[u8]) -> rsa::Result<Vec<u8>>;

/// The signature schemes in order of preference, each with the smallest modulus in bytes.
const SCHEMES: [(Scheme, Sign, usize); 6] = [
    (
        Scheme::RSA_PSS_SHA512,
        PrivateKey::pss_sign::<Sha512>,
        2 * 64 + 2,
    ),
    (
        Scheme::RSA_PSS_SHA384,
        PrivateKey::pss_sign::<Sha384>,
        2 * 48 + 2,
    ),
    (
        Scheme::RSA_PSS_SHA256,
        PrivateKey::pss_sign::<Sha256>,
        2 * 32 + 2,
    ),
    (
        Scheme::RSA_PKCS1_SHA512,
        PrivateKey::pkcs1v15_sign::<Sha512>,
        0,
    ),
    (
        Scheme::RSA_PKCS1_SHA384,
        PrivateKey::pkcs1v15_sign::<Sha384>,
        0,
    ),
    (
        Scheme::RSA_PKCS1_SHA256,
        PrivateKey::pkcs1v15_sign::<Sha256>,
        0,
    ),
];

struct Key(Arc<PrivateKey>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key").finish_non_exhaustive()
    }
}

impl SigningKey for Key {
    fn choose_scheme(&self, offered: &[Scheme]) -> Option<Box<dyn Signer>> {
        let fits = |(scheme, _, least): &&(Scheme, Sign, usize)| {
            offered.contains(scheme) && self.0.size() >= *least
        };
        let (scheme, sign, _) = *SCHEMES.iter().find(fits)?;
        let key = Arc::clone(&self.0);
        Some(Box::new(Signing { key, scheme, sign }))
    }

    fn public_key(&self) -> Option<SubjectPublicKeyInfoDer<'_>> {
        let der = self.0.to_public_key().to_public_key_der().ok()?;
        Some(der.into_vec().into())
    }

    fn algorithm(&self) -> SignatureAlgorithm {
        SignatureAlgorithm::RSA
    }
}

struct Signing {
    key: Arc<PrivateKey>,
    scheme: Scheme,
    sign: Sign,
}

impl fmt::Debug for Signing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signing")
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}

impl Signer for Signing {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        (self.sign)(&self.key, message).map_err(|error| Error::General(error.to_string()))
    }

    fn scheme(&self) -> Scheme {
        self.scheme
    }
}
