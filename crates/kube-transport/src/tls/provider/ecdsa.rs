//! ECDSA that ring lacks: P-521, and SHA-512 with P-256 and P-384.

use core::fmt;

use p521::ecdsa::signature::hazmat::PrehashVerifier as _;
use rsa::sha2::{Digest as _, Sha256, Sha384, Sha512};
use rustls::pki_types::{
    AlgorithmIdentifier, InvalidSignature, SignatureVerificationAlgorithm, alg_id,
};

macro_rules! verification {
    ($name:ident, $curve:ident, $key:ident, $hash:ty, $signature:ident) => {
        pub(super) static $name: Verification = Verification {
            key: alg_id::$key,
            signature: alg_id::$signature,
            verify: |key, message, signature| {
                let key = $curve::ecdsa::VerifyingKey::from_sec1_bytes(key)?;
                let signature = $curve::ecdsa::DerSignature::try_from(signature)?;
                key.verify_prehash(&<$hash>::digest(message), &signature)
            },
        };
    };
}

verification!(P256_SHA512, p256, ECDSA_P256, Sha512, ECDSA_SHA512);
verification!(P384_SHA512, p384, ECDSA_P384, Sha512, ECDSA_SHA512);
verification!(P521_SHA256, p521, ECDSA_P521, Sha256, ECDSA_SHA256);
verification!(P521_SHA384, p521, ECDSA_P521, Sha384, ECDSA_SHA384);
verification!(P521_SHA512, p521, ECDSA_P521, Sha512, ECDSA_SHA512);

/// Takes a key, a message and a signature.
type Verify = fn(&[u8], &[u8], &[u8]) -> Result<(), p521::ecdsa::Error>;

pub(super) struct Verification {
    key: AlgorithmIdentifier,
    signature: AlgorithmIdentifier,
    verify: Verify,
}

impl fmt::Debug for Verification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verification")
            .field("key", &self.key)
            .field("signature", &self.signature)
            .finish_non_exhaustive()
    }
}

impl SignatureVerificationAlgorithm for Verification {
    fn public_key_alg_id(&self) -> AlgorithmIdentifier {
        self.key
    }

    fn signature_alg_id(&self) -> AlgorithmIdentifier {
        self.signature
    }

    fn verify_signature(
        &self,
        public_key: &[u8],
        message: &[u8],
        signature: &[u8],
    ) -> Result<(), InvalidSignature> {
        const UNCOMPRESSED: u8 = 4;

        // Go and ring reject compressed points, too.
        if public_key.first() != Some(&UNCOMPRESSED) {
            return Err(InvalidSignature);
        }
        (self.verify)(public_key, message, signature).map_err(|_| InvalidSignature)
    }
}
