//! Properties that hold for any input, for tests with generated input and the fuzz targets.

mod proxy;

pub use crate::tls::fuzzing::certificate;
pub use proxy::proxy;

/// Checks that a text is at most a small multiple of its input.
#[track_caller]
pub(crate) fn is_bounded(told: usize, input: usize) {
    assert!(told <= 32 * input + 1024, "{told} bytes of {input}");
}
