use core::hash::{BuildHasher, Hasher};
use core::time::Duration;
use std::hash::RandomState;

/// The pauses between attempts. Each is about twice the previous one, up to two seconds: a server that comes back is
/// found soon, and one that is down is not hammered.
#[derive(Debug)]
pub(crate) struct Backoff(Duration);

impl Backoff {
    const FIRST: Duration = Duration::from_millis(100);
    const LAST: Duration = Duration::from_secs(2);

    pub(crate) fn new() -> Self {
        Self(Self::FIRST)
    }

    /// Returns half to all of the next pause, at random, to spread callers that failed together.
    pub(crate) fn pause(&mut self) -> Duration {
        let due = self.0;
        self.0 = (due * 2).min(Self::LAST);
        // The random keys of the standard library's hash maps are good enough for jitter.
        let random = u32::from(RandomState::new().build_hasher().finish().to_le_bytes()[0]);
        due / 2 + due / 2 * random / 255
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_maximum_and_vary() {
        let mut seen = Vec::new();
        for _ in 0..64 {
            let mut backoff = Backoff::new();
            for due in [100, 200, 400, 800, 1600, 2000, 2000] {
                let pause = backoff.pause();
                let due = Duration::from_millis(due);
                assert!(pause >= due / 2 && pause <= due, "{pause:?} for {due:?}");
                seen.push(pause);
            }
        }
        seen.sort();
        seen.dedup();
        assert!(seen.len() > 100, "only {} different pauses", seen.len());
    }
}
