//! Translates the errors of kube, hyper and rustls when no reply came.

use core::iter;
use core::time::Duration;
use std::error::Error as StdError;
use std::io;

use hyper_util::client::legacy;
use kube::client::AuthError;
use kube_transport::{
    BadCertificate, ConnectError, Fault, Handover, Peer, PluginError, Problem, Step, TransportError,
};
use rustls::CertificateError;

use crate::error::{BoxError, Credentials, Kind, Unreachable};
use crate::failure::{Failure, Fate};

/// Classifies why a request got no answer and whether it may have been carried out.
pub(crate) fn failure(error: kube::Error) -> Failure {
    let source: BoxError = match error {
        kube::Error::Service(error) => error,
        kube::Error::HyperError(error) => error.into(),
        kube::Error::Auth(error) => error.into(),
        other => other.into(),
    };
    let source = match source.downcast::<AuthError>() {
        Ok(error) => return credentials(*error),
        Err(source) => source,
    };
    let source = match source.downcast::<PluginError>() {
        Ok(error) => return plugin_failure(*error),
        Err(source) => source,
    };
    if let Some(error) = find::<ConnectError>(&*source) {
        let (failure, proxy_message) = (connect_failure(error), proxy_message(error));
        return failure.caused_by(proxy_message.map_or(source, BoxError::from));
    }
    if find::<AuthError>(&*source).is_some() {
        return Failure::new(Kind::Credentials(Credentials::Other), Fate::Final);
    }
    // From a client that the caller has built.
    let is_refused = |error: &io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
    let connecting = find::<legacy::Error>(&*source).is_some_and(legacy::Error::is_connect)
        || find::<io::Error>(&*source).is_some_and(is_refused);
    let unreachable = match find::<rustls::Error>(&*source) {
        Some(error) => unreachable_by_tls(error),
        None if connecting => Unreachable::NotConnected,
        None => Unreachable::Broken,
    };
    let fate = match unreachable {
        _ if !unreachable.may_pass() => Fate::Final,
        Unreachable::Broken => Fate::Lost,
        // After the handshake, an alert replaces the reply.
        Unreachable::Tls if !connecting => Fate::Lost,
        _ => Fate::NotDone,
    };
    Failure::new(Kind::Unreachable(unreachable), fate).caused_by(source)
}

/// Returns the failure if the deadline passed before the request had a connection, as far as is known.
pub(crate) fn unsent(handover: &Handover, waited: Duration) -> Option<Failure> {
    let (peer, step) = handover.on_the_way()?;
    let error = ConnectError::timed_out(peer, step, waited);
    Some(connect_failure(&error).caused_by(error))
}

/// Converts a failed step of connecting: nothing was sent.
fn connect_failure(error: &ConnectError) -> Failure {
    let unreachable = match (error.peer(), error.step()) {
        (Peer::Proxy(_), _) => Unreachable::Proxy,
        (Peer::Server, Step::Resolve) => Unreachable::NameNotResolved,
        (Peer::Server, Step::Connect) if matches!(error.problem(), Problem::TimedOut(_)) => {
            Unreachable::NoAnswer
        }
        (Peer::Server, Step::Handshake) => match error.problem() {
            Problem::Certificate(bad) => unreachable_by_certificate(bad),
            Problem::TimedOut(_) => Unreachable::Silent,
            _ => Unreachable::Tls,
        },
        (Peer::Server, _) => Unreachable::NotConnected,
    };
    let will_be_the_same = match error.problem() {
        Problem::Refused(status) => *status == http::StatusCode::PROXY_AUTHENTICATION_REQUIRED,
        Problem::SocksLogin | Problem::NoRoots => true,
        problem => matches!(problem, Problem::Certificate(_)),
    };
    let fate = if will_be_the_same || !unreachable.may_pass() {
        Fate::Final
    } else {
        Fate::NotDone
    };
    Failure::new(Kind::Unreachable(unreachable), fate)
}

/// Formats a proxy's error as one text: the last cause alone would not mention the proxy.
fn proxy_message(error: &ConnectError) -> Option<String> {
    match (error.peer(), error.source()) {
        (Peer::Server, _) => None,
        (Peer::Proxy(_), None) => Some(error.to_string()),
        (Peer::Proxy(_), Some(below)) => Some(format!("{error}: {}", innermost(below))),
    }
}

/// From a client that the caller has built.
fn unreachable_by_tls(error: &rustls::Error) -> Unreachable {
    let rustls::Error::InvalidCertificate(error) = error else {
        return Unreachable::Tls;
    };
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            Unreachable::ExpiredCertificate
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            Unreachable::FutureCertificate
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            Unreachable::WrongName
        }
        CertificateError::UnknownIssuer => Unreachable::UntrustedCertificate,
        _ => Unreachable::UnfitCertificate,
    }
}

/// Only a certificate that no trusted CA has issued is "not trusted". Other faults make it unfit.
fn unreachable_by_certificate(bad: &BadCertificate) -> Unreachable {
    match bad.fault() {
        // `kubeadm certs renew` does not renew a CA.
        Fault::Expired(_) if bad.is_of_ca() => Unreachable::UnfitCertificate,
        Fault::Expired(_) => Unreachable::ExpiredCertificate,
        Fault::NotYetValid(_) => Unreachable::FutureCertificate,
        Fault::OtherName { .. } => Unreachable::WrongName,
        Fault::UnknownIssuer | Fault::Namesake | Fault::NotTheirs => {
            Unreachable::UntrustedCertificate
        }
        _ => Unreachable::UnfitCertificate,
    }
}

/// Converts the error of building a client.
pub(crate) fn client_failure(error: TransportError) -> Failure {
    match error {
        TransportError::Auth(error) => credentials(error),
        TransportError::Plugin(error) => plugin_failure(error),
        other => Failure::new(Kind::Client, Fate::Final).caused_by(other),
    }
}

fn plugin_failure(error: PluginError) -> Failure {
    let failure = |credentials| Failure::new(Kind::Credentials(credentials), Fate::Final);
    match error {
        PluginError::Start(source) => failure(Credentials::PluginNotStarted).caused_by(source),
        PluginError::Failed(exit) => failure(Credentials::PluginFailed {
            status: exit.to_string(),
        }),
        PluginError::Token => failure(Credentials::Malformed),
        other => failure(Credentials::PluginOutput).caused_by(other),
    }
}

fn credentials(error: AuthError) -> Failure {
    let (credentials, source) = Credentials::from_kube(error);
    let failure = Failure::new(Kind::Credentials(credentials), Fate::Final);
    Failure { source, ..failure }
}

/// Returns the innermost cause: it says what happened.
pub(crate) fn innermost<'a>(error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    causes(error).last().unwrap_or(error)
}

fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    causes(error).find_map(|cause| cause.downcast_ref())
}

/// Iterates over the error and its causes, however nested.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    iter::successors(Some(error), |&error| {
        // `io::Error::source` skips the error that it wraps.
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(wrapped) => Some(wrapped as &(dyn StdError + 'static)),
            None => error.source(),
        }
    })
    .take(32)
}
