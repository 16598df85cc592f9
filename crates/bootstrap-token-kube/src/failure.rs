use core::time::Duration;

use crate::error::{BadReply, BoxError, Kind};

/// Why one attempt at a request did not yield what was asked for.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) kind: Kind,
    pub(crate) source: Option<BoxError>,
    pub(crate) fate: Fate,
    /// The pause that the server asked for.
    pub(crate) retry_after: Option<Duration>,
    /// Whether it came after others of the same request, and no time was left for another attempt.
    pub(crate) is_last_of_several: bool,
    /// The `continue` token that came with a 410: where a list may go on.
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

/// Asked again, the server would send the same.
impl From<BadReply> for Failure {
    fn from(reply: BadReply) -> Self {
        Self::new(Kind::BadReply(reply), Fate::Final)
    }
}

/// What became of a request that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It was not carried out; it may be when it is sent again.
    NotDone,
    /// The connection broke before the reply was there: it may have been carried out.
    Lost,
    /// The server had trouble, which may pass: it may have been carried out.
    Troubled,
    /// The reply did not come in time: it may have been carried out.
    TooLate,
    /// It was answered for good, or cannot be sent: there is no point in sending it again.
    Final,
}

impl Fate {
    /// Whether the server may have done what was asked.
    pub(crate) fn is_unknown(self) -> bool {
        matches!(self, Fate::Lost | Fate::Troubled | Fate::TooLate)
    }
}
