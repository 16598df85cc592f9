//! What kube, hyper and rustls say when no reply came, in our words.

use core::iter;
use std::error::Error as StdError;
use std::io;

use hyper_util::client::legacy;
use kube::client::AuthError;
use rustls::CertificateError;

use crate::error::{BoxError, Credentials, Kind, Unreachable};
use crate::failure::{Failure, Fate};

/// Tells what kept a request from being answered, and whether it may have been carried out all the same.
pub(crate) fn failure(error: kube::Error) -> Failure {
    let source: BoxError = match error {
        kube::Error::Service(error) => error,
        kube::Error::HyperError(error) => error.into(),
        kube::Error::Auth(error) => error.into(),
        other => other.into(),
    };
    let source = match source.downcast::<AuthError>() {
        Ok(error) => {
            let (credentials, source) = Credentials::from_kube(*error);
            let failure = Failure::new(Kind::Credentials(credentials), Fate::Final);
            return Failure { source, ..failure };
        }
        Err(source) => source,
    };
    let found = Found::in_chain(&*source);
    if found.credentials {
        return Failure::new(Kind::Credentials(Credentials::Other), Fate::Final);
    }
    let unreachable = found.unreachable();
    let fate = match unreachable {
        _ if !unreachable.may_pass() => Fate::Final,
        Unreachable::Broken => Fate::Lost,
        // After the handshake, an alert comes in place of the reply.
        Unreachable::Tls if !found.connecting => Fate::Lost,
        _ => Fate::NotDone,
    };
    Failure::new(Kind::Unreachable(unreachable), fate).caused_by(source)
}

/// Tells why kube made no client of a configuration.
pub(crate) fn client_failure(error: kube::Error) -> Failure {
    match error {
        kube::Error::Auth(error) => {
            let (credentials, source) = Credentials::from_kube(error);
            let failure = Failure::new(Kind::Credentials(credentials), Fate::Final);
            Failure { source, ..failure }
        }
        // Its own words have the whole URL in them, and with it the proxy's password.
        kube::Error::ProxyProtocolUnsupported { proxy_url }
        | kube::Error::ProxyProtocolDisabled { proxy_url, .. } => {
            let scheme = proxy_url.scheme_str().unwrap_or_default();
            let why =
                format!("it goes through no proxy by {scheme:?}, but by http, https and socks5");
            Failure::new(Kind::Client, Fate::Final).caused_by(why)
        }
        other => Failure::new(Kind::Client, Fate::Final).caused_by(other),
    }
}

/// What stands in the chain of causes.
#[derive(Default)]
struct Found<'a> {
    connecting: bool,
    /// Where it ended before there was a connection to the server.
    short_of: Option<ShortOf>,
    /// Within a connection that somebody had taken.
    hung_up: bool,
    tls: Option<&'a rustls::Error>,
    credentials: bool,
}

#[derive(Clone, Copy)]
enum ShortOf {
    /// Its address.
    Name,
    /// What is behind the proxy.
    Proxy,
}

impl<'a> Found<'a> {
    fn in_chain(error: &'a (dyn StdError + 'static)) -> Self {
        let mut found = Self::default();
        for cause in causes(error) {
            if let Some(error) = cause.downcast_ref::<legacy::Error>() {
                found.connecting |= error.is_connect();
            } else if let Some(error) = cause.downcast_ref::<rustls::Error>() {
                found.tls = Some(error);
            } else if let Some(error) = cause.downcast_ref::<io::Error>() {
                found.connecting |= error.kind() == io::ErrorKind::ConnectionRefused;
                found.hung_up |= matches!(
                    error.kind(),
                    io::ErrorKind::UnexpectedEof
                        | io::ErrorKind::ConnectionReset
                        | io::ErrorKind::ConnectionAborted
                        | io::ErrorKind::BrokenPipe
                );
            } else if cause.is::<AuthError>() {
                found.credentials = true;
            }
            // hyper-util keeps the types to itself.
            let text = cause.to_string();
            if text.starts_with("tunnel error: ") || text.starts_with("SOCKS error: ") {
                found.short_of = Some(ShortOf::Proxy);
            } else if text == "dns error" {
                // Below a proxy it is the proxy's.
                found.short_of = found.short_of.or(Some(ShortOf::Name));
            }
            if text == "tcp connect error" {
                // Nobody had taken it yet, whatever comes below.
                break;
            }
        }
        found
    }

    fn unreachable(&self) -> Unreachable {
        match self.tls {
            // What is wrong is between here and the proxy.
            _ if matches!(self.short_of, Some(ShortOf::Proxy)) => Unreachable::Proxy,
            Some(rustls::Error::InvalidCertificate(error)) => match error {
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                    Unreachable::ExpiredCertificate
                }
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                    Unreachable::FutureCertificate
                }
                CertificateError::NotValidForName
                | CertificateError::NotValidForNameContext { .. } => Unreachable::WrongName,
                _ => Unreachable::UntrustedCertificate,
            },
            Some(_) => Unreachable::Tls,
            None if self.short_of.is_some() => Unreachable::NameNotResolved,
            None if self.connecting && self.hung_up => Unreachable::Tls,
            None if self.connecting => Unreachable::NotConnected,
            None => Unreachable::Broken,
        }
    }
}

/// The last of the causes: the one that says what happened.
pub(crate) fn leaf<'a>(error: &'a (dyn StdError + 'static)) -> &'a (dyn StdError + 'static) {
    causes(error).last().unwrap_or(error)
}

/// The error and its causes, as far as any library nests them.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    iter::successors(Some(error), |&error| {
        // `io::Error` passes over the error that it wraps.
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
