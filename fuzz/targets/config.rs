//! A file in the place of kubeadm's configuration.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| kubeadm_token::fuzzing::config(text));
