use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, OtherError, SignatureScheme};
use x509_cert::der::asn1::ObjectIdentifier;

use super::certificate::{Certificate, Signed};
use super::name;

const ANY_PURPOSE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37.0");
const SERVER: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.1");

/// Trusts what `Verify` of crypto/x509 trusts with these certificates as the roots.
///
/// webpki is stricter in some things and laxer in others: it takes no certificate of a server for its own root, none of
/// a CA for a server's, and looks neither at the dates of a root nor at its constraints.
#[derive(Debug)]
pub(super) struct Verifier {
    roots: Vec<Certificate>,
    algorithms: WebPkiSupportedAlgorithms,
}

/// The most signatures that are verified for one certificate: `maxChainSignatureChecks`.
const SIGNATURES: u32 = 100;

impl Verifier {
    /// Certificates that cannot be read are passed over, as Go does. None without any.
    pub(super) fn new(
        roots: impl IntoIterator<Item = impl AsRef<[u8]>>,
        algorithms: WebPkiSupportedAlgorithms,
    ) -> Option<Self> {
        let roots = roots.into_iter();
        let roots: Vec<_> = roots
            .filter_map(|der| Certificate::parse(der.as_ref()))
            .collect();
        (!roots.is_empty()).then_some(Self { roots, algorithms })
    }

    fn verify(
        &self,
        server: &Certificate,
        intermediates: &[Certificate],
        server_name: &ServerName<'_>,
        now: u64,
    ) -> Result<(), CertificateError> {
        let mut search = Search {
            verifier: self,
            intermediates,
            now,
            signatures: 0,
            hint: None,
        };
        search.check(server, Role::Server, &[])?;
        if !name::is_for(server, server_name) {
            return Err(not_for(server, server_name));
        }
        // The handshake would fail by its signature, without a word about the key.
        if server.has_rsa_key_of_another_size() {
            return Err(other(Fault::Algorithm));
        }
        if self.roots.iter().any(|root| root.der == server.der) {
            return accept(&[server]);
        }
        if search.extend(&[server]) {
            return Ok(());
        }
        Err(search.hint.unwrap_or(CertificateError::UnknownIssuer))
    }
}

fn not_for(server: &Certificate, name: &ServerName<'_>) -> CertificateError {
    let names = server
        .extensions
        .dns_names
        .iter()
        .map(|name| format!("DnsName(\"{name}\")"));
    let addresses = server
        .extensions
        .addresses
        .iter()
        .map(|address| format!("IpAddress({address})"));
    CertificateError::NotValidForNameContext {
        expected: name.to_owned(),
        presented: names.chain(addresses).collect(),
    }
}

/// What a certificate is in a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Server,
    Intermediate,
    Root,
}

/// `buildChains`, depth first, until one path is good.
struct Search<'a> {
    verifier: &'a Verifier,
    intermediates: &'a [Certificate],
    now: u64,
    signatures: u32,
    /// Why the first issuer that was found is of no use.
    hint: Option<CertificateError>,
}

