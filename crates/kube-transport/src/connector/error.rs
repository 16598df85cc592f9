use core::fmt;
use core::time::Duration;

use http::StatusCode;

use crate::tls::BadCertificate;

type BoxError = Box<dyn core::error::Error + Send + Sync>;

/// Why there is no connection to a server. No part of the request was sent.
#[derive(Debug)]
pub struct ConnectError {
    peer: Peer,
    step: Step,
    problem: Problem,
}

/// The other end of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Peer {
    /// The server itself.
    Server,
    /// The proxy at this address.
    Proxy(String),
}

/// A step of connecting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step {
    /// Resolving the name.
    Resolve,
    /// Connecting by TCP.
    Connect,
    /// The TLS handshake.
    Handshake,
    /// The proxy's connection to the server.
    Tunnel,
}

/// What went wrong.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// An error of the operating system or TLS.
    Failed(BoxError),
    /// A certificate was rejected.
    Certificate(BadCertificate),
    /// The step exceeded this timeout.
    TimedOut(Duration),
    /// The proxy answered CONNECT with this status.
    Refused(StatusCode),
    /// The SOCKS proxy answered with this code (RFC 1928, section 6).
    SocksRefused(u8),
    /// The SOCKS proxy rejected the login, or every offered method.
    SocksLogin,
    /// The answer does not follow the proxy's protocol.
    NotAProxy,
    /// The system has no certificate authorities to verify a proxy with.
    NoRoots,
}

impl ConnectError {
    pub(crate) fn new(peer: Peer, step: Step, problem: Problem) -> Self {
        Self {
            peer,
            step,
            problem,
        }
    }

    /// Creates the error for a request whose deadline passed during a step.
    pub fn timed_out(peer: Peer, step: Step, after: Duration) -> Self {
        Self::new(peer, step, Problem::TimedOut(after))
    }

    /// Returns the other end of the step.
    pub fn peer(&self) -> &Peer {
        &self.peer
    }

    /// Returns the step that failed.
    pub fn step(&self) -> Step {
        self.step
    }

    /// Returns what went wrong.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Peer::Proxy(address) = &self.peer {
            write!(f, "proxy {address}: ")?;
        }
        let what = match self.step {
            Step::Resolve => "DNS",
            Step::Connect => "TCP connection",
            Step::Handshake => "TLS handshake",
            Step::Tunnel => "connection from there to the server",
        };
        match &self.problem {
            Problem::Failed(_) | Problem::Certificate(_) => write!(f, "{what} failed"),
            Problem::TimedOut(after) => write!(f, "{what}: no answer within {after:?}"),
            Problem::Refused(status) => write!(f, "CONNECT was refused with {status}"),
            Problem::SocksRefused(code) => write!(f, "SOCKS request refused: {}", socks(*code)),
            Problem::SocksLogin => f.write_str("SOCKS login refused"),
            Problem::NotAProxy => f.write_str("the answer is not that of a proxy"),
            Problem::NoRoots => {
                f.write_str("cannot be verified: this system trusts no certificate authority")
            }
        }
    }
}

fn socks(code: u8) -> &'static str {
    match code {
        1 => "general failure",
        2 => "not allowed by its rules",
        3 => "network unreachable",
        4 => "host unreachable",
        5 => "connection refused",
        6 => "TTL expired",
        7 => "command not supported",
        8 => "address type not supported",
        _ => "unknown code",
    }
}

impl core::error::Error for ConnectError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match &self.problem {
            Problem::Failed(error) => Some(&**error),
            Problem::Certificate(bad) => Some(bad),
            _ => None,
        }
    }
}
