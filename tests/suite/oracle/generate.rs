//! Inputs that are valid, nearly valid and wild, and the Secrets made of them.

use std::collections::BTreeMap;
use std::time::SystemTime;

use bootstrap_token_secret::keys;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{ObjectMeta, Time};
use k8s_openapi::jiff::Timestamp;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::string::string_regex;

/// What a pattern without anchors, a loose character class or a trim would let through.
const STRANGE: &[&str] = &[
    "\n", "\r\n", " ", "\t", "\0", "A", "Z", "_", "-", ":", ".", ",", "\"", "/", "é", "ß", "ſ",
    "\u{212a}", "\u{0663}", "\u{ff11}", "\u{feff}", "\u{200b}", "a", "0",
];

/// Texts that match; the pattern is read once, and not for each text.
pub(crate) fn regex(pattern: &str) -> BoxedStrategy<String> {
    string_regex(pattern).unwrap().boxed()
}

/// A valid text with one thing done to it.
pub(crate) fn nearly(valid: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (valid, any::<Index>(), select(STRANGE), 0..8).prop_map(|(valid, at, strange, what)| {
        let mut text: Vec<char> = valid.chars().collect();
        let at = at.index(text.len().max(1)).min(text.len());
        match what {
            0 => drop(text.splice(at..(at + 1).min(text.len()), strange.chars())),
            1 => drop(text.splice(at..at, strange.chars())),
            2 => drop(text.drain(at..(at + 1).min(text.len()))),
            3 => text.extend(strange.chars()),
            4 => drop(text.splice(0..0, strange.chars())),
            5 => text.truncate(at),
            6 => {
                if let Some(c) = text.get_mut(at) {
                    *c = c.to_ascii_uppercase();
                }
            }
            _ => {
                if let Some(c) = text.get(at).copied() {
                    text.insert(at, c);
                }
            }
        }
        text.into_iter().collect()
    })
}

/// Valid, nearly valid and wild, in about equal parts.
pub(crate) fn mixed(
    valid: impl Strategy<Value = String> + Clone + 'static,
) -> BoxedStrategy<String> {
    let wild = prop_oneof![
        any::<String>(),
        regex("[a-z0-9.:-]{0,40}"),
        vec(select(STRANGE), 0..30).prop_map(|s| s.concat())
    ];
    prop_oneof![valid.clone(), nearly(valid), wild].boxed()
}

/// `<id>`.
pub(crate) const ID: &str = "[a-z0-9]{6}";

/// The name of a token's Secret.
pub(crate) const NAME: &str = "bootstrap-token-[a-z0-9]{6}";

/// `<id>.<secret>`.
pub(crate) const TOKEN: &str = r"[a-z0-9]{6}\.[a-z0-9]{16}";

/// An extra group, short or as long as it may be.
pub(crate) fn group() -> BoxedStrategy<String> {
    prop_oneof![
        4 => regex("system:bootstrappers:[a-z0-9:-]{0,12}[a-z0-9]"),
        1 => regex("system:bootstrappers:[a-z0-9:-]{250,255}[a-z0-9]"),
    ]
    .boxed()
}

/// A text that is not quite a time, or not quite what RFC 3339 or Go would call one.
pub(crate) fn time() -> BoxedStrategy<String> {
    let year = prop_oneof![6 => regex("20[0-9]{2}"), 2 => regex("[0-9]{4}"), 1 => select(vec!["0000", "9999", "1969", "10000", "999", "+2030", "-001"]).prop_map(str::to_owned)];
    let two = |valid: std::ops::RangeInclusive<u32>, edges: &'static [&'static str]| {
        prop_oneof![
            12 => valid.prop_map(|n| format!("{n:02}")),
            1 => select(edges).prop_map(str::to_owned),
        ]
    };
    let month = two(1..=12, &["00", "13", "1", "02"]);
    let day = two(1..=28, &["00", "29", "30", "31", "32", "1", "+1"]);
    let hour = two(0..=23, &["24", "0", "9", "12", "25", "-1", " 1"]);
    let minute = two(0..=59, &["60", "5", "61", "99"]);
    let second = two(0..=59, &["60", "5", "61", "59"]);
    let fraction = prop_oneof![
        5 => Just(String::new()),
        2 => regex(r"\.[0-9]{1,12}"),
        1 => regex(",[0-9]{1,12}"),
        1 => select(vec![".", ",", ".x", ". 5", ";5", ".5.5"]).prop_map(str::to_owned),
    ];
    let zone = prop_oneof![
        6 => Just("Z".to_owned()),
        6 => regex("[+-](0[0-9]|1[0-4]):(00|15|30|45)"),
        1 => regex("[+-][0-9]{2}:[0-9]{2}"),
        1 => select(vec!["", "z", "ZZ", "+00:00", "-00:00", "+24:00", "+24:60", "+25:00", "+00:61", "+0100", "+01", "UTC", "+1:00", "\u{2212}01:00"])
            .prop_map(str::to_owned),
    ];
    let between = prop_oneof![20 => Just("T"), 1 => select(vec!["t", " ", "_", "", "TT"])];
    (
        year, month, day, between, hour, minute, second, fraction, zone,
    )
        .prop_map(|(y, mo, d, t, h, mi, s, f, z)| format!("{y}-{mo}-{d}{t}{h}:{mi}:{s}{f}{z}"))
        .boxed()
}

