use std::error::Error as _;

use bootstrap_token_kube::Stored;
use bootstrap_token_secret::Defect;

use crate::context::Context;
use crate::notes::Kind;

/// Names, on standard error, the Secrets that have the type of a token and are not readable tokens. The list skips
/// them.
#[derive(Default)]
pub(super) struct Unreadable(usize);

impl Unreadable {
    /// How many Secrets are named. The others are counted.
    const LINES: usize = 1_000;

    pub(super) fn note(&mut self, stored: &Stored, defect: &Defect, context: &mut Context<'_>) {
        self.0 += 1;
        if self.0 > Self::LINES {
            return;
        }
        let name = stored.name();
        let why = match defect.source() {
            Some(source) => format!("{defect}: {source}"),
            None => defect.to_string(),
        };
        let line =
            format_args!("Secret {name:?} in kube-system is not a readable bootstrap token: {why}");
        context.add(Kind::Finding, line);
    }

    /// Reports at the end how many were not named.
    pub(super) fn end(self, context: &mut Context<'_>) {
        let more = self.0.saturating_sub(Self::LINES);
        if more > 0 {
            let line = format_args!(
                "{more} more Secrets in kube-system are not readable bootstrap tokens"
            );
            context.add(Kind::Finding, line);
        }
    }
}
