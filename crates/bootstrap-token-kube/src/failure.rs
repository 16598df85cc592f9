use core::time::Duration;

use crate::error::{BadReply, BoxError, Kind};

/// Why one attempt at a request failed.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) source: Option<BoxError>,
    pub(crate) fate: Fate,
    /// The pause that the server asked for.
    pub(crate) retry_after: Option<Duration>,
    /// Whether this was a retry, with no time left for another one.
    pub(crate) is_last_of_several: bool,
    /// The `continue` token of a 410: where a list may continue.
    pub(crate) resume: Option<String>,
}

impl Failure {
    pub(crate) fn new(kind: Kind, fate: Fate) -> Self {
        Self {
            kind,
            source: None,
            fate,
            retry_after: None,
            is_last_of_several: false,
            resume: None,
        }
    }

    pub(crate) fn caused_by(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }
}

/// Another attempt would get the same reply.
impl From<BadReply> for Failure {
    fn from(reply: BadReply) -> Self {
        Self::new(Kind::BadReply(reply), Fate::Final)
    }
}

/// What became of a failed request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was not carried out. A retry may succeed.
    NotDone,
    /// The connection broke before the reply: it may have been carried out.
    Lost,
    /// The server failed, perhaps temporarily: it may have been carried out.
    Troubled,
    /// The reply was late: it may have been carried out.
    TooLate,
    /// The answer is final, or the request cannot be sent: retrying is useless.
    Final,
}

impl Fate {
    /// Returns whether the server may have carried out the request.
    pub(crate) fn is_unknown(self) -> bool {
        matches!(self, Fate::Lost | Fate::Troubled | Fate::TooLate)
    }
}
