//! Problems with fetching cluster-info.

use bootstrap_token_kube::{Error, Unreachable, Why};

/// A problem. Each has a message and a code of its own.
#[derive(Clone, Copy)]
pub(in crate::command) enum FetchProblem {
    /// The server gave no answer.
    Unreachable(Unreachable),
    /// The server rejects the token.
    TokenRefused,
    /// The server rejects anonymous requests.
    AnonymousOff,
    /// Anonymous users may not read cluster-info.
    NotPublic,
    /// cluster-info does not exist.
    Missing,
    /// The server is overloaded or has an internal error.
    InTrouble,
    /// The answer did not come in time.
    TooSlow,
    /// The answer does not come from an API server.
    NotItsAnswer,
    /// Nothing was sent: the route is unusable.
    NoWay,
}

impl FetchProblem {
    /// Finds the problem. `None` if cluster-info was fetched and is bad.
    pub(in crate::command) fn of(why: &Why) -> Option<Self> {
        match why {
            Why::Unread(error) | Why::NotVerified { error, .. } => Some(Self::by(error, false)),
            Why::NotConfirmed(error) => Some(Self::by(error, true)),
            _ => None,
        }
    }

    fn by(error: &Error, token_was_shown: bool) -> Self {
        if let Some(unreachable) = error.unreachable() {
            match unreachable {
                Unreachable::Silent => Self::TooSlow,
                other => Self::Unreachable(other),
            }
        } else if error.is_unauthorized() && token_was_shown {
            Self::TokenRefused
        } else if error.is_unauthorized() {
            Self::AnonymousOff
        } else if error.is_forbidden() {
            Self::NotPublic
        } else if error.is_not_found() {
            Self::Missing
        } else if error.is_throttled() || error.is_server_error() {
            Self::InTrouble
        } else if error.is_deadline() {
            Self::TooSlow
        } else if error.is_bad_reply() {
            Self::NotItsAnswer
        } else {
            Self::NoWay
        }
    }
}
