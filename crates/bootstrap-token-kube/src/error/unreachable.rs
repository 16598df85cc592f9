use core::fmt;

/// Why the API server could not be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unreachable {
    /// Its host name does not resolve.
    NameNotResolved,
    /// The connection was refused, or there is no route.
    NotConnected,
    /// The connection was neither accepted nor refused, as behind a firewall.
    NoAnswer,
    /// The proxy did not connect: it is down, refuses, wants authentication, or cannot reach the API server.
    Proxy,
    /// The kubeconfig trusts no certificate authority that issued its certificate.
    UntrustedCertificate,
    /// Its certificate, or that of a CA above it, may not be used here: the CA may not issue, or a purpose, a name
    /// constraint or an algorithm forbids it.
    UnfitCertificate,
    /// Its certificate has expired.
    ExpiredCertificate,
    /// Its certificate is not valid yet.
    FutureCertificate,
    /// Its certificate does not cover the host name.
    WrongName,
    /// The TLS handshake failed for another reason: the server does not speak TLS, or closed the connection.
    Tls,
    /// It accepted the connection but did not answer the TLS handshake in time.
    Silent,
    /// The connection broke before the reply.
    Broken,
}

impl Unreachable {
    /// Returns whether a retry may help.
    pub(crate) fn may_pass(self) -> bool {
        match self {
            Unreachable::NameNotResolved
            | Unreachable::NotConnected
            | Unreachable::NoAnswer
            | Unreachable::Proxy
            | Unreachable::Tls
            | Unreachable::Silent
            | Unreachable::Broken => true,
            Unreachable::UntrustedCertificate
            | Unreachable::UnfitCertificate
            | Unreachable::ExpiredCertificate
            | Unreachable::FutureCertificate
            | Unreachable::WrongName => false,
        }
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unreachable::NameNotResolved => "the API server's name does not resolve",
            Unreachable::NotConnected => "no connection to the API server",
            Unreachable::NoAnswer => {
                "nothing takes a connection at the API server's address, and nothing refuses it"
            }
            Unreachable::Proxy => "the proxy made no connection to the API server",
            Unreachable::UntrustedCertificate => "the API server's certificate is not trusted",
            Unreachable::UnfitCertificate => {
                "the API server's certificate, or that of its CA, is not fit for it"
            }
            Unreachable::ExpiredCertificate => "the API server's certificate has expired",
            Unreachable::FutureCertificate => "the API server's certificate is not valid yet",
            Unreachable::WrongName => "the API server's certificate is for another name",
            Unreachable::Tls => "no TLS connection to the API server",
            Unreachable::Silent => "the API server took the connection and did not answer",
            Unreachable::Broken => "the connection to the API server broke before it answered",
        })
    }
}
