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
pub use status::Status;
pub(crate) use status::Voice;
pub use unreachable::Unreachable;

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// A call did not yield what was asked for.
///
/// Its text says what was asked, what came back, and the server's own words where it gave any; its
/// [`source`](std::error::Error::source) is what the operating system, TLS or HTTP said. Neither they nor
/// its `Debug` ever hold a token secret, and each is one line without a character that drives a terminal.
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
    /// There is no kubeconfig in cluster-info that could be signed.
    NoKubeconfig,
    /// No randomness to draw a token from.
    Randomness,
    /// The client itself cannot be used.
    Client,
}

/// What a call was waiting for when its time was up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waiting {
    /// To be sent: it was not.
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

    /// Says that an earlier or the last attempt may have done what was asked.
    pub(crate) fn unsettled(mut self, unsettled: bool) -> Self {
        self.0.unsettled = unsettled;
        self
    }

    /// Says that attempts were repeated until there was no time left.
    pub(crate) fn retried_for(mut self, deadline: Option<Duration>) -> Self {
        self.0.retried = deadline;
        self
    }

    /// Says for how long the server asked to be left alone.
    pub(crate) fn asked_to_wait(mut self, retry_after: Option<Duration>) -> Self {
        self.0.retry_after = retry_after;
        self
    }

    /// The text without what was asked for, and a refusal in the server's own words where it gave any, as
    /// kubectl and kubeadm tell it. What lies below is told by `source()` as ever.
    pub fn answer(&self) -> impl fmt::Display {
        Answer(self)
    }

    /// What the API server answered, where it answered with a refusal.
    pub fn status(&self) -> Option<&Status> {
        match &self.0.kind {
            Kind::Status(status) => Some(status),
            _ => None,
        }
    }

    fn is_status(&self, code: u16) -> bool {
        self.status().is_some_and(|status| status.code() == code)
    }

    /// 404: there is no such token, no cluster-info, or on creation no namespace `kube-system`.
    pub fn is_not_found(&self) -> bool {
        self.is_status(404)
    }

    /// There is a token of that ID already: 409 with the reason `AlreadyExists`, not a conflict of another
    /// kind.
    pub fn is_already_exists(&self) -> bool {
        self.status().is_some_and(Status::is_already_exists)
    }

    /// 401: the API server does not know who is asking.
    pub fn is_unauthorized(&self) -> bool {
        self.is_status(401)
    }

    /// 403: the API server knows who is asking, and does not let them.
    pub fn is_forbidden(&self) -> bool {
        self.is_status(403)
    }

    /// 429: the API server is too busy, and stayed so until the deadline or asked for a longer pause than
    /// that leaves.
    pub fn is_throttled(&self) -> bool {
        self.is_status(429)
    }

    /// 400 or 422: the API server, or a webhook of the cluster's, does not accept what was sent.
    pub fn is_invalid(&self) -> bool {
        self.is_status(400) || self.is_status(422)
    }

    /// 410: a list took so long that the server no longer knows the state it began with, and cannot go on
    /// from a later one.
    pub fn is_gone(&self) -> bool {
        self.is_status(410)
    }

    /// 500 and above: the API server, or something between, has trouble of its own.
    pub fn is_server_error(&self) -> bool {
        self.status().is_some_and(|status| status.code() >= 500)
    }

    /// The API server could not be reached, or the connection broke before a reply came:
    /// [`unreachable`](Self::unreachable) says which.
    pub fn is_unreachable(&self) -> bool {
        self.unreachable().is_some()
    }

    /// Why the API server could not be reached.
    pub fn unreachable(&self) -> Option<Unreachable> {
        match self.0.kind {
            Kind::Unreachable(unreachable) => Some(unreachable),
            _ => None,
        }
    }

    /// The deadline passed while a reply was awaited: a server that takes connections and does not answer,
    /// or a network that swallows what is sent.
    pub fn is_deadline(&self) -> bool {
        matches!(self.0.kind, Kind::Deadline { .. })
    }

    /// The reply cannot be read: it was cut off, is too long, or is no Kubernetes API server's.
    pub fn is_bad_reply(&self) -> bool {
        matches!(self.0.kind, Kind::BadReply(_))
    }

    /// There are no credentials to show: a credential plugin failed, a token file is gone. Nothing was
    /// sent.
    pub fn is_credentials(&self) -> bool {
        matches!(self.0.kind, Kind::Credentials(_))
    }

    /// There is no kubeconfig in cluster-info: nothing can be signed, and the controller manager signs
    /// nothing either.
    pub fn is_no_kubeconfig(&self) -> bool {
        matches!(self.0.kind, Kind::NoKubeconfig)
    }

    /// 409 with another reason than [`AlreadyExists`](Self::is_already_exists): somebody else has changed the
    /// same meanwhile, and went on doing so until the deadline.
    pub fn is_conflict(&self) -> bool {
        self.is_status(409) && !self.is_already_exists()
    }

    /// It is about the ConfigMap `kube-public/cluster-info`, not about tokens.
    pub fn is_of_cluster_info(&self) -> bool {
        match self.0.purpose {
            Purpose::ReadClusterInfo | Purpose::WriteClusterInfo => true,
            // Which reads more than that: the refusal names the resource.
            Purpose::Diagnose => self.status().is_some_and(Status::is_of_config_maps),
            _ => false,
        }
    }

    /// A create or a delete of which it is not known whether it was carried out. It may go with any of
    /// the other predicates, [`is_already_exists`](Self::is_already_exists) among them: the token that is there has
    /// the secret of the one that was to be created, or could not be read. After a create, look for the ID in a list,
    /// or delete it; a delete can be repeated.
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

/// What [`Error::answer`] gives.
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

/// What else there is to say, behind what happened.
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

/// As `Display`, with the cause: what HTTP libraries debug is not ours to vouch for.
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
