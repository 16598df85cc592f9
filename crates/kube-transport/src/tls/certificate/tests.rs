use rcgen::{CertificateParams, CustomExtension, KeyPair};
use x509_cert::der::Encode as _;

use super::*;
use crate::tls::provider::provider;

/// Builds a certificate for `cp.example` with P-256 and SHA-256.
fn der(extensions: &[(&[u64], bool, &[u8])]) -> Vec<u8> {
    let mut params = CertificateParams::new(vec!["cp.example".to_owned()]).unwrap();
    for (id, critical, value) in extensions {
        let mut extension = CustomExtension::from_oid_content(id, value.to_vec());
        extension.set_criticality(*critical);
        params.custom_extensions.push(extension);
    }
    let key = KeyPair::generate().unwrap();
    params.self_signed(&key).unwrap().der().to_vec()
}

/// Replaces the last occurrence of `from` with as many bytes.
fn replaced(mut der: Vec<u8>, from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = der.windows(from.len()).rposition(|bytes| bytes == from);
    let at = at.unwrap();
    der[at..at + from.len()].copy_from_slice(to);
    der
}

/// Returns whether an extension is critical and unhandled, or `None` if the certificate is rejected.
fn unhandled(extensions: &[(&[u64], bool, &[u8])]) -> Option<bool> {
    Certificate::parse(&der(extensions)).map(|certificate| certificate.extensions.unhandled)
}

#[test]
fn both_signature_algorithms_must_be_equal() {
    const SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
    const SHA384: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3];
    let der = der(&[]);
    assert!(Certificate::parse(&der).is_some());
    assert!(Certificate::parse(&replaced(der, SHA256, SHA384)).is_none());
}

#[test]
fn extensions_are_of_version_3() {
    const VERSION_3: &[u8] = &[0xa0, 3, 2, 1, 2];
    let der = der(&[(&[1, 2, 3], true, &[5, 0])]);
    let of = |version: u8| {
        let der = replaced(der.clone(), VERSION_3, &[0xa0, 3, 2, 1, version]);
        let parsed = Certificate::parse(&der).map(|certificate| certificate.extensions);
        parsed.map(|extensions| (extensions.dns_names.len(), extensions.unhandled))
    };
    assert_eq!(of(0), Some((0, false)));
    assert_eq!(of(1), Some((0, false)));
    assert_eq!(of(2), Some((1, true)));
    assert_eq!(of(3), None);
}

#[test]
fn nothing_follows_the_extensions() {
    // The last extension, if the list ends before it.
    let with = der(&[(&[1, 2, 3], false, &[4, 2, 4, 0])]);
    assert!(Certificate::parse(&with).is_some());
    let is_list = |of: &[u8]| of[0] == 0xa3 && of[2] == 0x30 && of[1] == of[3] + 2;
    let at = with.windows(4).position(is_list).unwrap() + 3;
    let mut shorter = with.clone();
    shorter[at] -= 12;
    assert!(Certificate::parse(&shorter).is_none());
}

#[test]
fn duplicate_extensions_are_rejected() {
    let one: (&[u64], _, &[u8]) = (&[1, 2, 3], false, &[5, 0]);
    assert_eq!(unhandled(&[one]), Some(false));
    assert_eq!(unhandled(&[one, one]), None);
}

#[test]
fn critical_extensions_must_be_handled() {
    for (arc, value, expected) in [
        (31, &[0x30, 0][..], false),
        (32, &[0x30, 0], false),
        (33, &[0x30, 0], false),
        (36, &[0x30, 3, 0x80, 1, 0], false),
        (54, &[2, 1, 0], false),
        (99, &[5, 0], true),
    ] {
        let id: &[u64] = &[2, 5, 29, arc];
        assert_eq!(unhandled(&[(id, true, value)]), Some(expected), "{arc}");
        assert_eq!(unhandled(&[(id, false, value)]), Some(false), "{arc}");
    }
}

