use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::WebPkiSupportedAlgorithms;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{DigitallySignedStruct, SignatureScheme};

use super::bad_certificate::{BadCertificate, Whose};
use super::certificate::{Certificate, Signed};
use super::fault::Fault;
use super::{handshake, name};

/// Trusts the same chains as `Verify` of crypto/x509 with these roots.
///
/// webpki differs: it rejects a server certificate as its own root and a CA's as a server's, and it ignores the dates
/// and constraints of a root.
#[derive(Debug)]
pub(super) struct Verifier {
    roots: Vec<Certificate>,
    algorithms: WebPkiSupportedAlgorithms,
}

/// The most signatures verified for one certificate: `maxChainSignatureChecks`.
const SIGNATURES: u32 = 100;

impl Verifier {
    /// Skips certificates that cannot be parsed, as Go does. Returns `None` if none remains.
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
    ) -> Result<(), BadCertificate> {
        let mut search = Search {
            verifier: self,
            intermediates,
            now,
            signatures: 0,
            hint: None,
            namesake: None,
        };
        let of_server = |fault| BadCertificate::new(Whose::Server, server, fault);
        let mut cas = intermediates.iter();
        if let Some(ca) = cas.find(|ca| ca.has_oversized_rsa_key()) {
            let fault = Fault::Key(ca.key_description());
            return Err(BadCertificate::new(Whose::Ca, ca, fault));
        }
        search.check(server, Role::Server, &[]).map_err(of_server)?;
        if !name::is_for(server, server_name) {
            return Err(of_server(name::fault(server, server_name)));
        }
        // The handshake would fail on its signature, without naming the key.
        if server.has_unsupported_rsa_size() || server.has_oversized_rsa_key() {
            return Err(of_server(Fault::Key(server.key_description())));
        }
        if self.roots.iter().any(|root| root.der == server.der) {
            return accept(&[server]);
        }
        if search.extend(&[server]) {
            return Ok(());
        }
        let hint = search.hint.or(search.namesake);
        Err(hint.unwrap_or_else(|| of_server(Fault::UnknownIssuer)))
    }
}

/// The role of a certificate in a path.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Server,
    Intermediate,
    Root,
}

/// `buildChains`: searches depth first until a path is valid.
struct Search<'a> {
    verifier: &'a Verifier,
    intermediates: &'a [Certificate],
    now: u64,
    signatures: u32,
    /// Why the first issuer that was found does not qualify.
    hint: Option<BadCertificate>,
    /// The last resort: an issuer of that name that did not sign.
    namesake: Option<BadCertificate>,
}

impl<'a> Search<'a> {
    /// Looks for an issuer of the last certificate in the path.
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
            if let Err(bad) = self.consider(child, issuer, role, path) {
                let hint = match bad.fault() {
                    Fault::Namesake => &mut self.namesake,
                    _ => &mut self.hint,
                };
                hint.get_or_insert(bad);
                continue;
            }
            let longer = [path, &[issuer]].concat();
            let is_good = match role {
                Role::Root => match accept(&longer) {
                    Ok(()) => true,
                    Err(bad) => {
                        self.hint.get_or_insert(bad);
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

    /// `CheckSignatureFrom`, then `isValid`. An issuer that did not sign only has the same name; its other faults do
    /// not matter.
    fn consider(
        &self,
        child: &Certificate,
        issuer: &Certificate,
        role: Role,
        path: &[&Certificate],
    ) -> Result<(), BadCertificate> {
        let of_child = |fault| BadCertificate::new(whose(path.len() - 1), child, fault);
        let of_issuer = |fault| BadCertificate::new(Whose::Ca, issuer, fault);
        match child.is_signed_by(issuer, self.verifier.algorithms.all) {
            Signed::Yes => {}
            Signed::No if role == Role::Root => return Err(of_child(Fault::Namesake)),
            Signed::No => return Err(of_child(Fault::UnknownIssuer)),
            Signed::ByUnsupported if issuer.has_unsupported_rsa_size() => {
                return Err(of_issuer(Fault::Key(issuer.key_description())));
            }
            Signed::ByUnsupported => {
                let (algorithm, key) = (child.signature_name(), issuer.key_description());
                let by = format!("{algorithm} and a key of {key}");
                return Err(of_child(Fault::Algorithm(by)));
            }
        }
        let may_issue = issuer.is_ca().unwrap_or(!issuer.is_version_3);
        if !may_issue || issuer.extensions.may_sign == Some(false) {
            return Err(of_child(Fault::NotACa));
        }
        self.check(issuer, role, path).map_err(|fault| match fault {
            Fault::NotACa => of_child(fault),
            fault => of_issuer(fault),
        })
    }

    /// `isValid`.
    fn check(
        &self,
        certificate: &Certificate,
        role: Role,
        path: &[&Certificate],
    ) -> Result<(), Fault> {
        if certificate.extensions.unhandled {
            return Err(Fault::Extension);
        }
        if self.now < certificate.not_before {
            return Err(Fault::NotYetValid(certificate.not_before));
        }
        if self.now > certificate.not_after {
            return Err(Fault::Expired(certificate.not_after));
        }
        if role == Role::Intermediate && certificate.is_ca() != Some(true) {
            return Err(Fault::NotACa);
        }
        let basic = certificate.extensions.basic.as_ref();
        let longest = basic
            .filter(|basic| basic.ca)
            .and_then(|basic| basic.path_len_constraint);
        let between = path.len().saturating_sub(1);
        if longest.is_some_and(|longest| between > longest.into()) {
            return Err(Fault::PathTooLong);
        }
        Ok(())
    }
}

/// Returns the role of the certificate at this place in a path.
fn whose(at: usize) -> Whose {
    if at == 0 { Whose::Server } else { Whose::Ca }
}

/// Checks a whole path: purposes, name constraints, and no critical policy constraints below the root.
fn accept(path: &[&Certificate]) -> Result<(), BadCertificate> {
    for (at, certificate) in path.iter().enumerate() {
        let bad = |fault| Err(BadCertificate::new(whose(at), certificate, fault));
        if !certificate.is_for_servers() {
            return bad(Fault::Purpose);
        }
        if at + 1 < path.len() && certificate.extensions.must_follow_policies {
            return bad(Fault::Extension);
        }
    }
    for (at, issuer) in path.iter().enumerate() {
        let Some(constraints) = &issuer.extensions.constraints else {
            continue;
        };
        let forbidden = path[..at]
            .iter()
            .position(|below| !constraints.allow(below));
        if let Some(at) = forbidden {
            let fault = Fault::NameConstraints;
            return Err(BadCertificate::new(whose(at), path[at], fault));
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

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let parse = |whose| {
            move |der: &CertificateDer<'_>| {
                let malformed = || BadCertificate::of_der(whose, der, Fault::Malformed);
                Certificate::parse(der).ok_or_else(malformed)
            }
        };
        let server = parse(Whose::Server)(end_entity)?;
        let intermediates: Result<Vec<_>, _> = intermediates.iter().map(parse(Whose::Ca)).collect();
        self.verify(&server, &intermediates?, server_name, now.as_secs())?;
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        handshake::verify(message, certificate, dss, &self.algorithms, false)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        handshake::verify(message, certificate, dss, &self.algorithms, true)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
