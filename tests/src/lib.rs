//! The harness of the conformance suites.
#![forbid(unsafe_code)]
