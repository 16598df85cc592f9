//! What must be true of any input: held by tests with generated input, and by the fuzz targets.

mod proxy;

pub use crate::tls::fuzzing::certificate;
pub use proxy::proxy;

/// What is told of an input is not many times as long.
#[track_caller]
pub(crate) fn is_bounded(told: usize, input: usize) {
    assert!(told <= 32 * input + 1024, "{told} bytes of {input}");
}
