//! The remaining lifetime of a token in kubeadm's form. On a terminal a color marks what needs attention.

use std::borrow::Cow;
use std::time::{Duration, SystemTime};

use anstyle::{AnsiColor, Style};
use bootstrap_token_secret::Expiration;

use crate::duration::GoDuration;

/// A token that expires sooner than this is colored.
const SOON: Duration = Duration::from_secs(60 * 60);

pub(super) struct Ttl {
    pub(super) text: Cow<'static, str>,
    style: Style,
}

impl Ttl {
    /// Chooses the color: red if it has expired, yellow if it expires soon or never.
    pub(super) fn of(expiration: Option<Expiration>, now: SystemTime) -> Self {
        let Some(expiration) = expiration else {
            return Self {
                text: "<forever>".into(),
                style: AnsiColor::Yellow.on_default(),
            };
        };
        let left = expiration.remaining_nanos(now);
        let style = if left <= 0 {
            AnsiColor::Red.on_default()
        } else if u128::try_from(left).is_ok_and(|left| left < SOON.as_nanos()) {
            AnsiColor::Yellow.on_default()
        } else {
            Style::new()
        };
        Self {
            text: GoDuration::saturating(left).short_human().into(),
            style,
        }
    }

    /// Colors the text in a table that is already aligned: after `before` and blanks.
    pub(super) fn colour(&self, before: &str, table: &mut String) {
        let Some(behind) = table.find(before).map(|at| at + before.len()) else {
            return;
        };
        let blanks = table[behind..].len() - table[behind..].trim_start_matches(' ').len();
        let start = behind + blanks;
        let end = start + self.text.len();
        table.insert_str(end, &self.style.render_reset().to_string());
        table.insert_str(start, &self.style.render().to_string());
    }
}
