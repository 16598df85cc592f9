//! Properties that must hold for any input, used by generated tests and by the fuzz targets.

mod config;
mod duration;
mod printers;
mod yaml;

pub use config::config;
pub use duration::duration;
pub use printers::printers;
pub use yaml::yaml;

use std::time::{Duration, SystemTime};

/// Placeholder for a secret in the text.
const SECRET: &str = "f395accd246ae52d";

/// 2027-01-01.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_600)
}

/// Asserts that a message is not many times longer than its input.
#[track_caller]
fn is_bounded(told: usize, input: usize, what: &str) {
    assert!(
        told <= 32 * input + (1 << 17),
        "{what}: {told} bytes of {input}"
    );
}
