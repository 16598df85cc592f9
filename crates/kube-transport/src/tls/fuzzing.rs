use rustls::client::danger::ServerCertVerifier as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use x509_cert::Version;
use x509_cert::der::{Decode as _, Encode as _};
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

use super::bad_certificate::{BadCertificate, Whose};
use super::certificate::Certificate;
use super::fault::Fault;
use super::provider::provider;
use super::verifier::Verifier;
use crate::fuzzing::is_bounded;

/// Parses the certificate of an untrusted server, and compares it with a complete X.509 parser.
///
/// # Panics
/// A property does not hold.
pub fn certificate(der: &[u8]) {
    let refused = BadCertificate::of_der(Whose::Server, der, Fault::Malformed).to_string();
    is_bounded(refused.len(), der.len());
    assert!(!refused.contains(char::is_control), "{refused}");
    let Some(ours) = Certificate::parse(der) else {
        return;
    };
    assert_eq!(ours.der, der);
    if let Ok(whole) = x509_cert::Certificate::from_der(der) {
        is_the_same(&ours, &whole);
    }
    judged(&ours, der);
}

fn is_the_same(ours: &Certificate, whole: &x509_cert::Certificate) {
    let tbs = whole.tbs_certificate();
    assert_eq!(tbs.subject().to_der().as_ref(), Ok(&ours.subject));
    assert_eq!(tbs.issuer().to_der().as_ref(), Ok(&ours.issuer));
    let validity = tbs.validity();
    for (theirs, ours) in [
        (validity.not_before, ours.not_before),
        (validity.not_after, ours.not_after),
    ] {
        assert_eq!(theirs.to_unix_duration().as_secs(), ours);
    }
    let key = tbs.subject_public_key_info();
    assert_eq!(key.subject_public_key.raw_bytes(), ours.key);
    assert_eq!(tbs.version() == Version::V3, ours.is_version_3);
    if !ours.is_version_3 {
        return;
    }
    // It occurs at most once, or our parser would have rejected it.
    let basic = tbs.get_extension::<BasicConstraints>();
    if let Ok(basic) = basic {
        assert_eq!(basic.map(|(_, basic)| basic), ours.extensions.basic);
    }
    if let Ok(Some((_, usage))) = tbs.get_extension::<KeyUsage>()
        && let Some(may_sign) = ours.extensions.may_sign
    {
        assert_eq!(usage.key_cert_sign(), may_sign);
    }
}

/// Checks it as the server's own, as an issuer, and as a root.
fn judged(ours: &Certificate, der: &[u8]) {
    let algorithms = provider().signature_verification_algorithms;
    let told = [ours.key_description(), ours.signature_name()];
    is_bounded(told.concat().len(), der.len());
    let Some(verifier) = Verifier::new([der], algorithms) else {
        panic!("it can be read, and is no root");
    };
    let shown = CertificateDer::from(der);
    let now = UnixTime::since_unix_epoch(core::time::Duration::from_secs(1_798_761_600));
    for name in ["cp.example", "127.0.0.1", "::1"] {
        let Ok(name) = ServerName::try_from(name) else {
            panic!("{name} is a name");
        };
        let others = [shown.clone()];
        let outcome = verifier.verify_server_cert(&shown, &others, &name, &[], now);
        match outcome {
            Ok(_) => {
                assert!((ours.not_before..=ours.not_after).contains(&now.as_secs()));
                assert!(!ours.extensions.unhandled);
            }
            Err(error) => {
                let Some(bad) = BadCertificate::find(&error) else {
                    panic!("{error} names no certificate");
                };
                let said = bad.to_string();
                is_bounded(said.len(), der.len());
                assert!(!said.contains(char::is_control), "{said}");
            }
        }
    }
    if let Some(constraints) = &ours.extensions.constraints {
        let _ = constraints.allow(ours);
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use rcgen::{CertificateParams, CustomExtension, KeyPair};

    use super::certificate;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// A valid certificate with a few changed bytes and arbitrary extensions.
        #[test]
        fn properties_hold(
            extensions in vec((15_u64..40, any::<bool>(), vec(any::<u8>(), 0..12)), 0..3),
            changes in vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
            end in 0_usize..4,
        ) {
            let mut params = CertificateParams::new(vec!["cp.example".to_owned()]).unwrap();
            for (arc, critical, value) in extensions {
                let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, arc], value);
                extension.set_criticality(critical);
                params.custom_extensions.push(extension);
            }
            let key = KeyPair::generate().unwrap();
            let mut der = params.self_signed(&key).unwrap().der().to_vec();
            certificate(&der);
            for (at, byte) in changes {
                let at = at.index(der.len());
                der[at] = byte;
            }
            der.truncate(der.len() - end);
            certificate(&der);
        }
    }
}
