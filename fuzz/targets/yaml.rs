//! A file in the place of the administrator's kubeconfig.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| kubeadm_token::fuzzing::yaml(bytes));
