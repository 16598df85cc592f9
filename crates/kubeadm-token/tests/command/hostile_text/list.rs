//! What stands in a Secret, in each format of `list`.

use serde_json::{Value, json};

use super::{Arrives, HOSTILE, Rows, line};
use crate::fake_server::{FakeServer, Reply, base64};
use crate::process::Home;

const ID: &str = "abcdef";

/// Puts [`HOSTILE`] into a good Secret.
type Change = fn(&mut Value);

/// In which formats a place is told.
#[derive(Clone, Copy)]
enum Told {
    /// In those that show all fields.
    Field(&'static str),
    /// On standard error, since it makes the Secret unreadable.
    Unreadable,
    /// In the report of a dry run only.
    DryRun,
    /// There, and among the defects of the wide table.
    Defect,
}

const PLACES: &[(Change, Told)] = &[
    (
        |secret| data(secret, "description", HOSTILE),
        Told::Field("description"),
    ),
    (
        |secret| data(secret, "auth-extra-groups", HOSTILE),
        Told::Field("groups"),
    ),
    (
        |secret| data(secret, &format!("usage-bootstrap-{HOSTILE}"), "true"),
        Told::Field("usages"),
    ),
    (|secret| secret["type"] = HOSTILE.into(), Told::Defect),
    (
        |secret| secret["metadata"]["namespace"] = HOSTILE.into(),
        Told::Defect,
    ),
    (|secret| data(secret, HOSTILE, "x"), Told::DryRun),
    (
        |secret| secret["metadata"]["name"] = format!("bootstrap-token-{HOSTILE}").into(),
        Told::Unreadable,
    ),
];

/// Words for `list`, and whether all fields are in what it prints.
const FORMATS: &[(&[&str], bool)] = &[
    (&[], true),
    (&["-o", "wide"], true),
    (&["-o", "json"], true),
    (&["-o", "yaml"], true),
    (&["-o", "kyaml"], true),
    (&["-o", "name"], false),
    (&["-o", "jsonpath={@}"], true),
    (
        &["-o", "jsonpath={.description}{.usages}{.groups}{\"\\n\"}"],
        true,
    ),
    (&["-o", "jsonpath-as-json={@}"], true),
    (&["-o", "go-template={{.}}{{\"\\n\"}}"], true),
    (
        &[
            "-o",
            "go-template={{if .groups}}{{range .groups}}{{.}}{{end}}{{end}}{{.usages}}{{.description}}",
        ],
        true,
    ),
    (&["-o", "json", "--redact", "--sort-by=description"], true),
    (&["--dry-run"], true),
    (&["--dry-run", "-o", "yaml"], true),
];

fn data(secret: &mut Value, key: &str, value: &str) {
    secret["data"][key] = base64(value.as_bytes()).into();
}

fn home(change: fn(&mut Value)) -> Home {
    let mut secret = json!({
        "kind": "Secret", "apiVersion": "v1",
        "metadata": {"name": format!("bootstrap-token-{ID}"), "namespace": "kube-system"},
        "type": "bootstrap.kubernetes.io/token",
        "data": {},
    });
    data(&mut secret, "token-id", ID);
    data(&mut secret, "token-secret", "f395accd246ae52d");
    change(&mut secret);
    let list = json!({
        "kind": "SecretList", "apiVersion": "v1", "metadata": {"resourceVersion": "7"}, "items": [secret],
    });
    Home::new(&FakeServer::new([Reply::ok(list.to_string())]))
}

#[test]
fn every_place_in_a_secret_in_every_format() {
    let mut rows = Rows::default();
    for (change, told) in PLACES {
        for (words, shows_all) in FORMATS {
            let is_dry = words.contains(&"--dry-run");
            let arrives = match told {
                Told::Field(_) if *shows_all => Arrives::Stdout,
                Told::DryRun | Told::Defect | Told::Unreadable if is_dry => Arrives::Stdout,
                Told::Defect if words.contains(&"wide") => Arrives::Stdout,
                Told::Unreadable => Arrives::Stderr,
                _ => Arrives::Nowhere,
            };
            let screen = rows.run(
                || (home(*change), line(&[&["list"], *words].concat())),
                arrives,
            );
            if let Told::Field(field) = told {
                reads_as_it_is(&screen, words, field);
            }
        }
    }
    rows.end();
}

/// JSON and YAML are that on a terminal too, and hold the text itself.
#[track_caller]
fn reads_as_it_is(screen: &str, words: &[&str], field: &str) {
    let object: Value = match words {
        ["-o", "json", ..] => serde_json::from_str(screen).unwrap(),
        ["-o", "yaml" | "kyaml"] => serde_saphyr::from_str(screen).unwrap(),
        _ => return,
    };
    let text = match &object[field] {
        Value::Array(items) => items[0].as_str(),
        text => text.as_str(),
    };
    // YAML reads U+0085 as a line break, and kubeadm takes it for one on the way.
    let hostile = match words {
        ["-o", "json", ..] => HOSTILE.to_owned(),
        _ => HOSTILE.replace('\u{85}', " "),
    };
    assert_eq!(text, Some(&*hostile), "{words:?}: {screen}");
}

/// In plain YAML a backslash is one, so the text has to be quoted.
#[test]
fn what_only_hides_is_quoted_for_a_terminal() {
    let text = "a\u{202e}b\u{e0041}c";
    let rows: [(fn(&mut Value), _, _); 2] = [
        (
            |secret| data(secret, "description", "a\u{202e}b\u{e0041}c"),
            &["list", "-o=yaml"][..],
            "description",
        ),
        (
            |_| {},
            &["manifest", "--description=a\u{202e}b\u{e0041}c"],
            "stringData",
        ),
    ];
    for (change, words, field) in rows {
        let home = home(change);
        let screen = crate::pty::run(home.command(words)).screen;
        let object: Value = serde_saphyr::from_slice(&screen).unwrap();
        let found = object[field]["description"]
            .as_str()
            .or(object[field].as_str());
        assert_eq!(found, Some(text), "{words:?}: {}", super::text(&screen));
    }
}

/// The bytes that kubeadm prints.
#[test]
fn a_pipe_gets_what_is_stored() {
    for words in [
        &["list"][..],
        &["list", "-o", "jsonpath={.description}"],
        &["list", "-o", "go-template={{.description}}"],
    ] {
        let home = home(|secret| data(secret, "description", "a\x1b[1m\u{9b}\u{202e}\rb\nc"));
        let outcome = home.run(words);
        assert!(
            outcome.stdout.contains("a\x1b[1m\u{9b}\u{202e}\rb\nc"),
            "{outcome:?}"
        );
    }
    // What a template writes itself is its user's.
    let home = home(|secret| data(secret, "description", "\x1b[8m"));
    let template = "-o=jsonpath={\"\\x1b[1m\\t\"}{.description}";
    let command = home.command(&["list", template]);
    let screen = crate::pty::run(command).screen;
    assert_eq!(String::from_utf8(screen).unwrap(), "\x1b[1m\t\\u001b[8m");
}
