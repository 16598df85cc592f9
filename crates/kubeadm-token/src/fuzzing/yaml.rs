use std::path::Path;

use bootstrap_token_discovery::{Anchor, Endpoint, TrustedCluster};
use serde_json::Value;

use super::{SECRET, is_bounded, now};
use crate::failure::Chain;
use crate::kubeconfig;
use crate::yaml::Node;

/// Fields with the path of a file, which is not opened here.
const FILES: [&str; 4] = [
    "certificate-authority",
    "client-certificate",
    "client-key",
    "tokenFile",
];

/// Fields whose text may appear in a message. None of them may hold a secret.
const SHOWN: [&str; 8] = [
    "name",
    "cluster",
    "user",
    "current-context",
    "server",
    "proxy-url",
    "command",
    "installHint",
];

/// Parses YAML, and a kubeconfig, as the command does. Opens no file and runs no exec plugin.
///
/// # Panics
/// Panics if a property does not hold.
pub fn yaml(bytes: &[u8]) {
    let json = Node::read(bytes).map(|node| node.to_json());
    if let Ok(json) = &json {
        is_read_again(json);
    }
    let json = json.unwrap_or_default();
    if any(&json, &|key, text| FILES.contains(&key) && !text.is_empty()) {
        return;
    }
    match kubeconfig::of_bytes(bytes, Path::new("config"), now()) {
        Ok(access) => is_what_discovery_finds(bytes, &access),
        Err(failure) => {
            let (chain, help) = (Chain(&failure).to_string(), failure.remedy());
            let told = format!("{chain}{help:?}{failure:?}");
            let may_be_shown = any(&json, &|key, text| {
                SHOWN.contains(&key) && text.contains(SECRET)
            });
            assert!(may_be_shown || !told.contains(SECRET), "{told}");
            is_bounded(told.len(), bytes.len(), "kubeconfig");
        }
    }
}

/// Asserts that JSON is parsed as YAML with the same values.
fn is_read_again(json: &Value) {
    let mut text = json.to_string();
    for character in ['\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'] {
        text = text.replace(character, &format!("\\u{:04x}", u32::from(character)));
    }
    let again = Node::read(text.as_bytes()).map(|node| node.to_json());
    assert_eq!(again.as_ref(), Ok(json), "{text}");
}

/// Asserts that the reader of discovery files, which accepts less, finds the same values.
fn is_what_discovery_finds(bytes: &[u8], access: &kubeconfig::Access) {
    let anchor = Anchor::danger_token_alone();
    let found = core::str::from_utf8(bytes)
        .ok()
        .and_then(|text| TrustedCluster::from_discovery_file(text, &anchor, now()).ok());
    let Some(found) = found else {
        return;
    };
    assert_eq!(
        access.server.parse::<Endpoint>().as_ref(),
        Ok(found.server())
    );
    for certificate in found.certificates() {
        let der = certificate.der();
        assert!(access.authorities.iter().any(|own| own == der));
    }
}

/// Returns whether any text under any key satisfies `wanted`, which gets the object's key and the text.
fn any(json: &Value, wanted: &dyn Fn(&str, &str) -> bool) -> bool {
    match json {
        Value::Array(items) => items.iter().any(|item| any(item, wanted)),
        Value::Object(fields) => fields.iter().any(|(key, value)| match value {
            Value::String(text) => wanted(key, text),
            value => any(value, wanted),
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::yaml;

    const HEAD: &str =
        "current-context: a\ncontexts: [{name: a, context: {cluster: a, user: a}}]\n";

    fn kubeconfig(cluster: &str, user: &str) {
        yaml(
            format!(
                "{HEAD}clusters:\n- name: a\n  cluster:\n    {cluster}\nusers:\n- name: a\n  user:\n    {user}\n"
            )
            .as_bytes(),
        );
    }

    #[test]
    fn deep_and_wide_ones_end() {
        const MANY: usize = 20_000;
        for (open, inside, close) in [
            ("[", "", "]"),
            ("{a: ", "1", "}"),
            ("- ", "1", ""),
            ("? ", "1", ""),
            ("!!str ", "1", ""),
            ("&a ", "1", ""),
            ("<<: {", "1", "}"),
        ] {
            let nested = format!("{}{inside}{}", open.repeat(MANY), close.repeat(MANY));
            yaml(nested.as_bytes());
            kubeconfig(&format!("extensions: {nested}"), &format!("exec: {nested}"));
        }
        for line in ["- {}\n", "- a\n", "? a\n", "a: &a b\n", "---\n", "<<: {}\n"] {
            yaml(line.repeat(MANY).as_bytes());
        }
        let users = "- {name: a, user: {token: f395accd246ae52d}}\n";
        yaml(format!("{HEAD}users:\n{}", users.repeat(1_000)).as_bytes());
    }

    proptest! {
        #[test]
        fn any_field_may_be_anything(
            field in prop::sample::select(vec![
                "server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority-data", "proxy-url",
                "extensions", "token", "username", "password", "client-key-data", "client-certificate-data",
                "as", "as-groups", "as-user-extra", "auth-provider", "exec", "other", "<<",
            ]),
            value in prop_oneof![
                3 => Just("f395accd246ae52d".to_owned()),
                1 => Just("[a, f395accd246ae52d]".to_owned()),
                1 => Just("{apiVersion: f395accd246ae52d, command: x, env: [{name: A, value: f395accd246ae52d}]}".to_owned()),
                1 => Just("!!binary ZjM5NWFjY2QyNDZhZTUyZA==".to_owned()),
                1 => Just("|-\n        f395accd246ae52d\n        b".to_owned()),
                4 => "[-+]?[0-9._xob]{1,12}(e[-+]?[0-9]{1,4})?",
                4 => "[\\[\\]{}:,&*!|>'\"%@` a1~-]{0,12}",
                2 => any::<String>(),
            ],
        ) {
            let line = format!("{field}: {value}");
            kubeconfig(&line, "token: f395accd246ae52d");
            kubeconfig("server: https://10.0.0.1", &line);
            yaml(line.as_bytes());
        }

        #[test]
        fn bytes_may_be_anything(bytes in prop::collection::vec(any::<u8>(), 0..64), order in 0..3_usize) {
            let mark: &[u8] = [&b""[..], b"\xff\xfe", b"\xfe\xff"][order];
            yaml(&[mark, &bytes].concat());
        }
    }
}
