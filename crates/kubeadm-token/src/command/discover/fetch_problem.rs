//! What was met where cluster-info was asked for.

use bootstrap_token_kube::{Error, Unreachable, Why};

/// Each has words and a code of its own.
#[derive(Clone, Copy)]
pub(in crate::command) enum FetchProblem {
    /// There was no answer.
    Unreachable(Unreachable),
    /// The token is not taken.
    TokenRefused,
    /// Who has no credentials is not let in.
    AnonymousOff,
    /// Who has no credentials may not read it.
    NotPublic,
    /// It is not there.
    Missing,
    /// The server has too much to do, or trouble of its own.
    InTrouble,
    /// The answer did not come in time.
    TooSlow,
    /// The answer is none of an API server's.
    NotItsAnswer,
    /// It was not asked: something is wrong with the way there.
    NoWay,
}

impl FetchProblem {
    /// None where cluster-info came, and something is wrong with that.
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
