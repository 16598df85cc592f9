//! The Secret that is written.

use std::time::{Duration, SystemTime};

use bootstrap_token::Token;
use bootstrap_token_secret::{BootstrapToken, Expiration, Usage};
use conformance::property::{Agreed, Spread, holds};
use conformance::suite::Test;
use conformance::tests;
use k8s_openapi::jiff::Timestamp;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::generate::{TOKEN, group, regex};

pub(crate) const TESTS: &[Test] =
    tests!["secret_out": a_token_becomes_the_secret_that_kubeadm_makes];

/// What a creator says; the time from `now` may be cut to whole seconds.
type Said = (
    String,
    String,
    Option<(u64, u64)>,
    Option<i64>,
    Vec<Usage>,
    Vec<String>,
);

fn a_token_becomes_the_secret_that_kubeadm_makes() {
    let now_and_ttl = (
        0_u64..2_000_000_000_000_000_000,
        1_u64..9_000_000_000_000_000_000,
    );
    let said = (
        regex(TOKEN),
        prop_oneof![any::<String>(), Just(String::new())],
        option::of(now_and_ttl),
        option::weighted(0.3, 0_i64..253_402_300_799),
        vec(select(Usage::ALL.to_vec()), 0..4),
        vec(group(), 0..4),
    );
    holds(
        Spread::AllAccepted,
        said,
        |said| [request(said)],
        |said, [answer]| {
            let theirs = answer.ok().ok_or("an error")?;
            let mut ours = serde_json::to_value(ours(said).expose_secret()).unwrap();
            for only_ours in ["apiVersion", "kind"] {
                ours.as_object_mut().unwrap().remove(only_ours);
            }
            if ours != *theirs {
                return Err(format!("ours: {ours}"));
            }
            Ok(Agreed::Accepted)
        },
    );
}

fn request((token, description, ttl, expires, usages, groups): &Said) -> Value {
    let usages: Vec<_> = usages.iter().map(|usage| usage.as_str()).collect();
    let mut request = json!({
        "op": "secret_out",
        "token": token,
        "description": description,
        "usages": usages,
        "groups": groups,
        "now": "2030-01-01T00:00:00Z",
    });
    if let Some((now, ttl)) = ttl {
        let now = Timestamp::from_nanosecond((*now).into()).unwrap();
        request["now"] = json!(now.to_string());
        request["ttl_ns"] = json!(ttl.to_string());
    }
    if let Some(seconds) = expires {
        let expires = Expiration::from_unix_seconds(*seconds).unwrap();
        request["expires"] = json!(expires.to_utc_string());
    }
    request
}

/// A moment wins over a life span, as in kubeadm's converter; kubeadm-token does not take both.
fn ours((token, description, ttl, expires, usages, groups): &Said) -> BootstrapToken {
    let after = ttl.map(|(now, ttl)| {
        let now = SystemTime::UNIX_EPOCH + Duration::from_nanos(now);
        Expiration::after(now, Duration::from_nanos(ttl)).unwrap()
    });
    let at = expires.map(|seconds| Expiration::from_unix_seconds(seconds).unwrap());
    BootstrapToken::new(token.parse::<Token>().unwrap())
        .with_description(description.as_str())
        .with_expiration(at.or(after))
        .with_usages(usages.iter().copied().collect())
        .with_groups(groups.iter().map(|group| group.parse().unwrap()).collect())
}
