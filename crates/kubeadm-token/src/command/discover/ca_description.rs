//! How errors describe the flags that identify a cluster's CA.

use bootstrap_token_discovery::Distrust;
use bootstrap_token_kube::{Attempt, DiscoverError, Why};

/// The flags that identify the CA.
pub(in crate::command) enum CaDescription {
    /// Pins, perhaps with a CA file; or nothing.
    Pins,
    /// A CA file, by its printable name.
    CaFile(String),
}

impl CaDescription {
    /// Describes why a cluster is not trusted without mentioning a pin, if the user gave none.
    pub(super) fn told(&self, distrust: &Distrust) -> Option<String> {
        match (self, distrust) {
            (Self::CaFile(file), Distrust::NotPinned { .. }) => Some(format!(
                "the cluster's CA is none of those in the CA file {file}"
            )),
            _ => None,
        }
    }

    /// Describes what happened at one server.
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

    /// Describes what happened at all servers, in the form of the error itself.
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
