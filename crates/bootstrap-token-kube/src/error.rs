use core::fmt;
use core::time::Duration;

use crate::Escaped;
use crate::request::Purpose;

mod bad_reply;
mod cause;
mod credentials;
mod status;
mod unreachable;

pub(crate) use bad_reply::{BadReply, NoEnd};
use cause::Cause;
pub(crate) use credentials::Credentials;
pub(crate) use status::Sender;
pub use status::Status;
pub use unreachable::Unreachable;

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A call failed.
///
/// The text says what was requested, what happened, and the server's message if there is one. The
/// [`source`](std::error::Error::source) is the error of the operating system, TLS or HTTP. Neither of them nor `Debug`
/// ever holds a token secret. Each is one line without control characters.
pub struct Error(Box<Inner>);

struct Inner {
    purpose: Purpose,
    kind: Kind,
    source: Option<Cause>,
    unsettled: bool,
    retried: Option<Duration>,
    retry_after: Option<Duration>,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Status(Status),
    Unreachable(Unreachable),
    Credentials(Credentials),
    BadReply(BadReply),
    Deadline {
        deadline: Duration,
        waiting: Waiting,
    },
    /// cluster-info has no kubeconfig to sign.
    NoKubeconfig,
    /// The random number generator failed.
    Randomness,
    /// The client itself cannot be used.
    Client,
}

/// What a call was waiting for when the deadline passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waiting {
    /// To be sent; it was not.
    Turn,
    Reply,
    Body,
}

impl Error {
    pub(crate) fn new(purpose: Purpose, kind: Kind) -> Self {
        Self(Box::new(Inner {
            purpose,
            kind,
            source: None,
            unsettled: false,
            retried: None,
            retry_after: None,
        }))
    }

    pub(crate) fn caused_by(mut self, source: Option<BoxError>) -> Self {
        self.0.source = source.map(Cause::new);
        self
    }

    /// Records that an attempt may have been carried out.
    pub(crate) fn unsettled(mut self, unsettled: bool) -> Self {
        self.0.unsettled = unsettled;
        self
    }

    /// Records that attempts were retried until the deadline.
    pub(crate) fn retried_for(mut self, deadline: Option<Duration>) -> Self {
        self.0.retried = deadline;
        self
    }

    /// Records the pause that the server asked for.
    pub(crate) fn asked_to_wait(mut self, retry_after: Option<Duration>) -> Self {
        self.0.retry_after = retry_after;
        self
    }

    /// Returns the text without the requested operation, and with a refusal in the server's own words, as kubectl and
    /// kubeadm print it. `source()` still has the cause.
    pub fn answer(&self) -> impl fmt::Display {
        Answer(self)
    }

    /// Returns the API server's answer, if it refused the request.
    pub fn status(&self) -> Option<&Status> {
        match &self.0.kind {
            Kind::Status(status) => Some(status),
            _ => None,
        }
    }

    fn is_status(&self, code: u16) -> bool {
        self.status().is_some_and(|status| status.code() == code)
    }

    /// 404: the token or cluster-info does not exist or, on create, namespace `kube-system` does not.
    pub fn is_not_found(&self) -> bool {
        self.is_status(404)
    }

    /// 409 with the reason `AlreadyExists`: a token with that ID exists. Other conflicts do not count.
    pub fn is_already_exists(&self) -> bool {
        self.status().is_some_and(Status::is_already_exists)
    }

    /// 401: the API server does not recognize the caller.
    pub fn is_unauthorized(&self) -> bool {
        self.is_status(401)
    }

    /// 403: the API server recognizes the caller, who lacks the right.
    pub fn is_forbidden(&self) -> bool {
        self.is_status(403)
    }

    /// 429: the API server was too busy until the deadline, or asked for a pause beyond it.
    pub fn is_throttled(&self) -> bool {
        self.is_status(429)
    }

    /// 400 or 422: the API server, or a webhook of the cluster, rejects what was sent.
    pub fn is_invalid(&self) -> bool {
        self.is_status(400) || self.is_status(422)
    }

    /// 410: the server has dropped the state that a long list began with, and cannot continue from a later one.
    pub fn is_gone(&self) -> bool {
        self.is_status(410)
    }

    /// 500 and above: the API server, or something in between, failed.
    pub fn is_server_error(&self) -> bool {
        self.status().is_some_and(|status| status.code() >= 500)
    }

    /// The API server could not be reached, or the connection broke before a reply. [`unreachable`](Self::unreachable)
    /// says which.
    pub fn is_unreachable(&self) -> bool {
        self.unreachable().is_some()
    }

    /// Returns why the API server could not be reached.
    pub fn unreachable(&self) -> Option<Unreachable> {
        match self.0.kind {
            Kind::Unreachable(unreachable) => Some(unreachable),
            _ => None,
        }
    }