impl<'a> Search<'a> {
    /// Looks for an issuer of the last in the path.
    fn extend(&mut self, path: &[&'a Certificate]) -> bool {
        let Some(child) = path.last().copied() else {
            return false;
        };
        let roots = self.verifier.roots.iter().map(|root| (Role::Root, root));
        let others = self
            .intermediates
            .iter()
            .map(|other| (Role::Intermediate, other));
        let candidates = roots.chain(others);
        for (role, issuer) in candidates.filter(|(_, issuer)| issuer.subject == child.issuer) {
            self.signatures += 1;
            if self.signatures > SIGNATURES {
                return false;
            }
            if is_in_path(issuer, path) {
                continue;
            }
            match self.consider(child, issuer, role, path) {
                Ok(()) => {}
                Err(CertificateError::UnknownIssuer) => continue,
                Err(error) => {
                    self.hint.get_or_insert(error);
                    continue;
                }
            }
            let longer = [path, &[issuer]].concat();
            let is_good = match role {
                Role::Root => match accept(&longer) {
                    Ok(()) => true,
                    Err(error) => {
                        self.hint.get_or_insert(error);
                        false
                    }
                },
                _ => self.extend(&longer),
            };
            if is_good {
                return true;
            }
        }
        false
    }

    /// `CheckSignatureFrom`, then `isValid`. One that did not sign is another of the same name, whatever is wrong with it.
    fn consider(
        &self,
        child: &Certificate,
        issuer: &Certificate,
        role: Role,
        path: &[&Certificate],
    ) -> Result<(), CertificateError> {
        match child.is_signed_by(issuer, self.verifier.algorithms.all) {
            Signed::Yes => {}
            Signed::No => return Err(CertificateError::UnknownIssuer),
            Signed::ByUnsupported => return Err(other(Fault::Algorithm)),
        }
        let may_issue = issuer.is_ca().unwrap_or(!issuer.is_version_3);
        if !may_issue || issuer.extensions.may_sign == Some(false) {
            return Err(other(Fault::NotACa));
        }
        self.check(issuer, role, path)
    }

    /// `isValid`.
    fn check(
        &self,
        certificate: &Certificate,
        role: Role,
        path: &[&Certificate],
    ) -> Result<(), CertificateError> {
        if certificate.extensions.unhandled {
            return Err(CertificateError::UnhandledCriticalExtension);
        }
        let time = UnixTime::since_unix_epoch(core::time::Duration::from_secs(self.now));
        let at = |seconds| UnixTime::since_unix_epoch(core::time::Duration::from_secs(seconds));
        if self.now < certificate.not_before {
            let not_before = at(certificate.not_before);
            return Err(CertificateError::NotValidYetContext { time, not_before });
        }
        if self.now > certificate.not_after {
            let not_after = at(certificate.not_after);
            return Err(CertificateError::ExpiredContext { time, not_after });
        }
        if role == Role::Intermediate && certificate.is_ca() != Some(true) {
            return Err(other(Fault::NotACa));
        }
        let basic = certificate.extensions.basic.as_ref();
        let longest = basic
            .filter(|basic| basic.ca)
            .and_then(|basic| basic.path_len_constraint);
        let between = path.len().saturating_sub(1);
        if longest.is_some_and(|longest| between > longest.into()) {
            return Err(other(Fault::PathTooLong));
        }
        Ok(())
    }
}

/// What is checked of a whole path: purposes, constraints on names, and that nothing below the root has critical ones on
/// policies.
fn accept(path: &[&Certificate]) -> Result<(), CertificateError> {
    let is_for_servers = |certificate: &&Certificate| {
        let purposes = certificate.extensions.purposes.as_ref();
        purposes.is_none_or(|purposes| {
            purposes.is_empty() || purposes.contains(&SERVER) || purposes.contains(&ANY_PURPOSE)
        })
    };
    if !path.iter().all(is_for_servers) {
        return Err(CertificateError::InvalidPurpose);
    }
    let below_root = &path[..path.len().saturating_sub(1)];
    if below_root
        .iter()
        .any(|of| of.extensions.must_follow_policies)
    {
        return Err(CertificateError::UnhandledCriticalExtension);
    }
    for (at, issuer) in path.iter().enumerate() {
        let Some(constraints) = &issuer.extensions.constraints else {
            continue;
        };
        if !path[..at].iter().all(|below| constraints.allow(below)) {
            return Err(other(Fault::NameConstraints));
        }
    }
    Ok(())
}

/// `alreadyInChain`: the same subject, key and names.
fn is_in_path(certificate: &Certificate, path: &[&Certificate]) -> bool {
    path.iter().any(|of| {
        of.subject == certificate.subject
            && of.key == certificate.key
            && of.extensions.dns_names == certificate.extensions.dns_names
            && of.extensions.addresses == certificate.extensions.addresses
    })
}

/// What rustls has no name for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// An issuer is not a CA: it says so, or is for other uses than signing certificates.
    NotACa,
    /// There are more CAs below one than it allows.
    PathTooLong,
    /// A CA may not issue for such names.
    NameConstraints,
    /// A signature is by an algorithm or a size of key that is not taken.
    Algorithm,
}

impl core::fmt::Display for Fault {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::NotACa => "its issuer may not issue certificates",
            Self::PathTooLong => "there are more CAs between than one of them allows",
            Self::NameConstraints => {
                "one of its names is not allowed by the name constraints of a CA"
            }
            Self::Algorithm => "signed by an algorithm, or a size of key, that is not supported",
        })
    }
}

impl core::error::Error for Fault {}

fn other(fault: Fault) -> CertificateError {
    CertificateError::Other(OtherError(Arc::new(fault)))
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let parse =
            |der: &CertificateDer<'_>| Certificate::parse(der).ok_or(CertificateError::BadEncoding);
        let server = parse(end_entity)?;
        let intermediates: Result<Vec<_>, _> = intermediates.iter().map(parse).collect();
        self.verify(&server, &intermediates?, server_name, now.as_secs())?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
