//! The URL of a proxy, `NO_PROXY`, and the name of a server, each on a line of its own.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| kube_transport::fuzzing::proxy(text));
