//! Names of extra groups.

use bootstrap_token_secret::ExtraGroup;
use conformance::property::{Agreed, Spread, holds};
use conformance::suite::Test;
use conformance::tests;
use serde_json::json;

use crate::generate::{group, mixed};

pub(crate) const TESTS: &[Test] = tests!["group": a_group_is_what_upstream_takes_for_one];

fn a_group_is_what_upstream_takes_for_one() {
    holds(
        Spread::Both,
        mixed(group()),
        |name| [json!({"op": "group_validate", "input": name})],
        |name, [answer]| {
            let ours = name.parse::<ExtraGroup>();
            if ours.as_ref().is_ok_and(|group| group.as_str() != name) {
                return Err("the name has changed".to_owned());
            }
            Agreed::on(answer.accepted(), ours.is_ok())
        },
    );
}
