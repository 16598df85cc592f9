//! What the controller manager's token cleaner does with tokens of ours.

use bootstrap_token_secret::keys;
use conformance::suite::Test;
use conformance::{tests, wait};

use crate::support::{create, find_secret, new_secret, ours_admin, plane, rows, set};

pub(crate) const TESTS: &[Test] = tests!["cleaner":
    an_expired_token_is_removed,
    a_token_whose_expiration_cannot_be_read_is_removed_at_once,
    a_token_with_time_left_is_kept,
];

fn an_expired_token_is_removed() {
    let token = create(&["--ttl", "2s"]);
    let id = token.id();
    wait::until_true("the token is removed", || find_secret(id).is_none());
    let list = ours_admin(&["list"]).prints_token().run();
    assert_eq!(rows(list.success(), id), [""; 0]);
    let delete = ours_admin(&["delete", id.as_str()]).run();
    assert!(delete.failure().contains("not found"), "{delete:?}");
}

fn a_token_whose_expiration_cannot_be_read_is_removed_at_once() {
    let (id, mut secret) = new_secret();
    set(&mut secret, keys::EXPIRATION, b"2100-01-01t00:00:00z");
    plane().admin().create_secret(&secret);
    wait::until_true("the token is removed", || find_secret(id).is_none());
}

fn a_token_with_time_left_is_kept() {
    let kept = [create(&["--ttl", "1h"]), create(&["--ttl", "0"])];
    let removed = create(&["--ttl", "1s"]);
    wait::until_true("the other is removed", || {
        find_secret(removed.id()).is_none()
    });
    for token in kept {
        assert!(find_secret(token.id()).is_some());
    }
}
