//! What is wrong with a Secret, against the authenticator and the signer themselves.

use std::time::SystemTime;

use bootstrap_token_secret::{Defect, ExtraGroups, defects, keys};
use conformance::property::{Agreed, Spread, holds};
use conformance::suite::Test;
use conformance::tests;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use serde_json::{Value, json};

use crate::generate::secret;

pub(crate) const TESTS: &[Test] = tests!["defects":
    none_against_authentication_means_that_the_api_server_takes_the_token,
    none_against_signing_means_that_the_signer_takes_the_secret,
];

fn none_against_authentication_means_that_the_api_server_takes_the_token() {
    holds(
        Spread::Both,
        secret(),
        |secret| {
            // The token that its data tells, and the one that its name tells: a bearer may try both.
            let id = text(secret, keys::TOKEN_ID);
            let named = secret
                .metadata
                .name
                .iter()
                .find_map(|n| n.strip_prefix(keys::SECRET_PREFIX));
            [id.as_str(), named.unwrap_or("abcdef")].map(|id| {
                let token = format!("{id}.{}", text(secret, keys::TOKEN_SECRET));
                json!({"op": "authenticate", "secret": secret, "token": token})
            })
        },
        |secret, answers| {
            let found = defects(secret, SystemTime::now());
            let ours = !found.iter().any(Defect::disables_authentication);
            let user = answers
                .iter()
                .filter_map(|a| a.ok())
                .find(|a| a["authenticated"] == true);
            if let (true, Some(user)) = (ours, user) {
                let id = text(secret, keys::TOKEN_ID);
                let groups = text(secret, keys::EXTRA_GROUPS);
                let groups: ExtraGroups = groups
                    .split_terminator(',')
                    .map(|group| group.parse().unwrap())
                    .collect();
                let identity = json!([format!("system:bootstrap:{id}"), groups.identity()]);
                if identity != json!([user["user"], user["groups"]]) {
                    return Err(format!("ours: {identity}"));
                }
            }
            Agreed::on(user.is_some(), ours).map_err(|e| format!("{e}: {found:?}"))
        },
    );
}

fn none_against_signing_means_that_the_signer_takes_the_secret() {
    holds(
        Spread::Both,
        secret(),
        |secret| [json!({"op": "signs", "secret": secret})],
        |secret, [answer]| {
            let found = defects(secret, SystemTime::now());
            let ours = !found.iter().any(Defect::disables_signing);
            let signs = answer.ok().unwrap_or(&Value::Null);
            // Its informer sees no Secret of another type (nor of another namespace, which is none of
            // these), so the function that is asked here does not look.
            let seen = secret.type_.as_deref() == Some(keys::SECRET_TYPE);
            Agreed::on(seen && signs["ok"] == true, ours).map_err(|e| format!("{e}: {found:?}"))
        },
    );
}

fn text(secret: &Secret, key: &str) -> String {
    let value = secret.data.as_ref().and_then(|data| data.get(key));
    let value = value.map_or(&[][..], |ByteString(value)| value);
    String::from_utf8_lossy(value).into_owned()
}
