//! `delete` says what happened.

use conformance::suite::Test;
use conformance::{secrets, tests};

use crate::support::{create, find_secret, ours_admin};

pub(crate) const TESTS: &[Test] = tests!["delete":
    it_takes_ids_and_tokens_and_says_what_is_gone,
    what_is_not_there_is_an_error_and_what_was_deleted_before_is_told,
    a_malformed_word_keeps_all_of_them,
];

fn it_takes_ids_and_tokens_and_says_what_is_gone() {
    let (by_id, by_token) = (create(&[]), create(&[]));
    let output = ours_admin(&["delete", by_id.id().as_str(), &by_token.expose()]).run();
    let said = |id| format!("bootstrap token \"{id}\" deleted\n");
    assert_eq!(output.success(), said(by_id.id()) + &said(by_token.id()));
    assert_eq!(output.stderr, "");
    for token in [by_id, by_token] {
        assert!(find_secret(token.id()).is_none());
    }
}

fn what_is_not_there_is_an_error_and_what_was_deleted_before_is_told() {
    let (first, last) = (create(&[]), create(&[]));
    let missing = secrets::token().id();
    let output = ours_admin(&[
        "delete",
        first.id().as_str(),
        missing.as_str(),
        last.id().as_str(),
    ])
    .run();
    let says = format!(
        "error: failed to delete bootstrap token \"{missing}\": secrets \"bootstrap-token-{missing}\" not found\n"
    );
    assert!(output.failure().starts_with(&says), "{output:?}");
    assert_eq!(
        output.stdout,
        format!("bootstrap token \"{}\" deleted\n", first.id())
    );
    assert!(find_secret(first.id()).is_none());
    assert!(
        find_secret(last.id()).is_some(),
        "it stops there, as kubeadm does"
    );
}

fn a_malformed_word_keeps_all_of_them() {
    let token = create(&[]);
    let output = ours_admin(&["delete", token.id().as_str(), "not-an-id"]).run();
    assert!(output.failure().contains("argument 2"), "{output:?}");
    assert_eq!(output.stdout, "");
    assert!(find_secret(token.id()).is_some());
    assert!(
        ours_admin(&["delete"])
            .run()
            .failure()
            .contains("missing argument")
    );
}
