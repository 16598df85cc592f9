use std::sync::Arc;

use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, date_time_ymd};
use rustls::{ExtendedKeyPurpose, OtherError};

use super::*;

/// Always returns this error.
#[derive(Debug)]
struct Stub(CertificateError);

impl ServerCertVerifier for Stub {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Err(self.0.clone().into())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(self.0.clone().into())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(self.0.clone().into())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        Vec::new()
    }
}

/// Builds a self-signed certificate.
fn certificate(name: &str, years: (i32, i32), purpose: Option<ExtendedKeyUsagePurpose>) -> Vec<u8> {
    let mut params = CertificateParams::new(vec!["cp.example".to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = date_time_ymd(years.0, 1, 1);
    params.not_after = date_time_ymd(years.1, 1, 1);
    params.extended_key_usages.extend(purpose);
    let key = KeyPair::generate().unwrap();
    params.self_signed(&key).unwrap().der().to_vec()
}

fn text(error: &Error) -> String {
    match BadCertificate::find(error) {
        Some(bad) => bad.to_string(),
        None => error.to_string(),
    }
}

/// Returns the message for a chain of a server's and a CA's certificate.
fn said(error: CertificateError, server: &[u8], ca: &[u8]) -> String {
    let naming = NamedErrors {
        whose: Whose::Server,
        verifier: Stub(error),
    };
    let outcome = naming.verify_server_cert(
        &server.into(),
        &[ca.into()],
        &"cp.example".try_into().unwrap(),
        &[],
        UnixTime::now(),
    );
    text(&outcome.unwrap_err())
}

fn at(seconds: u64) -> UnixTime {
    UnixTime::since_unix_epoch(core::time::Duration::from_secs(seconds))
}

#[test]
fn each_error_of_a_chain_has_its_message() {
    use CertificateError as E;

    const ECDSA_WITH_SHA224: &[u8] = &[6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1];
    const ID_ED25519: &[u8] = &[6, 3, 0x2b, 0x65, 0x70];
    let server = certificate("server", (2020, 2055), None);
    let ca = certificate("a CA", (2020, 2055), None);
    for (error, expected) in [
        (E::UnknownIssuer, "no trusted CA has issued it"),
        (
            E::BadSignature,
            "a trusted CA has the name of its issuer, and has not signed it",
        ),
        (
            E::NotValidForNameContext {
                expected: "cp.example".try_into().unwrap(),
                presented: vec![
                    "DnsName(\"a\u{1b}.example\")".to_owned(),
                    "IpAddress(10.0.0.1)".to_owned(),
                ],
            },
            "it is not for cp.example, but for a\u{fffd}.example, 10.0.0.1",
        ),
        (
            E::InvalidPurpose,
            "its extended key usage does not allow this use",
        ),
        (
            E::InvalidPurposeContext {
                required: ExtendedKeyPurpose::ServerAuth,
                presented: vec![ExtendedKeyPurpose::ClientAuth],
            },
            "its extended key usage does not allow this use",
        ),
        (
            E::UnhandledCriticalExtension,
            "it has a critical extension that is not supported",
        ),
        (E::BadEncoding, "it is malformed"),
        (
            E::UnsupportedSignatureAlgorithmContext {
                signature_algorithm_id: ECDSA_WITH_SHA224.to_vec(),
                supported_algorithms: Vec::new(),
            },
            "it is signed by ecdsa-with-SHA224, which is not supported",
        ),
        (
            E::UnsupportedSignatureAlgorithmForPublicKeyContext {
                signature_algorithm_id: ECDSA_WITH_SHA224.to_vec(),
                public_key_algorithm_id: ID_ED25519.to_vec(),
            },
            "it is signed by ecdsa-with-SHA224 and a key of id-Ed25519, which is not supported",
        ),
        (E::Revoked, "refused by the platform: Revoked"),
        (
            E::ExpiredRevocationListContext {
                time: at(10),
                next_update: at(4),
            },
            "refused by the platform: certificate revocation list expired: verification time 10 (UNIX), but CRL is \
             not valid after 4 (6 seconds ago)",
        ),
        (
            E::Other(OtherError(Arc::from(Box::from("it says\nno")))),
            "refused by the platform: it says\u{fffd}no",
        ),
    ] {
        let expected =
            format!("certificate of the server (CN=server, issuer CN=server): {expected}");
        assert_eq!(said(error, &server, &ca), expected);
    }
}

#[test]
fn a_date_error_names_its_certificate() {
    const OF_2021: u64 = 1_609_459_200;
    const OF_2054: u64 = 2_650_838_400;
    let expired = CertificateError::ExpiredContext {
        time: UnixTime::now(),
        not_after: at(OF_2021),
    };
    let future = CertificateError::NotValidYetContext {
        time: UnixTime::now(),
        not_before: at(OF_2054),
    };
    let good = certificate("good", (2020, 2055), None);
    let old = certificate("old", (2020, 2021), None);
    let new = certificate("new", (2054, 2055), None);
    for (error, server, ca, expected) in [
        (
            &expired,
            &old,
            &good,
            "certificate of the server (CN=old, issuer CN=old): it expired at 2021-01-01T00:00:00Z",
        ),
        (
            &expired,
            &good,
            &old,
            "certificate of a CA (CN=old, issuer CN=old): it expired at 2021-01-01T00:00:00Z",
        ),
        (
            &expired,
            &good,
            &good,
            "certificate of a CA: it expired at 2021-01-01T00:00:00Z",
        ),
        (
            &future,
            &new,
            &good,
            "certificate of the server (CN=new, issuer CN=new): it is not valid before 2054-01-01T00:00:00Z",
        ),
        (
            &future,
            &good,
            &new,
            "certificate of a CA (CN=new, issuer CN=new): it is not valid before 2054-01-01T00:00:00Z",
        ),
    ] {
        assert_eq!(said(error.clone(), server, ca), expected);
    }
}

/// The platform verifier's own error for it is empty.
#[test]
fn a_purpose_is_seen_in_the_certificate() {
    let error = CertificateError::Other(OtherError(Arc::from(Box::from("invalid extensions"))));
    let purpose = Some(ExtendedKeyUsagePurpose::ClientAuth);
    let server = certificate("server", (2020, 2055), purpose);
    assert_eq!(
        said(error, &server, &server),
        "certificate of the server (CN=server, issuer CN=server): its extended key usage does not allow this use"
    );
}

#[test]
fn a_signature_of_the_handshake_is_not_one_of_the_chain() {
    let naming = NamedErrors {
        whose: Whose::Proxy,
        verifier: Stub(CertificateError::BadSignature),
    };
    let server = certificate("proxy", (2020, 2055), None);
    let error = naming.of_handshake(CertificateError::BadSignature.into(), &server);
    assert_eq!(
        text(&error),
        "certificate of the proxy (CN=proxy, issuer CN=proxy): the signature of the TLS handshake is not by its key"
    );
    let other = naming.of_handshake(Error::DecryptError, &server);
    assert_eq!(other, Error::DecryptError);
}
