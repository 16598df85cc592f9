//! What one of the two commands writes, the other reads, and shows in the same bytes.

use std::fmt::Debug;

use bootstrap_token::TokenId;
use bootstrap_token_secret::{Expiration, keys};
use conformance::suite::Test;
use conformance::tests;
use k8s_openapi::api::core::v1::Secret;
use serde_json::Value;

use crate::support::{
    create, kubeadm_admin, kubeadm_create, new_secret, objects, ours_admin, plane, rows, secret,
    set, value,
};

pub(crate) const TESTS: &[Test] = tests!["interchange":
    the_same_arguments_make_the_same_secret,
    both_show_the_tokens_of_both_in_the_same_bytes,
    each_deletes_tokens_of_the_other,
];

/// What a creator might say.
const ARGUMENTS: &[&[&str]] = &[
    &[],
    &["--ttl", "0"],
    &["--ttl", "90m"],
    &["--ttl", "1h30m10.5s"],
    &["--ttl=8760h"],
    &["--usages", "authentication", "--groups", ""],
    &["--usages", "authentication", "--usages", "signing"],
    &["--usages", "signing,authentication,signing"],
    &["--usages", "", "--groups", ""],
    &["--groups", "system:bootstrappers:b,system:bootstrappers:a"],
    &[
        "--groups",
        "system:bootstrappers:b",
        "--groups",
        "system:bootstrappers:b",
    ],
    &[
        "--groups",
        "\"system:bootstrappers:quoted\",system:bootstrappers:x-1:y",
    ],
    &["--description", "rack 7"],
    &["--description="],
    &[
        "--description",
        "naïve \u{1f511} \"quoted\" \\ 'and' <tags> & so on: {a: b} # no comment",
    ],
    &[
        "--description",
        "one that is longer than the fifty-six characters of the column, and then some more",
    ],
    &["--description", " spaces around "],
    &["--description", "true"],
    &["--description", "0x1F"],
    &["--description", "- dash"],
    &["--description", "two\nlines"],
    &["--description", "tab\there"],
];

fn the_same_arguments_make_the_same_secret() {
    for arguments in ARGUMENTS {
        let pair = [create(arguments), kubeadm_create(arguments)].map(|token| {
            let secret = secret(token.id());
            assert_eq!(value(&secret, keys::TOKEN_ID).unwrap(), token.id().as_str());
            assert_eq!(
                value(&secret, keys::TOKEN_SECRET).unwrap(),
                token.secret().expose()
            );
            secret
        });
        let [ours, theirs] = &pair;
        assert_eq!(shape(ours), shape(theirs), "{arguments:?}");
        let expirations = pair.each_ref().map(|secret| {
            let text = value(secret, keys::EXPIRATION)?;
            let expiration: Expiration = text.parse().unwrap();
            assert_eq!(text, expiration.to_utc_string(), "{arguments:?}");
            Some(expiration.unix_seconds())
        });
        if let [Some(ours), Some(theirs)] = expirations {
            // They were created one after the other, on a machine that may be slow.
            assert!(
                (0..600).contains(&(theirs - ours)),
                "{arguments:?}: {ours}, {theirs}"
            );
        }
    }
}

/// All but what is different by nature.
fn shape(secret: &Secret) -> impl PartialEq + Debug + use<'_> {
    let data = secret.data.iter().flatten().map(|(key, _)| {
        let different =
            [keys::TOKEN_ID, keys::TOKEN_SECRET, keys::EXPIRATION].contains(&key.as_str());
        (key.as_str(), value(secret, key).filter(|_| !different))
    });
    let plain = secret.metadata.labels.is_none() && secret.metadata.annotations.is_none();
    let data: Vec<_> = data.collect();
    (secret.type_.as_deref(), data, plain)
}

