use core::fmt;
use core::time::Duration;
use std::error::Error as StdError;

use bootstrap_token_discovery::{Distrust, Endpoint};

use crate::error::Error;

/// No server could be trusted.
///
/// The text gives the last failure at each server, in the order in which they were asked. It holds no token secret and
/// no words of an unverified server.
#[derive(Debug)]
pub struct DiscoverError {
    attempts: Vec<Attempt>,
    timed_out: Option<Duration>,
}

/// The last failure at one server.
#[derive(Debug)]
pub struct Attempt {
    pub(super) server: Endpoint,
    pub(super) why: Why,
    pub(super) may_pass: bool,
}

/// Why a server was not trusted.
#[derive(Debug)]
#[non_exhaustive]
pub enum Why {
    /// cluster-info could not be read.
    Unread(Error),
    /// The content of cluster-info does not make the cluster trusted.
    Distrust(Distrust),
    /// cluster-info could not be read over TLS that trusts only the pinned CA certificates.
    NotVerified {
        /// The reason.
        error: Error,
        /// Number of CA certificates in cluster-info that are not pinned or not valid now. Positive during a CA
        /// rotation.
        unpinned: usize,
    },
    /// cluster-info could not be read with the token, over TLS that trusts only the cluster's CA certificates.
    NotConfirmed(Error),
    /// The verified read returned another kubeconfig than the unverified one.
    Changed,
}

impl DiscoverError {
    pub(super) fn new() -> Self {
        Self {
            attempts: Vec::new(),
            timed_out: None,
        }
    }

    /// Returns the last failure at each server, in the order in which they were asked.
    #[must_use]
    pub fn attempts(&self) -> &[Attempt] {
        &self.attempts
    }

    /// Returns the timeout, if it ended the discovery. A longer one may help.
    #[must_use]
    pub fn timed_out_after(&self) -> Option<Duration> {
        self.timed_out
    }

    pub(super) fn set(&mut self, at: usize, attempt: Attempt) {
        match self.attempts.get_mut(at) {
            Some(earlier) => *earlier = attempt,
            None => self.attempts.push(attempt),
        }
    }

    pub(super) fn is_final(&self, at: usize) -> bool {
        self.attempts
            .get(at)
            .is_some_and(|attempt| !attempt.may_pass)
    }

    pub(super) fn may_pass(&self) -> bool {
        self.attempts.iter().any(|attempt| attempt.may_pass)
    }

    pub(super) fn timed_out(mut self, timeout: Duration) -> Self {
        self.timed_out = Some(timeout);
        self
    }
}

impl Attempt {
    /// Returns the server.
    #[must_use]
    pub fn server(&self) -> &Endpoint {
        &self.server
    }

    /// Returns why the server was not trusted.
    #[must_use]
    pub fn why(&self) -> &Why {
        &self.why
    }
}

impl fmt::Display for DiscoverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, attempt) in self.attempts.iter().enumerate() {
            let before = if number == 0 { "" } else { "; " };
            write!(f, "{before}{attempt}")?;
        }
        match self.timed_out {
            Some(timeout) => write!(f, " (given up at the timeout of {timeout:?})"),
            None => Ok(()),
        }
    }
}

/// Includes the causes, since one error lists several attempts.
impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.server, self.why)?;
        let mut below = self.why.source();
        while let Some(error) = below {
            write!(f, ": {error}")?;
            below = error.source();
        }
        Ok(())
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread(error) | Self::NotVerified { error, .. } | Self::NotConfirmed(error) => {
                error.fmt(f)
            }
            Self::Distrust(distrust) => distrust.fmt(f),
            Self::Changed => f.write_str(
                "the kubeconfig that came over verified TLS is not the one that came before",
            ),
        }
    }
}

impl StdError for Why {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Unread(error) | Self::NotVerified { error, .. } | Self::NotConfirmed(error) => {
                error.source()
            }
            Self::Distrust(distrust) => distrust.source(),
            Self::Changed => None,
        }
    }
}

impl StdError for DiscoverError {}
