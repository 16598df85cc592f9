//! OpenSSL's names of algorithms and keys.

use x509_cert::der::asn1::ObjectIdentifier;
use x509_cert::der::oid::db::DB;
use x509_cert::der::{Decode as _, Reader as _, SliceReader};

/// Names an `AlgorithmIdentifier`: the curve for an elliptic-curve key, otherwise the algorithm.
pub(super) fn name(content: &[u8]) -> String {
    const OBJECT_IDENTIFIER: u8 = 6;

    let read = || {
        let mut reader = SliceReader::new(content)?;
        let algorithm = ObjectIdentifier::decode(&mut reader)?;
        if reader.peek_byte() == Some(OBJECT_IDENTIFIER) {
            return ObjectIdentifier::decode(&mut reader);
        }
        Ok(algorithm)
    };
    let id: Result<_, x509_cert::der::Error> = read();
    match id {
        Ok(id) => DB.by_oid(&id).map_or_else(|| id.to_string(), str::to_owned),
        Err(_) => "an algorithm without a name".to_owned(),
    }
}
