//! Secrets that are no readable token, among good ones.

use bootstrap_token::TokenId;
use bootstrap_token_secret::keys;
use conformance::suite::Test;
use conformance::tests;
use k8s_openapi::api::core::v1::Secret;

use crate::support::{create, kubeadm_admin, new_secret, objects, ours_admin, plane, rows, set};

pub(crate) const TESTS: &[Test] =
    tests!["broken": the_good_ones_are_listed_and_each_broken_one_is_named];

/// What is broken, how it comes about, and how it is told.
type Kind = (&'static str, fn(&mut Secret), &'static str);

const KINDS: &[Kind] = &[
    (
        "another name",
        |s| set(s, keys::TOKEN_ID, b"zzzzzz"),
        "its name does not match its token-id, which asks for \"bootstrap-token-zzzzzz\"",
    ),
    (
        "no ID",
        |s| unset(s, keys::TOKEN_ID),
        "its data has no \"token-id\"",
    ),
    (
        "no secret",
        |s| unset(s, keys::TOKEN_SECRET),
        "its data has no \"token-secret\"",
    ),
    ("no data", |s| s.data = None, "its data has no \"token-id\""),
    (
        "an empty secret",
        |s| set(s, keys::TOKEN_SECRET, b""),
        "its data has no \"token-secret\"",
    ),
    (
        "an upper-case secret",
        |s| set(s, keys::TOKEN_SECRET, b"f395ACCD246ae52d"),
        "its token-secret is malformed: character 5 of the token secret is an upper-case letter",
    ),
    (
        "a secret and a line break",
        |s| set(s, keys::TOKEN_SECRET, b"f395accd246ae52d\n"),
        "its token-secret is malformed: character 17 of the token secret is white space or a line break",
    ),
    (
        "a secret that is not UTF-8",
        |s| set(s, keys::TOKEN_SECRET, b"f395accd\xff\xfe6ae52d"),
        "its token-secret is malformed: character 9 of the token secret is neither a-z nor 0-9",
    ),
    (
        "an ID that is not UTF-8",
        |s| set(s, keys::TOKEN_ID, b"\xff\xfe\xfd"),
        "its name does not consist of \"bootstrap-token-\" and its token-id",
    ),
    (
        "an expiration that is none",
        |s| set(s, keys::EXPIRATION, b"tomorrow"),
        "its expiration cannot be read: not an RFC 3339 time",
    ),
    (
        "an expiration that is not UTF-8",
        |s| set(s, keys::EXPIRATION, b"\xf0\x28\x8c\x28"),
        "its expiration cannot be read: not an RFC 3339 time",
    ),
];

/// The cleaner would take away what has no readable expiration; a finalizer holds it.
const FINALIZER: &str = "example.com/held-by-a-test";

fn the_good_ones_are_listed_and_each_broken_one_is_named() {
    let admin = plane();
    let admin = admin.admin();
    let mut good: Vec<TokenId> = (0..3).map(|_| create(&[]).id()).collect();
    let broken: Vec<_> = KINDS
        .iter()
        .map(|(kind, spoil, says)| {
            let (id, mut secret) = new_secret();
            spoil(&mut secret);
            secret.metadata.finalizers = Some(vec![FINALIZER.to_owned()]);
            admin.create_secret(&secret);
            (kind, id, says)
        })
        .collect();
    // Not UTF-8 where no form is asked for: kubeadm shows it, and so do we.
    for key in [keys::DESCRIPTION, keys::EXTRA_GROUPS] {
        let (id, mut secret) = new_secret();
        set(&mut secret, key, b"caf\xe9");
        admin.create_secret(&secret);
        good.push(id);
    }
    good.push(create(&[]).id());

    for format in ["text", "json", "yaml"] {
        let ours = ours_admin(&["list", "-o", format]).prints_token().run();
        let theirs = kubeadm_admin(&["list", "-o", format]).prints_token().run();
        for id in &good {
            for output in [&ours, &theirs] {
                assert_eq!(
                    output.success().matches(&format!("{id}.")).count(),
                    1,
                    "{id} in {output:?}"
                );
            }
        }
        for (kind, id, says) in &broken {
            for output in [&ours, &theirs] {
                assert!(
                    !output.success().contains(&format!("{id}.")),
                    "{kind}: {output:?}"
                );
            }
            let line = format!(
                "Secret \"bootstrap-token-{id}\" in kube-system is not a readable bootstrap token: {says}"
            );
            let told: Vec<_> = ours
                .stderr
                .lines()
                .filter(|l| l.contains(id.as_str()))
                .collect();
            assert!(
                told.len() == 1 && told[0].starts_with(&line),
                "{kind}: {told:?}"
            );
        }
        assert!(ours.stderr.ends_with('\n'));
    }
    let list = ours_admin(&["list", "-o", "json"]).prints_token().run();
    let described = list.json();
    let id = good[3];
    assert_eq!(objects(&described, id)[0]["description"], "caf\u{fffd}");
    let table = ours_admin(&["list"]).prints_token().run();
    assert!(rows(table.success(), id)[0].contains("caf\u{fffd}"));

    for (_, id, _) in broken {
        let name = keys::secret_name(id);
        admin.patch_secret(
            &name,
            &serde_json::json!({"metadata": {"finalizers": null}}),
        );
    }
}

fn unset(secret: &mut Secret, key: &str) {
    secret.data.as_mut().unwrap().remove(key);
}
