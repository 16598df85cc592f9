//! How errors speak of what a cluster's CA was to be known by.

use bootstrap_token_discovery::Distrust;
use bootstrap_token_kube::{Attempt, DiscoverError, Why};

/// What the CA was to be known by.
pub(in crate::command) enum CaDescription {
    /// Pins, perhaps with a file beside them; or nothing.
    Pins,
    /// A CA file, by its name as it is shown.
    CaFile(String),
}

impl CaDescription {
    /// Why a cluster is not trusted, where whoever has given no pin must not be told of one.
    pub(super) fn told(&self, distrust: &Distrust) -> Option<String> {
        match (self, distrust) {
            (Self::CaFile(file), Distrust::NotPinned { .. }) => Some(format!(
                "the cluster's CA is none of those in the CA file {file}"
            )),
            _ => None,
        }
    }

    /// What happened at one server.
    pub(in crate::command) fn attempt(&self, attempt: &Attempt) -> String {
        let told = match attempt.why() {
            Why::Distrust(distrust) => self.told(distrust),
            _ => None,
        };
        told.map_or_else(
            || attempt.to_string(),
            |told| format!("{}: {told}", attempt.server()),
        )
    }

    /// What happened at all of them, as the error itself has it.
    pub(super) fn error(&self, error: &DiscoverError) -> String {
        let attempts: Vec<_> = error
            .attempts()
            .iter()
            .map(|attempt| self.attempt(attempt))
            .collect();
        let end = error.timed_out_after().map_or_else(String::new, |timeout| {
            format!(" (given up at the timeout of {timeout:?})")
        });
        attempts.join("; ") + &end
    }
}
