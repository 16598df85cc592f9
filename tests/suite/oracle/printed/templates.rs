//! Go templates, which are run by a crate and not by Go: what it is known to do otherwise is listed, and nothing
//! else is otherwise.

use bootstrap_token_secret::BootstrapToken;
use conformance::command::ours;
use conformance::oracle::Oracle;
use conformance::secrets;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use serde::Deserialize;
use serde_json::json;

use super::server::Server;

const TEMPLATES: &str = include_str!("templates.yaml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Templates {
    same: Vec<String>,
    differs: Vec<String>,
}

pub(super) fn go_templates() {
    let templates: Templates = serde_saphyr::from_str(TEMPLATES).unwrap();
    let secrets = [
        token(&[
            ("description", "it's \"a\" <b> & é"),
            ("expiration", "2099-01-01T00:00:00Z"),
            ("usage-bootstrap-authentication", "true"),
            ("usage-bootstrap-signing", "true"),
            ("auth-extra-groups", "system:bootstrappers:a"),
        ]),
        token(&[]),
    ];
    let server = Server::with(&secrets);
    let mut oracle = Oracle::start();
    let mut wrong = Vec::new();
    for (all, expected) in [(&templates.same, true), (&templates.differs, false)] {
        for template in all {
            let runs = [true, false].map(|allow_missing| {
                [
                    theirs(&mut oracle, template, allow_missing, &secrets),
                    printed(&server, template, allow_missing),
                ]
            });
            if runs.iter().all(|[theirs, ours]| theirs == ours) != expected {
                wrong.push(format!("{template}\n  {runs:?}"));
            }
        }
    }
    let count = wrong.len();
    assert!(
        wrong.is_empty(),
        "{count} templates are on the wrong list:\n{}",
        wrong.join("\n")
    );
}

fn token(data: &[(&str, &str)]) -> Secret {
    let mut secret = BootstrapToken::new(secrets::token()).expose_secret();
    let value = |value: &str| ByteString(value.as_bytes().to_vec());
    let data = data
        .iter()
        .map(|(key, text)| ((*key).to_owned(), value(text)));
    secret.data.get_or_insert_default().extend(data);
    secret
}

/// What kubeadm prints; nothing when it refuses.
fn theirs(
    oracle: &mut Oracle,
    template: &str,
    allow_missing: bool,
    secrets: &[Secret],
) -> Option<String> {
    let answer = oracle.ask(&json!({
        "op": "printed",
        "format": format!("go-template={template}"),
        "secrets": secrets,
        "allow_missing": allow_missing,
    }));
    let printed = answer.ok()?["stdout"].as_str();
    Some(printed.expect("text").to_owned())
}

/// What we print; nothing when we refuse. That neither complaint nor log shows a secret is checked as ever.
fn printed(server: &Server, template: &str, allow_missing: bool) -> Option<String> {
    let output = ours(["list", "-v=10", "-o", &format!("go-template={template}")])
        .args([format!("--allow-missing-template-keys={allow_missing}")])
        .kubeconfig(&server.kubeconfig())
        .prints_token()
        .run();
    (output.code == Some(0)).then_some(output.stdout)
}
