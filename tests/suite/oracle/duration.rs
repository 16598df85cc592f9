//! Durations, as `--ttl` takes them and as the table shows what is left: the command's own module, which
//! needs nothing else of it.

#[path = "../../../crates/kubeadm-token/src/duration.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "it is the command's; not all of it is asked here"
)]
mod of_command;

use conformance::oracle::{Answer, Oracle};
use conformance::property::{Agreed, Spread, holds};
use conformance::suite::Test;
use conformance::tests;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use crate::generate::{nearly, regex};
use of_command::{GoDuration, ParseDurationError};

pub(crate) const TESTS: &[Test] = tests!["duration":
    a_duration_is_what_go_takes_for_one,
    two_parts_that_go_adds_to_nothing_are_refused,
    what_is_left_is_shown_as_kubeadm_shows_it,
];

fn a_duration_is_what_go_takes_for_one() {
    let number = prop_oneof![
        6 => regex("[0-9]{1,4}"),
        2 => regex(r"[0-9]{1,3}\.[0-9]{1,12}"),
        1 => regex(r"\.[0-9]{1,3}|[0-9]{1,3}\.|[0-9]{15,22}|[0-9]{1,3}\.[0-9]{15,25}"),
        1 => select(vec!["", ".", "9223372036854775807", "9223372036854775808", "9223372036.854775808"]).prop_map(str::to_owned),
    ];
    let unit = prop_oneof![
        12 => select(vec!["ns", "us", "\u{b5}s", "\u{3bc}s", "ms", "s", "m", "h"]),
        1 => select(vec!["", "d", "S", "H", "sec", " s", "\u{e9}", "\"", "\\", "\n", "\u{7f}", "-"]),
    ];
    let parts = vec((number, unit), 0..4)
        .prop_map(|parts| parts.into_iter().map(|(n, u)| n + u).collect::<String>());
    let sign = select(vec!["", "", "", "", "+", "-", "--", " "]);
    let text = (sign, parts)
        .prop_map(|(sign, parts)| sign.to_owned() + &parts)
        .boxed();
    holds(
        Spread::Both,
        prop_oneof![6 => text.clone(), 1 => nearly(text), 1 => any::<String>(), 1 => Just("0".to_owned())],
        |text| [json!({"op": "duration_parse", "input": text})],
        |text, [answer]| {
            let ours = text.parse::<GoDuration>();
            match (&ours, answer) {
                (Ok(ours), Answer::Ok(nanos)) => {
                    let theirs = nanos.as_str().and_then(|n| n.parse().ok());
                    let same = theirs.map(GoDuration::saturating);
                    if same != Some(*ours) {
                        return Err(format!("ours: {ours:?}"));
                    }
                }
                (Err(error), Answer::Error(theirs)) => {
                    let words = error.with_text(text);
                    if words != *theirs {
                        return Err(format!("ours says: {words}"));
                    }
                }
                (Err(ParseDurationError::Invalid), _) if wraps_in_go(text) => {
                    return Ok(Agreed::Excluded);
                }
                _ => {}
            }
            Agreed::on(answer.accepted(), ours.is_ok())
        },
    );
}

/// Go adds two parts of 2^63 ns each to nothing: a token of 584 years would never expire. Here that is more
/// than a duration can be, as any other sum of that size is.
fn two_parts_that_go_adds_to_nothing_are_refused() {
    let text = "9223372036854775808ns9223372036.854775808s";
    let answer = Oracle::start().ask(&json!({"op": "duration_parse", "input": text}));
    assert_eq!(answer.ok(), Some(&json!("0")));
    assert!(wraps_in_go(text));
    assert_eq!(text.parse::<GoDuration>(), Err(ParseDurationError::Invalid));
}

/// Whether two parts may be 2^63 ns.
fn wraps_in_go(text: &str) -> bool {
    let digits = text.replace('.', "");
    digits.matches("9223372036854775808").count() >= 2
}

fn what_is_left_is_shown_as_kubeadm_shows_it() {
    const SECOND: i64 = 1_000_000_000;
    let edges = vec![
        0, 1, 2, 59, 60, 61, 3_599, 3_600, 86_399, 86_400, 31_535_999, 31_536_000,
    ];
    let nanos = prop_oneof![
        2 => any::<i64>(),
        3 => (select(edges), -2_i64..3, any::<bool>()).prop_map(|(seconds, off, negative)| {
            let nanos = seconds * SECOND + off;
            if negative { -nanos } else { nanos }
        }),
        3 => (0..800 * 86_400_i64).prop_map(|seconds| seconds * SECOND + 7),
    ];
    holds(
        Spread::AllAccepted,
        nanos,
        |nanos| [json!({"op": "human_duration", "ns": nanos.to_string()})],
        |nanos, [answer]| {
            let ours = GoDuration::saturating((*nanos).into()).short_human();
            match answer.ok() {
                Some(theirs) if theirs["short"] == ours => Ok(Agreed::Accepted),
                // Go counts the seconds in floating point, where the last nanoseconds before a whole second
                // may already be that second.
                _ if nanos.unsigned_abs() % SECOND.unsigned_abs() > 999_999_000 => {
                    Ok(Agreed::Excluded)
                }
                _ => Err(format!("ours: {ours}")),
            }
        },
    );
}
