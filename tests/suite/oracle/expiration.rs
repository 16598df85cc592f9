//! Times: which texts are one, which moment they mean, how it is written, and when it is over.

use std::time::{Duration, SystemTime};

use bootstrap_token_secret::{Expiration, keys};
use conformance::property::{Agreed, Spread, holds};
use conformance::suite::Test;
use conformance::tests;
use k8s_openapi::jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

use crate::generate::{mixed, nearly, time};

pub(crate) const TESTS: &[Test] = tests!["expiration":
    a_time_is_what_go_takes_for_one,
    seconds_are_written_as_go_writes_them,
    it_is_over_at_the_same_nanosecond,
];

fn a_time_is_what_go_takes_for_one() {
    let texts = prop_oneof![4 => time(), 1 => nearly(time()), 1 => mixed(time())];
    holds(
        Spread::Both,
        texts,
        |text| [json!({"op": "time_parse_rfc3339", "input": text})],
        |text, [answer]| {
            let ours = text.parse::<Expiration>().ok();
            if let (Some(ours), Some(theirs)) = (ours, answer.ok()) {
                let nanos = ours.remaining_nanos(SystemTime::UNIX_EPOCH);
                let same_moment = theirs["unix"] == ours.unix_seconds()
                    && theirs["nanos"].as_i64().map(i128::from)
                        == Some(nanos.rem_euclid(1_000_000_000));
                if !same_moment {
                    return Err(format!("another moment: {nanos}"));
                }
                let written = ours.to_utc_string();
                // An offset can carry a time out of the years 0 to 9999. Go prints five digits or a sign
                // then, which no reader of a Secret takes; ours stays at the edge.
                let theirs = theirs["utc"].as_str().unwrap_or_default();
                let expected = match theirs.len() {
                    20 => theirs,
                    _ if theirs.starts_with('-') => "0000-01-01T00:00:00Z",
                    _ => "9999-12-31T23:59:59Z",
                };
                if written != expected {
                    return Err(format!("written {written}"));
                }
            }
            Agreed::on(answer.accepted(), ours.is_some())
        },
    );
}

fn seconds_are_written_as_go_writes_them() {
    const FIRST: i64 = -62_167_219_200; // 0000-01-01T00:00:00Z
    const LAST: i64 = 253_402_300_799; // 9999-12-31T23:59:59Z
    let seconds = prop_oneof![
        6 => FIRST..=LAST,
        2 => -300_000_000_000_i64..300_000_000_000,
        1 => FIRST - 1_000..FIRST + 1_000,
        1 => LAST - 1_000..LAST + 1_000,
    ];
    holds(
        Spread::Both,
        seconds,
        |seconds| [json!({"op": "time_format_rfc3339", "unix": seconds})],
        |seconds, [answer]| {
            let theirs = answer.ok().and_then(|t| t.as_str()).ok_or("no answer")?;
            let ours = Expiration::from_unix_seconds(*seconds).ok();
            if ours.is_some_and(|ours| ours.to_utc_string() != theirs || ours.to_string() != theirs)
            {
                return Err(format!("ours: {ours:?}"));
            }
            // Go prints other years as well, but reads only four digits.
            Agreed::on(theirs.len() == "2006-01-02T15:04:05Z".len(), ours.is_some())
        },
    );
}

fn it_is_over_at_the_same_nanosecond() {
    // From -3 s to 3 s around the expiration, many of them at it to the nanosecond.
    let distance = prop_oneof![
        -3_000_000_000_i64..3_000_000_000,
        Just(0),
        -2_i64..=2,
        Just(1_000_000_000),
        any::<i32>().prop_map(|days| i64::from(days % 40_000) * 86_400_000_000_000),
    ];
    holds(
        Spread::Both,
        (
            0_u32..2_000_000_000,
            0_u32..1_000_000_000,
            any::<bool>(),
            distance,
        ),
        |input| {
            let (text, now) = at(*input);
            let secret =
                json!({"data": {keys::EXPIRATION: k8s_openapi::ByteString(text.into_bytes())}});
            [
                json!({"op": "secret_facts", "secret": secret, "now": Timestamp::try_from(now).unwrap().to_string()}),
            ]
        },
        |input, [answer]| {
            let (text, now) = at(*input);
            let facts = answer.ok().ok_or("no answer")?;
            let ours: Expiration = text.parse().unwrap();
            assert_eq!(facts["is_expired"], facts["has_expired"]);
            // Upstream has nothing left rather than less than nothing, and a Duration ends after 292 years.
            let left = ours
                .remaining_nanos(now)
                .clamp(0, i64::MAX.into())
                .to_string();
            if facts["remaining_ns"] != left {
                return Err(format!("{left} ns left"));
            }
            Agreed::on(facts["is_expired"] == false, !ours.is_expired(now))
        },
    );
}

/// An expiration, whole or with a fraction, and a now at a distance from it.
fn at((seconds, nanos, whole, distance): (u32, u32, bool, i64)) -> (String, SystemTime) {
    let nanos = if whole { 0 } else { nanos };
    let text = Expiration::from_unix_seconds(seconds.into())
        .unwrap()
        .to_utc_string();
    let text = text.replace('Z', &format!(".{nanos:09}Z"));
    let expires = SystemTime::UNIX_EPOCH + Duration::new(seconds.into(), nanos);
    let distance_abs = Duration::from_nanos(distance.unsigned_abs());
    let now = if distance < 0 {
        expires - distance_abs
    } else {
        expires + distance_abs
    };
    (text, now)
}
