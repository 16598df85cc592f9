use std::error::Error as _;

use bootstrap_token_kube::Stored;
use bootstrap_token_secret::Defect;

use crate::context::Context;

/// The Secrets of a token's type that are not readable tokens, each named in a line on standard error. A list goes on
/// behind them.
#[derive(Default)]
pub(super) struct Unreadable(usize);

impl Unreadable {
    /// Lines that somebody may still want to read. The Secrets beyond are counted.
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
        context.note(format_args!(
            "Secret {name:?} in kube-system is not a readable bootstrap token: {why}"
        ));
    }

    /// Says at the end how many were not named.
    pub(super) fn end(self, context: &mut Context<'_>) {
        let more = self.0.saturating_sub(Self::LINES);
        if more > 0 {
            context.note(format_args!(
                "{more} more Secrets in kube-system are not readable bootstrap tokens"
            ));
        }
    }
}