fn both_show_the_tokens_of_both_in_the_same_bytes() {
    let mut ids: Vec<TokenId> = foreign();
    ids.extend(ARGUMENTS.iter().map(|arguments| create(arguments).id()));
    ids.extend(
        ARGUMENTS
            .iter()
            .map(|arguments| kubeadm_create(arguments).id()),
    );

    let table = lists(&[]);
    let json = lists(&["-o", "json"]);
    let yaml = lists(&["--output=yaml"]);
    let parsed = json.each_ref().map(|list| {
        serde_json::Deserializer::from_str(list)
            .into_iter()
            .collect::<Result<Vec<Value>, _>>()
            .unwrap()
    });
    for id in ids {
        let [ours, theirs] = table.each_ref().map(|table| {
            let rows: Vec<_> = rows(table, id).iter().map(|row| without_ttl(row)).collect();
            assert_eq!(rows.len(), 1, "{id} in {table}");
            rows
        });
        assert_eq!(ours, theirs);
        let [ours, theirs] = parsed.each_ref().map(|list| objects(list, id));
        assert_eq!(ours, theirs);
        assert_eq!(ours.len(), 1, "{id}");
        let [ours, theirs] = json.each_ref().map(|list| document(list, "\n}\n", id));
        assert_eq!(ours, theirs);
        let [ours, theirs] = yaml.each_ref().map(|list| document(list, "\n---\n", id));
        assert_eq!(ours, theirs);
    }
}

/// Secrets that neither of the two would write, and both can read.
fn foreign() -> Vec<TokenId> {
    let changes: &[&[(&str, &str)]] = &[
        &[
            ("usage-bootstrap-controller-join", "true"),
            ("usage-bootstrap-worker-join", "true"),
        ],
        &[
            ("usage-bootstrap-signing", "True"),
            ("usage-bootstrap-authentication", "true"),
        ],
        &[(
            keys::EXTRA_GROUPS,
            "system:masters,system:bootstrappers:a,,",
        )],
        &[(keys::EXTRA_GROUPS, ",system:bootstrappers:a")],
        &[
            (keys::EXPIRATION, "2100-01-01T01:30:00+01:30"),
            ("usage-bootstrap-signing", "true"),
        ],
        &[(keys::EXPIRATION, "2100-01-01T1:00:00,25Z")],
        &[(keys::EXPIRATION, "9999-12-31T23:59:59Z")],
        &[
            (keys::DESCRIPTION, "<none>"),
            ("another-key", "another value"),
        ],
        &[],
    ];
    changes
        .iter()
        .map(|changes| {
            let (id, mut secret) = new_secret();
            for (key, value) in *changes {
                set(&mut secret, key, value.as_bytes());
            }
            plane().admin().create_secret(&secret);
            id
        })
        .collect()
}

/// The same list by ours and by kubeadm.
fn lists(arguments: &[&str]) -> [String; 2] {
    [ours_admin(&["list"]), kubeadm_admin(&["list"])].map(|list| {
        let output = list.args(arguments).prints_token().run();
        output.success().to_owned()
    })
}

/// A row without what is left of the token's life, which stands in columns 26 to 35 and moves on.
fn without_ttl(row: &str) -> String {
    let (token, rest) = row.split_at(26);
    format!("{token}TTL{}", &rest[9..])
}

/// The one document of a list in which a token of this ID stands.
#[track_caller]
fn document<'a>(list: &'a str, separator: &str, id: TokenId) -> &'a str {
    let token = format!("{id}.");
    let mut found = list
        .split(separator)
        .filter(|document| document.contains(&token));
    let document = found.next().unwrap();
    assert_eq!(found.next(), None);
    document
}

fn each_deletes_tokens_of_the_other() {
    let (of_ours, of_kubeadm) = (create(&[]), kubeadm_create(&[]));
    let by_ours = ours_admin(&["delete", of_kubeadm.id().as_str()]).run();
    let by_kubeadm = kubeadm_admin(&["delete", of_ours.id().as_str()]).run();
    assert_eq!(
        by_ours.success().replace(of_kubeadm.id().as_str(), "ID"),
        by_kubeadm.success().replace(of_ours.id().as_str(), "ID"),
    );
}
