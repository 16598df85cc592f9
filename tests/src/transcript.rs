//! Everything that the commands printed, and the one rule about it: no secret, unless that was the purpose.

use std::sync::{Mutex, MutexGuard};

use crate::secrets;

/// One stream of one run.
struct Record {
    what: String,
    bytes: Vec<u8>,
}

static RECORDS: Mutex<Vec<Record>> = Mutex::new(Vec::new());

/// Keeps what was printed, and checks it against every secret made so far.
#[track_caller]
pub(crate) fn record(what: String, bytes: &[u8]) {
    if let Some(how) = secrets::found_in(bytes) {
        panic!("{what}: a secret is in it {how}");
    }
    let bytes = bytes.to_vec();
    records().push(Record { what, bytes });
}

/// Keeps a log of the control plane, for the check at the end.
pub(crate) fn record_log(name: &str, bytes: Vec<u8>) {
    let what = format!("log {name}");
    records().push(Record { what, bytes });
}

/// Where any of the secrets made by now was printed.
pub(crate) fn leaks() -> Vec<String> {
    records()
        .iter()
        .filter_map(|record| {
            secrets::found_in(&record.bytes).map(|how| format!("{}: {how}", record.what))
        })
        .collect()
}

fn records() -> MutexGuard<'static, Vec<Record>> {
    RECORDS.lock().expect("nothing panics while it is held")
}