#[test]
fn names_of_types_that_are_not_handled() {
    let read = |value: &[u8]| {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 17], value.to_vec());
        extension.set_criticality(true);
        params.custom_extensions.push(extension);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Certificate::parse(certificate.der()).map(|of| of.extensions.unhandled)
    };
    assert_eq!(read(&[0x30, 0]), Some(true));
    assert_eq!(read(&[0x30, 4, 0x88, 2, 0x2a, 3]), Some(true));
    assert_eq!(read(&[0x30, 4, 0x82, 2, b'a', b'b']), Some(false));
    assert_eq!(read(&[0x30, 4, 0x82, 2, b'a', 0xff]), None);
    assert_eq!(read(&[0x30, 4, 0x87, 2, 1, 1]), None);
}

#[test]
fn malformed_constraints_reject_the_certificate() {
    // With one excluded subtree.
    let read = |tag: u8, base: &[u8]| {
        let length = |more| u8::try_from(base.len()).unwrap() + more;
        let heads = [
            0x30,
            length(6),
            0xa1,
            length(4),
            0x30,
            length(2),
            tag,
            length(0),
        ];
        unhandled(&[(&[2, 5, 29, 30], true, &[&heads, base].concat())])
    };
    for (tag, base, expected) in [
        (0x82, &b"example"[..], Some(false)),
        (0x82, b"", Some(false)),
        (0x82, b".example", Some(false)),
        (0x82, b"example.", None),
        (0x82, b"a..example", None),
        (0x82, b"a example", None),
        (0x82, b"\xff", None),
        (0x87, &[10, 0, 0, 0, 255, 0, 0, 0], Some(false)),
        (0x87, &[10, 0, 0, 0, 0, 0, 0, 0], Some(false)),
        (0x87, &[10, 0, 0, 0, 255, 0, 255, 0], None),
        (0x87, &[10, 0, 0, 0, 253, 0, 0, 0], None),
        (0x87, &[10, 0, 0, 0, 255], None),
        (0x81, b"a@example", Some(false)),
        (0x81, b"@example", None),
        (0x81, b"example.", None),
        (0x86, b".example", Some(false)),
        (0x86, b"10.0.0.1", None),
        // A directory name, a registered ID, an X.400 address.
        (0xa4, &[0x30, 0], Some(true)),
        (0x88, &[0x2a, 3], Some(true)),
        (0xa3, &[0x30, 0], Some(true)),
    ] {
        assert_eq!(read(tag, base), expected, "{tag:x} {base:?}");
    }
    assert_eq!(unhandled(&[(&[2, 5, 29, 30], false, &[0x30, 0])]), None);
}

#[test]
fn an_rsa_key_is_of_1024_to_16384_bits_and_a_server_s_of_8192() {
    let certificate = Certificate::parse(&der(&[])).unwrap();
    assert!(!certificate.has_unsupported_rsa_size());
    let algorithms = provider().signature_verification_algorithms;
    for (bytes, expected, is_too_large) in [
        (127, true, false),
        (128, false, false),
        (1024, false, false),
        (1025, false, true),
        (2048, false, true),
        (2049, true, true),
    ] {
        let modulus = UintRef::new(&vec![0xff; bytes]).unwrap().to_der().unwrap();
        let numbers = [&modulus[..], &[2, 3, 1, 0, 1]].concat();
        let key = AnyRef::new(Tag::Sequence, &numbers).unwrap();
        let of_rsa = Certificate {
            key_algorithm: alg_id::RSA_ENCRYPTION.as_ref().to_vec(),
            signature_algorithm: alg_id::RSA_PKCS1_SHA256.as_ref().to_vec(),
            key: key.to_der().unwrap(),
            ..certificate.clone()
        };
        assert_eq!(of_rsa.has_unsupported_rsa_size(), expected, "{bytes}");
        let too_large = of_rsa.has_oversized_rsa_key();
        assert_eq!(too_large, is_too_large, "{bytes}");
        let expected = if expected {
            Signed::ByUnsupported
        } else {
            Signed::No
        };
        let signed = of_rsa.is_signed_by(&of_rsa, algorithms.all);
        assert_eq!(signed, expected, "{bytes}");
    }
}
