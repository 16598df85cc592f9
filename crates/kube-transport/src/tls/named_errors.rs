use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use super::algorithm;
use super::bad_certificate::{BadCertificate, Whose, printable};
use super::certificate::Certificate;
use super::fault::Fault;

/// Wraps another verifier, so that its errors name the certificate.
#[derive(Debug)]
pub(super) struct NamedErrors<V> {
    pub(super) whose: Whose,
    pub(super) verifier: V,
}

impl<V> NamedErrors<V> {
    /// Describes a rejected chain. webpki does not say which of its certificates an error is about.
    fn of_chain(
        &self,
        error: CertificateError,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
    ) -> BadCertificate {
        let leaf = Certificate::parse(end_entity);
        let fault = match error {
            CertificateError::BadSignature => Fault::Namesake,
            // The platform verifier replaces InvalidPurpose with an error of its own.
            CertificateError::Other(_)
                if leaf.as_ref().is_some_and(|leaf| !leaf.is_for_servers()) =>
            {
                Fault::Purpose
            }
            other => fault(other),
        };
        let has_its_dates = |certificate: &Certificate| match fault {
            Fault::Expired(moment) => certificate.not_after == moment,
            Fault::NotYetValid(moment) => certificate.not_before == moment,
            _ => true,
        };
        if leaf.as_ref().is_none_or(has_its_dates) {
            return BadCertificate::of_der(self.whose, end_entity, fault);
        }
        let mut cas = intermediates
            .iter()
            .filter_map(|der| Certificate::parse(der));
        match cas.find(has_its_dates) {
            Some(ca) => BadCertificate::new(Whose::Ca, &ca, fault),
            None => BadCertificate::of_der(Whose::Ca, &[], fault),
        }
    }

    fn of_handshake(&self, error: Error, der: &[u8]) -> Error {
        let fault = match error {
            Error::InvalidCertificate(CertificateError::BadSignature) => Fault::NotTheirs,
            Error::InvalidCertificate(other) => fault(other),
            other => return other,
        };
        BadCertificate::of_der(self.whose, der, fault).into()
    }
}

/// Converts an error that means the same in a chain and in a handshake.
fn fault(error: CertificateError) -> Fault {
    use CertificateError as E;
    match error {
        E::UnknownIssuer => Fault::UnknownIssuer,
        E::ExpiredContext { not_after, .. } => Fault::Expired(not_after.as_secs()),
        E::NotValidYetContext { not_before, .. } => Fault::NotYetValid(not_before.as_secs()),
        E::NotValidForNameContext {
            expected,
            presented,
        } => Fault::OtherName {
            wanted: expected.to_str().into_owned(),
            names: presented.iter().map(|name| inner_name(name)).collect(),
        },
        E::InvalidPurpose | E::InvalidPurposeContext { .. } => Fault::Purpose,
        E::UnhandledCriticalExtension => Fault::Extension,
        E::BadEncoding => Fault::Malformed,
        // Its Display prints the bytes of the identifiers.
        E::UnsupportedSignatureAlgorithmContext {
            signature_algorithm_id,
            ..
        } => Fault::Algorithm(algorithm::name(&signature_algorithm_id)),
        E::UnsupportedSignatureAlgorithmForPublicKeyContext {
            signature_algorithm_id,
            public_key_algorithm_id,
        } => Fault::Algorithm(format!(
            "{} and a key of {}",
            algorithm::name(&signature_algorithm_id),
            algorithm::name(&public_key_algorithm_id)
        )),
        E::Other(error) => Fault::Other(printable(&error.to_string())),
        other => Fault::Other(printable(&other.to_string())),
    }
}

/// Returns the name in `DnsName("cp.example")` or `IpAddress(10.0.0.1)`.
fn inner_name(presented: &str) -> String {
    let name = presented.split_once('(').map(|(_, name)| name);
    let name = name.and_then(|name| name.strip_suffix(')'));
    printable(name.unwrap_or(presented).trim_matches('"'))
}

impl<V: ServerCertVerifier> ServerCertVerifier for NamedErrors<V> {
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
        outcome.map_err(|error| match error {
            Error::InvalidCertificate(error) => {
                self.of_chain(error, end_entity, intermediates).into()
            }
            other => other,
        })
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
        outcome.map_err(|error| self.of_handshake(error, certificate))
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
        outcome.map_err(|error| self.of_handshake(error, certificate))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.verifier.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests;
