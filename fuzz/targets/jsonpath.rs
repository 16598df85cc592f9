//! A JSONPath template, below a line of JSON that it is rendered over.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| kubectl_jsonpath::fuzzing::template(text));
