use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use super::bad_certificate::{BadCertificate, Whose, printable};
use super::fault::Fault;

/// Another verifier, whose refusals name the certificate.
#[derive(Debug)]
pub(super) struct Naming<V> {
    pub(super) whose: Whose,
    pub(super) verifier: V,
}

impl<V> Naming<V> {
    fn named<T>(&self, der: &[u8], outcome: Result<T, Error>) -> Result<T, Error> {
        outcome.map_err(|error| match error {
            Error::InvalidCertificate(error) => {
                BadCertificate::of_der(self.whose, der, error.into()).into()
            }
            other => other,
        })
    }
}

impl From<CertificateError> for Fault {
    fn from(error: CertificateError) -> Self {
        use CertificateError as E;
        match error {
            E::UnknownIssuer => Self::UnknownIssuer,
            E::ExpiredContext { not_after, .. } => Self::Expired(not_after.as_secs()),
            E::NotValidYetContext { not_before, .. } => Self::NotYetValid(not_before.as_secs()),
            E::NotValidForNameContext {
                expected,
                presented,
            } => Self::OtherName {
                wanted: expected.to_str().into_owned(),
                names: presented.iter().map(|name| inside(name)).collect(),
            },
            E::InvalidPurpose | E::InvalidPurposeContext { .. } => Self::Purpose,
            E::UnhandledCriticalExtension => Self::Extension,
            E::BadEncoding => Self::Malformed,
            E::BadSignature => Self::NotTheirs,
            other => Self::Other(spaced(&format!("{other:?}"))),
        }
    }
}

/// The name in `DnsName("cp.example")` and `IpAddress(10.0.0.1)`.
fn inside(presented: &str) -> String {
    let name = presented.split_once('(').map(|(_, name)| name);
    let name = name.and_then(|name| name.strip_suffix(')'));
    printable(name.unwrap_or(presented).trim_matches('"'))
}

/// `CaUsedAsEndEntity` as words.
fn spaced(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && words.ends_with(|last: char| last.is_ascii_lowercase()) {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

impl<V: ServerCertVerifier> ServerCertVerifier for Naming<V> {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let outcome = self.verifier.verify_server_cert(
            end_entity,
            intermediates,
            server_name,
            ocsp_response,
            now,
        );
        self.named(end_entity, outcome)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let outcome = self
            .verifier
            .verify_tls12_signature(message, certificate, dss);
        self.named(certificate, outcome)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let outcome = self
            .verifier
            .verify_tls13_signature(message, certificate, dss);
        self.named(certificate, outcome)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}
