//! What must be true of any input: held by tests with generated input, and by the fuzz targets.

mod config;
mod duration;
mod printers;
mod yaml;

pub use config::config;
pub use duration::duration;
pub use printers::printers;
pub use yaml::yaml;

use std::time::{Duration, SystemTime};

/// Stands for a secret in the text.
const SECRET: &str = "f395accd246ae52d";

/// 2027-01-01.
fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_798_761_600)
}

/// What is told of an input is not many times as long.
#[track_caller]
fn is_bounded(told: usize, input: usize, what: &str) {
    assert!(
        told <= 32 * input + (1 << 17),
        "{what}: {told} bytes of {input}"
    );
}
