//! What the command waits for, told to a person who has waited for a second.

use std::io::{self, IsTerminal as _, Write as _};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time;

use crate::context::Context;
use crate::quote;

/// Before that nobody wonders.
const PATIENCE: Duration = Duration::from_secs(1);

/// A line on a terminal that is gone when the wait is over. Nothing where standard error is no terminal, where the terminal
/// cannot take a line back, and where a log tells the steps.
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

    /// Waits, and looks every second what for.
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

/// A line that ends where the terminal does: it stands in one row.
struct Row {
    text: Option<String>,
}

/// Whether the row is there.
static IS_THERE: AtomicBool = AtomicBool::new(false);

/// Takes the row back.
const CLEAR: &str = "\r\x1b[K";

/// Takes the row back, if it is there, before another line is written. It comes again if the wait goes on.
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
        // Without automatic line breaks what is too long is cut off.
        write(&format!("{CLEAR}\x1b[?7l{text}\x1b[?7h"));
        self.text = Some(text);
    }
}

impl Drop for Row {
    fn drop(&mut self) {
        take_back();
    }
}

/// A failure to write has nowhere to be reported.
fn write(text: &str) {
    let _: io::Result<()> = io::stderr().write_all(text.as_bytes());
}
