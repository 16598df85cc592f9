//! What `create` takes, warns of, and prints.

use bootstrap_token::Token;
use bootstrap_token_secret::keys;
use conformance::command::Output;
use conformance::suite::Test;
use conformance::{secrets, tests};

use crate::support::{create, created, find_secret, kubeadm_create, ours_admin, secret, value};

pub(crate) const TESTS: &[Test] = tests!["create":
    a_weak_token_is_warned_of_and_created,
    a_dangerous_life_span_is_warned_of,
    a_token_comes_from_standard_input_or_a_file,
    an_id_that_exists_is_refused_and_left_alone,
    generate_prints_a_strong_token_and_writes_nothing,
    who_wrote_a_token_stands_in_its_managed_fields,
];

/// What is told next to the log.
fn warnings(output: &Output) -> String {
    let lines = output.stderr.split_inclusive('\n');
    lines.filter(|line| line.starts_with("warning: ")).collect()
}

fn a_weak_token_is_warned_of_and_created() {
    for (secret, why) in [
        (
            "0123456789abcdef",
            "its secret is an example from public documentation",
        ),
        ("zzzzzzzzzzzzzzzz", "its secret is one character, repeated"),
        (
            "x7fedcba9qm2w5tu",
            "7 characters in a row of its secret are a simple sequence",
        ),
        (
            "q0q7m0m7q7m0q0m7",
            "its secret has only 4 different characters",
        ),
    ] {
        let token = Token::new(secrets::token().id(), secret.parse().unwrap());
        let output = ours_admin(&["create", "-v=1", &token.expose()])
            .prints_token()
            .run();
        assert_eq!(output.success(), format!("{}\n", token.expose()));
        let id = token.id();
        assert_eq!(
            warnings(&output),
            format!(
                "warning: token \"{id}\" is easy to guess: {why}; leave it out to have a random one\n"
            )
        );
        assert!(find_secret(id).is_some());
    }
    let strong = secrets::token();
    let output = ours_admin(&["create", &strong.expose()])
        .prints_token()
        .run();
    assert_eq!(output.success(), format!("{}\n", strong.expose()));
    assert_eq!(output.stderr, "");
}

fn a_dangerous_life_span_is_warned_of() {
    for (ttl, warning) in [
        (
            "0",
            "warning: the token will never expire; delete it when it has served its purpose\n",
        ),
        (
            "0h",
            "warning: the token will never expire; delete it when it has served its purpose\n",
        ),
        (
            "900ms",
            "warning: the token will have expired before it can be used: whole seconds are stored\n",
        ),
        ("24h", ""),
    ] {
        let create = ["create", "-v=1", "--ttl", ttl];
        let output = ours_admin(&create).prints_token().run();
        output.success();
        assert_eq!(warnings(&output), warning, "{ttl}");
    }
}

fn a_token_comes_from_standard_input_or_a_file() {
    let dir = tempfile::tempdir().unwrap();
    for line_break in ["", "\n"] {
        let token = secrets::token();
        let text = format!("{}{line_break}", token.expose());
        assert_eq!(
            created(ours_admin(&["create", "-"]).stdin(text.as_str())),
            token
        );
        assert_eq!(
            value(&secret(token.id()), keys::TOKEN_SECRET).unwrap(),
            token.secret().expose()
        );

        let token = secrets::token();
        let file = dir.path().join("token");
        std::fs::write(&file, format!("{}{line_break}", token.expose())).unwrap();
        assert_eq!(
            created(ours_admin(&[
                "create",
                "--token-file",
                file.to_str().unwrap()
            ])),
            token
        );
        assert!(find_secret(token.id()).is_some());
    }
}

fn an_id_that_exists_is_refused_and_left_alone() {
    let token = secrets::token();
    created(ours_admin(&[
        "create",
        &token.expose(),
        "--description",
        "first",
    ]));
    let before = secret(token.id());
    let another = Token::new(token.id(), secrets::token().secret().clone());
    for again in [&token, &another] {
        let output = ours_admin(&["create", "-", "--description", "second"])
            .stdin(again.expose().to_string())
            .run();
        let says = format!("error: a token with id \"{}\" already exists\n", token.id());
        assert!(output.failure().starts_with(&says), "{output:?}");
        assert_eq!(output.stdout, "");
    }
    assert_eq!(secret(token.id()), before);
}

fn generate_prints_a_strong_token_and_writes_nothing() {
    let token = created(conformance::command::ours(["generate"]));
    assert_eq!(token.weakness(), None);
    assert!(find_secret(token.id()).is_none());
}

/// The first word of the `User-Agent`, as it stands in the audit log too.
fn who_wrote_a_token_stands_in_its_managed_fields() {
    for (token, manager) in [
        (create(&[]), "kubeadm-token"),
        (kubeadm_create(&[]), "kubeadm"),
    ] {
        let metadata = secret(token.id()).metadata;
        let managers = metadata.managed_fields.unwrap();
        let managers: Vec<_> = managers.iter().map(|by| by.manager.as_deref()).collect();
        assert_eq!(managers, [Some(manager)]);
    }
}
