//! A Secret's JSON, read and written.
#![cfg(feature = "json")]
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use bootstrap_token_secret::{
    BootstrapToken, Defect, Expiration, ReadSecretError, StoredToken, Usages,
};
use k8s_openapi::api::core::v1::Secret;

const SECRET: &str = "f395accd246ae52d";

fn token() -> BootstrapToken {
    BootstrapToken::new(format!("07401b.{SECRET}").parse().unwrap())
        .with_usages(Usages::ALL)
        .with_description("rack 7, \"north\"\n")
        .with_groups(
            ["system:bootstrappers:b", "system:bootstrappers:a"]
                .iter()
                .map(|group| group.parse().unwrap())
                .collect(),
        )
        .with_expiration(Expiration::from_unix_seconds(1_900_000_000).unwrap())
}

fn json() -> String {
    String::from_utf8(token().expose_json().to_vec()).unwrap()
}

#[track_caller]
fn refused(json: &str, says: &str) {
    let error = StoredToken::from_json(json.as_bytes()).unwrap_err();
    let source = std::error::Error::source(&error);
    let text = source.map_or_else(|| error.to_string(), |source| format!("{error}: {source}"));
    assert_eq!(text, says);
    assert!(!format!("{error:?}").contains(SECRET));
}

#[test]
fn what_is_written_is_the_object_and_is_read_again() {
    let json = json();
    let object: Secret = serde_json::from_str(&json).unwrap();
    assert_eq!(object, token().expose_secret());
    assert!(json.starts_with(
        r#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"bootstrap-token-07401b","namespace":"kube-system"},"#
    ));
    let read = StoredToken::from_json(json.as_bytes()).unwrap();
    assert_eq!(read, StoredToken::from_secret(&object).unwrap());
    assert_eq!(read.into_bootstrap_token().unwrap(), token());
}

#[test]
fn a_usage_that_needs_escapes_survives() {
    let odd = json().replace("usage-bootstrap-signing", r#"usage-bootstrap-\u0001\\\""#);
    let read = StoredToken::from_json(odd.as_bytes()).unwrap();
    let written = read.clone().into_bootstrap_token().unwrap().expose_json();
    assert_eq!(StoredToken::from_json(&written), Ok(read));
}

#[test]
fn base64_is_read_as_go_reads_it() {
    let secret = "ZjM5NWFjY2QyNDZhZTUyZA==";
    for same in [
        r"ZjM5NWFjY2QyNDZh\nZTUyZA==\r\n",
        r"ZjM5NWFjY2QyNDZhZTUyZA\u003d=",
        "ZjM5NWFjY2QyNDZhZTUyZB==",
    ] {
        let json = json().replace(secret, same);
        let read = StoredToken::from_json(json.as_bytes()).unwrap();
        assert_eq!(read.token().secret().expose(), SECRET, "{same}");
    }
    let none = "the value of \"token-secret\" in its data is no base64";
    refused(&json().replace(secret, "ZjM5NWFjY2QyNDZhZTUyZA="), none);
    refused(&json().replace(secret, "ZjM5 NWFjY2QyNDZhZTUyZA=="), none);
    refused(
        &json().replace(&format!("{secret:?}"), "null"),
        "it holds no bootstrap token: its data has no \"token-secret\"",
    );
}

#[test]
fn what_is_no_secret_says_so() {
    refused("", "it is empty");
    refused(" \n", "it is empty");
    refused(
        "[",
        "it cannot be read as JSON of a Secret beyond line 1, column 0",
    );
    refused(
        "{}",
        "it holds no bootstrap token: its data has no \"token-id\"",
    );
    refused(
        &json().replace("\"Secret\"", "\"Status\""),
        "its kind is \"Status\", which is how an API server says no, and not \"Secret\"",
    );
    refused(
        &json().replace("\"Secret\"", "\"List\""),
        "its kind is \"List\", not \"Secret\"",
    );
    refused(
        &json().replace("\"Secret\"", &format!("{SECRET:?}")),
        "it is no object of kind \"Secret\"",
    );
    refused(
        &json().replace("\"description\":\"", &format!("\"{SECRET}\":\"!")),
        "a value of its data is no base64",
    );
    refused(
        &json().replace("bootstrap-token-07401b", "x"),
        "it holds no bootstrap token: its name does not match its token-id, which asks for \"bootstrap-token-07401b\"",
    );
}

#[test]
fn a_broken_secret_hides_no_other_of_its_list() {
    let good = json();
    let broken = good.replace("bootstrap-token-07401b", "bootstrap-token-aaaaaa");
    let undecoded = good.replace("ZjM5", "Z!M5");
    let other = good.replace("bootstrap.kubernetes.io/token", "Opaque");
    let list = |kind: &str| {
        format!(
            r#"{{"kind":"{kind}","items":[{good},{broken},{other},{undecoded}],"metadata":{{"x":[1]}}}}"#
        )
    };
    for kind in ["SecretList", "List"] {
        let list = list(kind);
        let read: Vec<_> = StoredToken::list_from_json(list.as_bytes())
            .unwrap()
            .collect();
        assert_eq!(read.len(), 3);
        assert_eq!(read[0].name, "bootstrap-token-07401b");
        assert_eq!(
            read[0].token.clone().unwrap().into_bootstrap_token(),
            Ok(token())
        );
        assert!(matches!(
            read[1].token,
            Err(ReadSecretError::Defect(Defect::WrongName { .. }))
        ));
        assert_eq!(
            read[2].token,
            Err(ReadSecretError::NotBase64 {
                key: Some("token-secret")
            })
        );
    }
    for (json, wanted) in [
        (list("Status"), true),
        (good.clone(), true),
        ("[]".to_owned(), false),
    ] {
        let error = StoredToken::list_from_json(json.as_bytes()).err().unwrap();
        assert_eq!(
            matches!(
                error,
                ReadSecretError::OtherKind {
                    wanted: "SecretList",
                    ..
                }
            ),
            wanted,
            "{error:?}"
        );
    }
    let none = StoredToken::list_from_json(br#"{"kind":"SecretList","items":null}"#);
    assert_eq!(none.unwrap().count(), 0);
}

#[test]
fn an_item_without_the_form_of_a_secret_is_named() {
    let good = json();
    for item in [
        "null",
        r#"{"type":3}"#,
        r#"{"data":[]}"#,
        r#"{"data":{"token-secret":7}}"#,
    ] {
        let list = format!(r#"{{"items":[{good},{{}},{item},{good}],"kind":"SecretList"}}"#);
        let error = StoredToken::list_from_json(list.as_bytes()).err().unwrap();
        let text = error.to_string();
        assert!(
            text.ends_with(", in items[2] of the list"),
            "{item}: {text}"
        );
    }
    let cut = format!(r#"{{"items":[{good},{{}}"#);
    let error = StoredToken::list_from_json(cut.as_bytes()).err().unwrap();
    assert!(!error.to_string().contains("items"), "{error}");
}
