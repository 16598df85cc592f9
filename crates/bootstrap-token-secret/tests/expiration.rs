//! The moments and forms of an expiration.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use std::time::{Duration, SystemTime};

use bootstrap_token_secret::Expiration;

#[track_caller]
fn read(text: &str, shown: &str, utc: &str, unix: i64) {
    let expiration: Expiration = text.parse().unwrap();
    assert_eq!(expiration.to_string(), shown);
    assert_eq!(expiration.to_utc_string(), utc);
    assert_eq!(expiration.unix_seconds(), unix);
}

#[test]
fn every_form_that_go_reads() {
    read(
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        "1970-01-01T00:00:00Z",
        0,
    );
    read(
        "2030-05-01T12:00:00+02:00",
        "2030-05-01T12:00:00+02:00",
        "2030-05-01T10:00:00Z",
        1_903_860_000,
    );
    read(
        "2030-05-01T12:00:00+00:00",
        "2030-05-01T12:00:00Z",
        "2030-05-01T12:00:00Z",
        1_903_867_200,
    );
    read(
        "2030-05-01T2:00:00-00:30",
        "2030-05-01T02:00:00-00:30",
        "2030-05-01T02:30:00Z",
        1_903_833_000,
    );
    read(
        "2030-05-01T12:00:00,999Z",
        "2030-05-01T12:00:00Z",
        "2030-05-01T12:00:00Z",
        1_903_867_200,
    );
    read(
        "2030-05-01T12:00:00.1234567890123Z",
        "2030-05-01T12:00:00Z",
        "2030-05-01T12:00:00Z",
        1_903_867_200,
    );
    read(
        "1969-12-31T23:59:59.5Z",
        "1969-12-31T23:59:59Z",
        "1969-12-31T23:59:59Z",
        -1,
    );
    read(
        "9999-12-31T23:59:59-01:00",
        "9999-12-31T23:59:59-01:00",
        "9999-12-31T23:59:59Z",
        253_402_304_399,
    );
    read(
        "0000-01-01T00:00:00+01:00",
        "0000-01-01T00:00:00+01:00",
        "0000-01-01T00:00:00Z",
        -62_167_222_800,
    );
}

#[test]
fn what_go_refuses() {
    for text in [
        "",
        "2030-05-01",
        "2030-05-01t12:00:00Z",
        "2030-05-01T12:00:00z",
        "2030-05-01 12:00:00Z",
        "2030-05-01T12:00:60Z",
        "2030-05-01T24:00:00Z",
        "2030-02-29T12:00:00Z",
        "2030-05-01T12:00:00",
        "2030-05-01T12:00:00.Z",
        "2030-05-01T12:00:00+0200",
        "2030-05-01T12:00:00+25:00",
        "2030-05-01T12:00:00Z\n",
        " 2030-05-01T12:00:00Z",
        "12030-05-01T12:00:00Z",
    ] {
        let error = text.parse::<Expiration>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "not an RFC 3339 time (expected a form like 2006-01-02T15:04:05Z)"
        );
    }
}

#[test]
fn a_life_span_is_cut_to_whole_seconds() {
    let now = SystemTime::UNIX_EPOCH + Duration::from_millis(1_500);
    let expiration = Expiration::after(now, Duration::from_millis(1_600)).unwrap();
    assert_eq!(expiration.to_utc_string(), "1970-01-01T00:00:03Z");
    assert_eq!(expiration.remaining_nanos(now), 1_500_000_000);
}

#[test]
fn what_cannot_be_stored_is_an_error() {
    let error = Expiration::after(SystemTime::now(), Duration::MAX).unwrap_err();
    assert_eq!(
        error.to_string(),
        "this moment is not in the years that an expiration can be stored in"
    );
    assert!(Expiration::from_unix_seconds(253_402_300_799).is_ok());
    assert!(Expiration::from_unix_seconds(253_402_300_800).is_err());
    assert!(Expiration::from_unix_seconds(i64::MIN).is_err());
    assert!(
        Expiration::after(
            SystemTime::UNIX_EPOCH - Duration::from_secs(1),
            Duration::ZERO
        )
        .is_err()
    );
}
