//! `manifest`: a Secret for kubectl, and no cluster asked.

use serde_json::{Value, json};

use crate::process::{Home, run};

const TOKEN: &str = "abcdef.9r2c3d4e5f6g7h8i";

/// What a run without any kubeconfig prints, with a token on standard input.
fn manifest(args: &[&str]) -> String {
    let outcome = Home::empty().run_with(&[&["manifest", "-"], args].concat(), TOKEN.as_bytes());
    outcome.is(0, &outcome.stdout, "");
    outcome.stdout
}

#[test]
fn the_secret_in_both_formats_and_nothing_of_a_cluster() {
    let args = [
        "--description",
        "a: \"b\"\n# c",
        "--usages=authentication",
        "--groups=system:bootstrappers:a,system:bootstrappers:b",
    ];
    let mut secret: Value =
        serde_json::from_str(&manifest(&[&args[..], &["-o", "json"]].concat())).unwrap();
    let in_yaml: Value = serde_saphyr::from_str(&manifest(&args)).unwrap();
    let expiration = secret["stringData"]["expiration"].take();
    assert_eq!(
        expiration.as_str().unwrap().len(),
        "2026-11-25T00:00:00Z".len()
    );
    let expected = json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "bootstrap-token-abcdef", "namespace": "kube-system"},
        "type": "bootstrap.kubernetes.io/token",
        "stringData": {
            "token-id": "abcdef",
            "token-secret": "9r2c3d4e5f6g7h8i",
            "description": "a: \"b\"\n# c",
            "expiration": null,
            "usage-bootstrap-authentication": "true",
            "auth-extra-groups": "system:bootstrappers:a,system:bootstrappers:b",
        },
    });
    assert_eq!(secret, expected);
    let mut in_yaml = in_yaml;
    in_yaml["stringData"]["expiration"] = Value::Null;
    assert_eq!(in_yaml, expected);
}

/// To some reader of YAML each of these is a number, and to others another one.
#[test]
fn an_id_or_secret_of_digits_is_in_quotes() {
    for (id, secret) in [
        ("1e9999", "12e3456789012345"),
        ("12e345", "0000000000000001"),
        ("0x12ab", "0x1234567890abcd"),
        ("0o1234", "0b10101010101010"),
        ("012345", "1234567890123456"),
    ] {
        let token = format!("{id}.{secret}");
        let outcome = Home::empty().run_with(&["manifest", "-"], token.as_bytes());
        for line in [
            format!("  token-id: \"{id}\"\n"),
            format!("  token-secret: \"{secret}\"\n"),
        ] {
            assert!(outcome.stdout.contains(&line), "{line}: {}", outcome.stdout);
        }
    }
    let plain = manifest(&[]);
    assert!(
        plain.contains("  token-id: abcdef\n")
            && plain.contains("  token-secret: 9r2c3d4e5f6g7h8i\n")
    );
}

#[test]
fn nothing_is_printed_of_what_cannot_be_a_token() {
    for (args, says) in [
        (
            &["manifest", "-o", "text"][..],
            "allowed formats are: json,yaml\n",
        ),
        (&["manifest", "--ttl=-1h"], "a life span cannot be negative"),
        (&["manifest", "--usages=x"], "\"x\""),
        (&["manifest", "abcdef.9R2C3D4E5F6G7H8I"], "error: "),
    ] {
        let outcome = run(args);
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{args:?}");
        assert!(
            outcome.stderr.contains(says),
            "{args:?}: {}",
            outcome.stderr
        );
        assert!(!outcome.stderr.contains("9R2C3D4E5F6G7H8I"));
    }
}
