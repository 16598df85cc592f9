//! A certificate that a server shows before anybody trusts it, compared with a reader of the whole of X.509.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| kube_transport::fuzzing::certificate(data));