    /// The deadline passed before a reply: the server accepts connections but does not answer, or the network drops
    /// packets.
    pub fn is_deadline(&self) -> bool {
        matches!(self.0.kind, Kind::Deadline { .. })
    }

    /// The reply cannot be read: it is cut off, too long, or not from a Kubernetes API server.
    pub fn is_bad_reply(&self) -> bool {
        matches!(self.0.kind, Kind::BadReply(_))
    }

    /// There are no credentials: a credential plugin failed or a token file is missing. Nothing was sent.
    pub fn is_credentials(&self) -> bool {
        matches!(self.0.kind, Kind::Credentials(_))
    }

    /// cluster-info has no kubeconfig. Neither this crate nor the controller manager can sign it.
    pub fn is_no_kubeconfig(&self) -> bool {
        matches!(self.0.kind, Kind::NoKubeconfig)
    }

    /// 409 with a reason other than [`AlreadyExists`](Self::is_already_exists): others kept changing the same object
    /// until the deadline.
    pub fn is_conflict(&self) -> bool {
        self.is_status(409) && !self.is_already_exists()
    }

    /// The error is about the ConfigMap `kube-public/cluster-info`, not about tokens.
    pub fn is_of_cluster_info(&self) -> bool {
        match self.0.purpose {
            Purpose::ReadClusterInfo | Purpose::WriteClusterInfo => true,
            // A diagnosis reads other resources too: the refusal names the resource.
            Purpose::Diagnose => self.status().is_some_and(Status::is_of_config_maps),
            _ => false,
        }
    }

    /// A create or a delete may or may not have been carried out. Other predicates may be true as well, such as
    /// [`is_already_exists`](Self::is_already_exists): the existing token has the same token secret or could not be
    /// read. After a create, look for the ID in a list, or delete it. A delete can be repeated.
    pub fn is_uncertain(&self) -> bool {
        self.0.unsettled && matches!(self.0.purpose, Purpose::Create(_) | Purpose::Delete(_))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { purpose, kind, .. } = &*self.0;
        write!(f, "{purpose}: {kind}{}", Circumstances(self))
    }
}

/// The result of [`Error::answer`].
struct Answer<'a>(&'a Error);

impl fmt::Display for Answer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.status().map(Status::message) {
            None | Some("") => self.0.0.kind.fmt(f),
            Some(message) => Escaped(message).fmt(f),
        }?;
        Circumstances(self.0).fmt(f)
    }
}

/// Details after the main message.
struct Circumstances<'a>(&'a Error);

impl fmt::Display for Circumstances<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            purpose,
            retried,
            retry_after,
            ..
        } = &*self.0.0;
        if let Some(pause) = retry_after.filter(|_| self.0.is_throttled()) {
            write!(f, ", which asks to wait {pause:?}")?;
        }
        if let Some(deadline) = retried {
            write!(f, ", tried again until the deadline of {deadline:?}")?;
        }
        match purpose {
            Purpose::Create(_) if self.0.is_uncertain() && self.0.is_already_exists() => f
                .write_str(
                    "; it may be the one that was to be created: compare the two, or delete it",
                ),
            Purpose::Create(id) if self.0.is_uncertain() => write!(
                f,
                "; it is not known whether it was created: look for the ID {id} in the list, or delete it"
            ),
            Purpose::Delete(_) if self.0.is_uncertain() => {
                f.write_str("; it is not known whether it was deleted: delete it again")
            }
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Kind::Status(status) => status.fmt(f),
            Kind::Unreachable(unreachable) => unreachable.fmt(f),
            Kind::Credentials(credentials) => credentials.fmt(f),
            Kind::BadReply(reply) => reply.fmt(f),
            Kind::Deadline { deadline, waiting } => match waiting {
                Waiting::Turn => write!(
                    f,
                    "no time was left to ask the API server within the deadline of {deadline:?}"
                ),
                Waiting::Reply => write!(
                    f,
                    "the API server did not answer within the deadline of {deadline:?}"
                ),
                Waiting::Body => write!(
                    f,
                    "the API server's reply was not complete within the deadline of {deadline:?}"
                ),
            },
            Kind::NoKubeconfig => f.write_str("there is no kubeconfig in it"),
            Kind::Randomness => f.write_str("none could be drawn"),
            Kind::Client => f.write_str("the client cannot be used"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(Cause::as_error)
    }
}

/// Prints the text and the cause. The `Debug` of HTTP libraries may show secrets.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Error");
        debug.field("text", &self.to_string());
        if let Some(source) = std::error::Error::source(self) {
            debug.field("source", &source.to_string());
        }
        debug.finish_non_exhaustive()
    }
}
