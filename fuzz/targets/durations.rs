//! A text in the place of a duration.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| kubeadm_token::fuzzing::duration(text));
