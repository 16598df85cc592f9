//! A status line for a person who has waited for more than a second.

use std::io::{self, IsTerminal as _, Write as _};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time;

use crate::context::Context;
use crate::quote;

/// Wait before the line is shown.
const PATIENCE: Duration = Duration::from_secs(1);

/// A line on a terminal that disappears when the wait is over. Shows nothing if standard error is not a terminal, if
/// the terminal cannot erase a line, or if a log shows the steps.
#[derive(Clone, Copy)]
pub(crate) struct WaitLine {
    is_shown: bool,
}

impl WaitLine {
    pub(crate) fn new(context: &Context<'_>) -> Self {
        let is_able = (context.env)("TERM").is_some_and(|term| !term.is_empty() && term != "dumb");
        let is_logged = tracing::event_enabled!(tracing::Level::INFO);
        Self {
            is_shown: is_able && !is_logged && io::stderr().is_terminal(),
        }
    }

    /// Waits, and updates the line every second.
    pub(crate) async fn during<T>(
        self,
        wait: impl Future<Output = T>,
        what: impl Fn() -> String,
    ) -> T {
        if !self.is_shown {
            return wait.await;
        }
        let mut wait = pin!(wait);
        let mut row = Row { text: None };
        loop {
            match time::timeout(PATIENCE, &mut wait).await {
                Ok(done) => return done,
                Err(_) => row.show(quote::one_line(&what())),
            }
        }
    }
}

/// A line of one row, cut off at the terminal's width.
struct Row {
    text: Option<String>,
}

/// Whether the row is on the screen.
static IS_THERE: AtomicBool = AtomicBool::new(false);

/// Erases the row.
const CLEAR: &str = "\r\x1b[K";

/// Erases the row, if it is shown, before another line is written. It comes back if the wait continues.
pub(crate) fn take_back() {
    if IS_THERE.swap(false, Ordering::Relaxed) {
        write(CLEAR);
    }
}

impl Row {
    fn show(&mut self, text: String) {
        let is_there = IS_THERE.swap(true, Ordering::Relaxed);
        if is_there && self.text.as_ref() == Some(&text) {
            return;
        }
        // Turns off line wrapping, so that a long text is cut off.
        write(&format!("{CLEAR}\x1b[?7l{text}\x1b[?7h"));
        self.text = Some(text);
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        take_back();
    }
}

/// Ignores a failure to write: there is nowhere to report it.
fn write(text: &str) {
    let _: io::Result<()> = io::stderr().write_all(text.as_bytes());
}
