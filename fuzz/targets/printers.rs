//! A token's Secret: `%% KEY` on a line of its own, and the value below it; `%%` and a number, and it is repeated so
//! often.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| kubeadm_token::fuzzing::printers(&fields(data)));

/// As much as a Secret may hold.
const MOST: usize = 1 << 20;

fn fields(data: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut left = MOST;
    let mut fields = Vec::new();
    for entry in data.split(|byte| *byte == b'\n') {
        if let Some(key) = entry.strip_prefix(b"%% ") {
            fields.push((String::from_utf8_lossy(key).into_owned(), Vec::new()));
            continue;
        }
        let Some((_, value)) = fields.last_mut() else {
            continue;
        };
        if let Some(times) = entry.strip_prefix(b"%%") {
            let times = String::from_utf8_lossy(times).parse().unwrap_or(1_usize);
            let times = times.min(left.checked_div(value.len()).unwrap_or(1)).max(1);
            *value = value.repeat(times);
            left = left.saturating_sub(value.len());
            continue;
        }
        if !value.is_empty() {
            value.push(b'\n');
        }
        value.extend_from_slice(entry);
    }
    fields
}