/// A time of the form kubeadm writes, years before or after any clock that reads it.
pub(crate) fn settled_time() -> BoxedStrategy<String> {
    let zone = prop_oneof![3 => Just("Z".to_owned()), 1 => regex("[+-]0[0-9]:30")];
    let year = prop_oneof![1 => 1971..2020, 8 => 2100..2200];
    (year, 1..=12_u32, 1..=28_u32, 0..=23_u32, zone)
        .prop_map(|(y, m, d, h, z)| format!("{y}-{m:02}-{d:02}T{h:02}:05:09{z}"))
        .boxed()
}

/// Bytes as others might have stored them; mostly text.
fn stored(valid: BoxedStrategy<String>, wrong: u32) -> BoxedStrategy<Option<Vec<u8>>> {
    let bytes = |s: BoxedStrategy<String>| s.prop_map(String::into_bytes);
    prop_oneof![
        30 => bytes(valid.clone()).prop_map(Some),
        wrong => bytes(nearly(valid).boxed()).prop_map(Some),
        wrong => option::of(vec(any::<u8>(), 0..8)),
        wrong => Just(None),
    ]
    .boxed()
}

/// A Secret that may be a token's. About one in three is whole.
pub(crate) fn secret() -> BoxedStrategy<Secret> {
    let secret_text = regex("[a-z0-9]{16}");
    let expiration = prop_oneof![
        6 => settled_time(),
        1 => time().prop_filter("too near to now", |text| far_from_now(text)),
        1 => Just(String::new()),
    ];
    let groups = prop_oneof![
        5 => vec(group(), 0..4).prop_map(|groups| groups.join(",")),
        1 => vec(prop_oneof![6 => group(), 1 => mixed(group()), 1 => Just(String::new())], 0..4).prop_map(|g| g.join(",")),
    ]
    .boxed();
    let usage = || {
        prop_oneof![
            16 => Just(Some(b"true".to_vec())),
            2 => Just(None),
            3 => select(vec!["True", "TRUE", "1", "yes", "", " true", "true\n", "false", "t", "truetrue"])
                .prop_map(|text| Some(text.as_bytes().to_vec())),
        ]
    };
    let others = vec(
        (
            regex("usage-bootstrap-[a-z-]{0,9}|usage-bootstrap|[a-z.-]{1,9}|usage-bootstrap-é"),
            usage(),
        ),
        0..3,
    );
    let name = prop_oneof![
        24 => Just(None),
        1 => regex(NAME).prop_map(Some),
        1 => mixed(regex(NAME)).prop_map(Some),
    ];
    let type_ = prop_oneof![
        20 => Just(Some(keys::SECRET_TYPE.to_owned())),
        1 => select(vec!["Opaque", "", "bootstrap.kubernetes.io/Token", "bootstrap.kubernetes.io/token "]).prop_map(|t| Some(t.to_owned())),
        1 => Just(None),
    ];
    (
        (
            name,
            type_,
            prop::bool::weighted(0.03),
            prop::bool::weighted(0.02),
        ),
        stored(regex(ID), 1),
        stored(secret_text, 1),
        stored(expiration.boxed(), 1),
        stored(regex(".{0,12}"), 1),
        stored(groups, 1),
        (usage(), usage()),
        others,
    )
        .prop_map(
            |(
                (name, type_, deleted, no_data),
                id,
                secret,
                expiration,
                description,
                groups,
                usages,
                others,
            )| {
                let matching = || {
                    format!(
                        "bootstrap-token-{}",
                        String::from_utf8_lossy(id.as_deref().unwrap_or_default())
                    )
                };
                let name = name.unwrap_or_else(matching);
                let mut data: BTreeMap<_, _> = others
                    .into_iter()
                    .filter_map(|(key, value)| value.map(|value| (key, ByteString(value))))
                    .collect();
                for (key, value) in [
                    (keys::TOKEN_ID, id),
                    (keys::TOKEN_SECRET, secret),
                    (keys::EXPIRATION, expiration),
                    (keys::DESCRIPTION, description),
                    (keys::EXTRA_GROUPS, groups),
                    ("usage-bootstrap-authentication", usages.0),
                    ("usage-bootstrap-signing", usages.1),
                ] {
                    if let Some(value) = value {
                        data.insert(key.to_owned(), ByteString(value));
                    }
                }
                Secret {
                    metadata: ObjectMeta {
                        name: Some(name),
                        namespace: Some(keys::NAMESPACE.to_owned()),
                        deletion_timestamp: deleted.then_some(Time(Timestamp::UNIX_EPOCH)),
                        ..ObjectMeta::default()
                    },
                    type_,
                    data: (!no_data).then_some(data),
                    ..Secret::default()
                }
            },
        )
        .boxed()
}

/// Upstream's authenticator and signer ask the clock, some time after we did.
fn far_from_now(text: &str) -> bool {
    let Ok(expiration) = text.parse::<bootstrap_token_secret::Expiration>() else {
        return true;
    };
    expiration.remaining_nanos(SystemTime::now()).unsigned_abs() > 3_600_000_000_000
}
