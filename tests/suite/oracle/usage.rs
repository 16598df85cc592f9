//! Names of usages.

use bootstrap_token_secret::{Usage, Usages};
use conformance::property::{Agreed, Spread, holds};
use conformance::suite::Test;
use conformance::tests;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::json;

use crate::generate::mixed;

pub(crate) const TESTS: &[Test] = tests!["usage": usages_are_what_upstream_takes_for_some];

fn usages_are_what_upstream_takes_for_some() {
    let known = select(vec!["signing", "authentication"]).prop_map(str::to_owned);
    let usage = prop_oneof![5 => known.clone(), 1 => mixed(known)];
    holds(
        Spread::Both,
        vec(usage, 0..5),
        |usages| [json!({"op": "usages_validate", "input": usages})],
        |usages, [answer]| {
            let ours: Result<Usages, _> =
                usages.iter().map(|usage| usage.parse::<Usage>()).collect();
            if let Ok(set) = ours {
                for usage in Usage::ALL {
                    assert_eq!(
                        set.contains(usage),
                        usages.iter().any(|u| u == usage.as_str())
                    );
                }
            }
            Agreed::on(answer.accepted(), ours.is_ok())
        },
    );
}
