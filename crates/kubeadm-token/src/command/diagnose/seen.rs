use core::fmt::Display;

use bootstrap_token_kube::Unchecked;

use super::words::{self, Line};

/// What one side has seen.
#[derive(Default)]
pub(super) struct Seen {
    pub(super) causes: Vec<Line>,
    /// What could not be looked at, and why.
    pub(super) unlooked: Vec<String>,
}

impl Seen {
    pub(super) fn unlooked(what: Unchecked, why: impl Display) -> Self {
        Self {
            causes: Vec::new(),
            unlooked: vec![format!("{}: {why}", words::unchecked(what))],
        }
    }

    pub(super) fn extend(&mut self, more: Self) {
        self.causes.extend(more.causes);
        self.unlooked.extend(more.unlooked);
    }
}

impl From<Vec<Line>> for Seen {
    fn from(causes: Vec<Line>) -> Self {
        Self {
            causes,
            unlooked: Vec::new(),
        }
    }
}
