//! Whom the API server takes the bearer of a token for.

use bootstrap_token::Token;
use bootstrap_token_secret::StoredToken;
use conformance::api::Identity;
use conformance::command::{kubectl, ours};
use conformance::suite::Test;
use conformance::{tests, wait};
use k8s_openapi::api::core::v1::Secret;

use crate::support::{create, create_for_signing, ours_admin, plane, secret};

pub(crate) const TESTS: &[Test] = tests!["authentication":
    a_token_is_who_its_groups_say_and_nobody_once_it_is_deleted,
    a_token_for_signing_only_is_nobody,
    a_manifest_that_kubectl_applies_is_a_token,
];

fn a_token_is_who_its_groups_say_and_nobody_once_it_is_deleted() {
    let default = "system:bootstrappers:kubeadm:default-node-token";
    let cases: [(&[&str], &[&str]); 4] = [
        (&[], &[default]),
        (
            &[
                "--groups",
                "system:bootstrappers:z,system:bootstrappers:a:1",
            ],
            &["system:bootstrappers:a:1", "system:bootstrappers:z"],
        ),
        (
            &[
                "--groups",
                "system:bootstrappers:b",
                "--groups",
                "system:bootstrappers:b",
            ],
            &["system:bootstrappers:b"],
        ),
        (&["--groups", "", "--usages", "authentication"], &[default]),
    ];
    let tokens: Vec<_> = cases
        .iter()
        .map(|(arguments, _)| create(arguments))
        .collect();
    for (token, (arguments, extra)) in tokens.iter().zip(cases) {
        let mut groups = vec!["system:bootstrappers"];
        groups.extend(extra);
        groups.push("system:authenticated");
        let expected = Identity {
            user: format!("system:bootstrap:{}", token.id()),
            groups: groups.into_iter().map(str::to_owned).collect(),
        };
        assert_eq!(accepted(token), expected, "{arguments:?}");
    }

    let ids: Vec<_> = tokens.iter().map(|token| token.id().to_string()).collect();
    let ids: Vec<_> = ids.iter().map(String::as_str).collect();
    ours_admin(&["delete"]).args(&ids).run().success();
    for token in &tokens {
        // The API server remembers for 10 s whom it let in.
        wait::until("the token is refused", || {
            match plane().admin().who_is(token) {
                None => Ok(()),
                still => Err(still),
            }
        });
    }
}

fn a_token_for_signing_only_is_nobody() {
    let signing = create_for_signing();
    // The server learns of tokens in the order of their creation.
    accepted(&create(&[]));
    assert_eq!(plane().admin().who_is(&signing), None);
}

fn a_manifest_that_kubectl_applies_is_a_token() {
    for format in ["yaml", "json"] {
        let manifest = ours(["manifest", "--description", "by: kubectl", "-o", format])
            .prints_token()
            .run();
        let manifest = manifest.success();
        kubectl(["apply", "--filename", "-"])
            .kubeconfig(plane().kubeconfig())
            .stdin(manifest)
            .run()
            .success();
        let object: Secret = serde_saphyr::from_str(manifest).unwrap();
        let id = object.string_data.unwrap()["token-id"].parse().unwrap();
        let stored = StoredToken::from_secret(&secret(id)).unwrap();
        assert_eq!(stored.description(), "by: kubectl");
        let who = accepted(stored.token());
        assert_eq!(who.user, format!("system:bootstrap:{id}"));
    }
}

/// Waits until the API server has heard of a token.
fn accepted(token: &Token) -> Identity {
    wait::until("the token is accepted", || {
        plane().admin().who_is(token).ok_or(())
    })
}
