use core::fmt;

/// Why the API server could not be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unreachable {
    /// Its host name does not resolve to an address.
    NameNotResolved,
    /// The connection was refused, or there is no route.
    NotConnected,
    /// Nothing took the connection, and nothing refused it, as behind a firewall.
    NoAnswer,
    /// The proxy on the way to it did not connect: it is not there, refuses, asks who is there, or cannot reach the
    /// API server itself.
    Proxy,
    /// Its certificate is not of a certificate authority that the kubeconfig trusts.
    UntrustedCertificate,
    /// Its certificate, or that of a CA above it, is not one for this: a CA that may not issue, a purpose, a name
    /// constraint or an algorithm that forbids it.
    UnfitCertificate,
    /// Its certificate has expired.
    ExpiredCertificate,
    /// Its certificate is not valid yet.
    FutureCertificate,
    /// Its certificate is for other names than the one it was called by.
    WrongName,
    /// There was no agreement on an encrypted connection, for another reason: what took the connection does not speak
    /// TLS, or hung up over it.
    Tls,
    /// It took the connection, and did not answer the TLS handshake in time.
    Silent,
    /// The connection broke before the reply was there.
    Broken,
}

impl Unreachable {
    /// Whether another attempt may find it different.
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
