//! Waiting for what happens in its own time.

use std::thread;
use std::time::{Duration, Instant};

/// Long enough for anything that happens at all, on a machine that does much else.
const BOUND: Duration = Duration::from_secs(120);

/// Asks again and again until there is an answer. What was seen last is told when there never is one.
#[track_caller]
pub fn until<T, E: std::fmt::Debug>(what: &str, mut ask: impl FnMut() -> Result<T, E>) -> T {
    let deadline = Instant::now() + BOUND;
    loop {
        match ask() {
            Ok(answer) => return answer,
            Err(seen) => assert!(
                Instant::now() < deadline,
                "{what}: not within {BOUND:?}, last seen: {seen:?}"
            ),
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// [`until`] a condition holds.
#[track_caller]
pub fn until_true(what: &str, mut holds: impl FnMut() -> bool) {
    until(what, || if holds() { Ok(()) } else { Err(false) });
}
