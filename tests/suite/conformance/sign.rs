//! `sign`: in the controller manager's place, behind its back, and beside it.

use std::collections::BTreeMap;

use bootstrap_token::Token;
use bootstrap_token_discovery::cluster_info::{SIGNATURE_PREFIX, signature_key};
use bootstrap_token_secret::{Usage, keys};
use conformance::api::Api;
use conformance::command::{Command, Output, ours};
use conformance::control_plane::Component::ControllerManager;
use conformance::control_plane::ControlPlane;
use conformance::oracle::Oracle;
use conformance::suite::Test;
use conformance::{pki, tests, wait};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::{ConfigMap, Secret};
use serde_json::{Value, json};

use crate::support::{create_for_signing, created, new_secret, ours_admin, plane, set, value};

pub(crate) const TESTS: &[Test] = tests!["sign":
    in_the_place_of_a_controller_manager_that_is_stopped,
    beside_a_running_controller_manager_nothing_is_lost,
    who_may_not_is_told_what_is_missing,
];

/// A control plane of its own, so that nobody else misses the signatures.
fn in_the_place_of_a_controller_manager_that_is_stopped() {
    let plane = ControlPlane::start();
    let admin = plane.admin();
    let before = with(&plane, &["create"]);
    wait::until_true("the controller manager signs", || {
        signatures(admin).contains_key(before.id().as_str())
    });
    let unusable = signed_with_a_malformed_secret(&plane);
    plane.stop(ControllerManager);

    everything_is_missing_or_dead(&plane, &before);
    assert_eq!(state(&plane, &unusable), "unusable");
    admin.delete_secret(&format!("{}{unusable}", keys::SECRET_PREFIX));
    assert_eq!(state(&plane, &unusable), "dead");
    a_kubeconfig_that_was_edited(&plane);
    two_writers_at_once(&plane);
    who_may_only_read_is_told_that_writing_is_missing(&plane);
    its_owner_finds_nothing_to_do(&plane);
}

/// The controller manager signs with whatever stands there; we leave it its way.
fn signed_with_a_malformed_secret(plane: &ControlPlane) -> String {
    let (id, mut secret) = new_secret();
    set(&mut secret, keys::TOKEN_SECRET, b"Not-As-It-Should-Be");
    set(&mut secret, &Usage::Signing.key(), b"true");
    plane.admin().create_secret(&secret);
    wait::until_true("the controller manager signs", || {
        signatures(plane.admin()).contains_key(id.as_str())
    });
    id.to_string()
}

fn everything_is_missing_or_dead(plane: &ControlPlane, deleted: &Token) {
    let admin = plane.admin();
    let there = with(plane, &["create", "--description", "signed by us"]);
    let expiring = with(plane, &["create", "--ttl", "1s"]);
    let silent = with(plane, &["create", "--usages", "authentication"]);
    admin.delete_secret(&keys::secret_name(deleted.id()));
    let foreign = json!({
        "metadata": {"labels": {"rack": "7"}, "annotations": {"note": "keep"}},
        "data": {
            "other": "keep\n",
            signature_key(expiring.id()): "of a token that has expired",
            signature_key(silent.id()): "of a token that is not to sign",
            "jws-kubeconfig-NOT-AN-ID": "of nobody",
        },
    });
    admin.patch_cluster_info(&foreign);
    let old = admin.cluster_info_object();
    wait::until_true("the token expires", || {
        state(plane, expiring.id().as_str()) == "dead"
    });

    let report = run(plane, &["sign"]).run();
    let text = report.failure();
    assert!(
        text.contains("error: cluster-info is not signed as it should be: 1 missing, 4 dead\n"),
        "{report:?}"
    );
    let dry = run(plane, &["sign", "--write", "--dry-run"]).run();
    assert_eq!((dry.code, &dry.stdout), (Some(1), &report.stdout));
    assert_eq!(admin.cluster_info_object(), old, "nothing is written");

    run(plane, &["sign", "--write"]).run().success();
    is_as_it_should_be(admin);
    assert!(signatures(admin).contains_key(there.id().as_str()));
    run(plane, &["sign"]).run().success();

    // Nothing else in it has changed.
    let mut new = admin.cluster_info_object();
    assert_eq!(new.metadata.labels, old.metadata.labels);
    assert_eq!(new.metadata.annotations, old.metadata.annotations);
    assert_eq!(rest(&new), rest(&old));
    assert_eq!(rest(&new)["other"], "keep\n");
    let managers = |map: &ConfigMap| -> Vec<Option<String>> {
        let entries = map.metadata.managed_fields.iter().flatten();
        entries.map(|entry| entry.manager.clone()).collect()
    };
    let ours = Some("kubeadm-token".to_owned());
    assert!(managers(&new).contains(&ours));
    // The controller manager had written the signature of the token that is deleted, and nothing else.
    let controller = Some("kube-controller-manager".to_owned());
    for other in managers(&old)
        .into_iter()
        .filter(|name| *name != controller)
    {
        assert!(managers(&new).contains(&other), "{other:?}");
    }

    // Once more, and nothing is sent.
    let version = new.metadata.resource_version.take();
    run(plane, &["sign", "--write"]).run().success();
    let now = admin.cluster_info_object().metadata.resource_version;
    assert_eq!(now, version);
}

fn a_kubeconfig_that_was_edited(plane: &ControlPlane) {
    let admin = plane.admin();
    let token = with(plane, &["create"]);
    run(plane, &["sign", "--write"]).run().success();
    let kubeconfig = admin.cluster_info().remove("kubeconfig").unwrap();
    let edited = format!("{kubeconfig}# a line more\n");
    admin.patch_cluster_info(&json!({"data": {"kubeconfig": edited}}));
    assert_eq!(state(plane, token.id().as_str()), "stale");
    // Another's signature under its name.
    run(plane, &["sign", "--write"]).run().success();
    is_as_it_should_be(admin);
    let other = with(plane, &["create"]);
    let of_other =
        json!({"data": {signature_key(other.id()): signatures(admin)[token.id().as_str()]}});
    admin.patch_cluster_info(&of_other);
    assert_eq!(state(plane, other.id().as_str()), "stale");
    run(plane, &["sign", "--write"]).run().success();
    is_as_it_should_be(admin);
}

fn two_writers_at_once(plane: &ControlPlane) {
    for _ in 0..5 {
        let tokens: Vec<Token> = (0..3).map(|_| with(plane, &["create"])).collect();
        plane
            .admin()
            .delete_secret(&keys::secret_name(tokens[0].id()));
        let running = [(); 3].map(|()| run(plane, &["sign", "--write", "-v=5"]).start());
        for writer in running {
            writer.wait().success();
        }
        is_as_it_should_be(plane.admin());
    }
}

/// The controller manager goes on, and what it finds is what it would have written: it makes no write.
fn its_owner_finds_nothing_to_do(plane: &ControlPlane) {
    let admin = plane.admin();
    run(plane, &["sign", "--write"]).run().success();
    let ours = signatures(admin);
    plane.cont(ControllerManager);
    // It has come to terms with all that happened once it has signed this one.
    let late = with(plane, &["create"]);
    wait::until_true("it signs again", || {
        signatures(admin).contains_key(late.id().as_str())
    });
    let theirs = signatures(admin);
    for (id, signature) in &ours {
        // A token that had expired is deleted.
        if admin.secret(&format!("bootstrap-token-{id}")).is_some() {
            assert_eq!(theirs.get(id), Some(signature), "{id}");
        }
    }
    run(plane, &["sign"]).run().success();
}

/// Tokens are created and deleted meanwhile, here and by the other tests of this binary.
fn beside_a_running_controller_manager_nothing_is_lost() {
    let admin = plane();
    let admin = admin.admin();
    admin.patch_cluster_info(&json!({"data": {"kept": "as it was"}}));
    let lasting = create_for_signing();
    let mut tokens = Vec::new();
    for round in 0..12 {
        let writers = [(); 2].map(|()| ours_admin(&["sign", "--write"]).start());
        tokens.push(create_for_signing());
        if round % 2 == 1 {
            let gone = tokens.remove(0);
            admin.delete_secret(&keys::secret_name(gone.id()));
        }
        for writer in writers {
            writer.wait().success();
        }
    }
    tokens.push(lasting);
    for token in &tokens {
        let id = token.id();
        wait::until_true("it is signed", || {
            signatures(admin).contains_key(id.as_str())
        });
        let content = admin.cluster_info().remove("kubeconfig").unwrap();
        verifies(&content, token, &signatures(admin)[id.as_str()]);
        assert_eq!(state(&plane(), id.as_str()), "good");
    }
    assert_eq!(admin.cluster_info()["kept"], "as it was");
    admin.patch_cluster_info(&json!({"data": {"kept": null}}));
}

fn who_may_not_is_told_what_is_missing() {
    let kubeconfig = pki::user(&plane(), "signer", "visitors");
    for (arguments, rights) in [(&["sign"][..], TO_READ), (&["sign", "--write"], TO_WRITE)] {
        let output = ours(arguments).kubeconfig(&kubeconfig.path()).run();
        is_missing(&output, "get resource \"configmaps\"", rights);
    }
}

/// One right after the other, on a control plane where nobody else signs what is missing.
fn who_may_only_read_is_told_that_writing_is_missing(plane: &ControlPlane) {
    with(plane, &["create"]);
    let kubeconfig = pki::user(plane, "signer", "visitors");
    let signer = |arguments: &[&str]| ours(arguments).kubeconfig(&kubeconfig.path()).run();
    let check = || signer(&["sign"]);
    let write = || signer(&["sign", "--write"]);

    // The server has to hear of each of its own rules first.
    let secrets = "list resource \"secrets\"";
    may(plane, "kube-public", "configmaps", "get");
    wait::until_true("signer may get it", || check().stderr.contains(secrets));
    is_missing(&check(), secrets, TO_READ);
    is_missing(&write(), secrets, TO_WRITE);

    may(plane, "kube-system", "secrets", "list");
    wait::until_true("signer may list", || check().stdout.contains("missing"));
    let before = plane.admin().cluster_info_object();
    is_missing(&write(), "patch resource \"configmaps\"", TO_WRITE);
    assert_eq!(plane.admin().cluster_info_object(), before);
}

/// Lets the user `signer` do one thing.
fn may(plane: &ControlPlane, namespace: &str, resource: &str, verb: &str) {
    let metadata = json!({"name": "signer", "namespace": namespace});
    let rbac = format!("/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}");
    plane.admin().post(
        &format!("{rbac}/roles"),
        &json!({"metadata": metadata, "rules": [{"apiGroups": [""], "resources": [resource], "verbs": [verb]}]}),
    );
    plane.admin().post(
        &format!("{rbac}/rolebindings"),
        &json!({
            "metadata": metadata,
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "signer"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "signer"}],
        }),
    );
}

const TO_READ: &str = "get the";
const TO_WRITE: &str = "get and to patch the";

/// What may not be done, and which rights it takes.
#[track_caller]
fn is_missing(output: &Output, what: &str, rights: &str) {
    let text = output.failure();
    let refused = format!("User \"signer\" cannot {what}");
    assert!(text.contains(&refused), "want {refused} in {output:?}");
    let help = format!("\nhelp: it takes the rights to {rights} ConfigMap cluster-info in ");
    assert!(text.contains(&help), "want {help} in {output:?}");
    assert_eq!(output.stdout, "");
}

/// Every signature that upstream's signer would make, byte for byte, and no other.
#[track_caller]
fn is_as_it_should_be(admin: &Api) {
    let content = admin.cluster_info().remove("kubeconfig").unwrap();
    let mut oracle = Oracle::start();
    let mut expected = BTreeMap::new();
    for secret in admin.token_secrets() {
        expected.extend(upstream(&mut oracle, &secret, &content));
    }
    assert_eq!(signatures(admin), expected);
}

/// ID and signature by the functions of the controller manager, if it signs with this token.
fn upstream(oracle: &mut Oracle, secret: &Secret, content: &str) -> Option<(String, String)> {
    let signs = oracle.ask(&json!({"op": "signs", "secret": secret}));
    if signs.ok()?["ok"] != true {
        return None;
    }
    let id = value(secret, keys::TOKEN_ID)?;
    let jws = oracle.ask(&json!({
        "op": "jws_sign",
        "content": ByteString(content.as_bytes().to_vec()),
        "id": id,
        "secret": value(secret, keys::TOKEN_SECRET)?,
    }));
    Some((id, jws.ok()?.as_str()?.to_owned()))
}

#[track_caller]
fn verifies(content: &str, token: &Token, jws: &str) {
    let verified = Oracle::start().ask(&json!({
        "op": "jws_verify",
        "content": ByteString(content.as_bytes().to_vec()),
        "id": token.id().as_str(),
        "secret": token.secret().expose(),
        "jws": jws,
    }));
    assert_eq!(verified.ok(), Some(&json!(true)));
}

/// The signatures in cluster-info, by what stands in the place of the token ID.
fn signatures(admin: &Api) -> BTreeMap<String, String> {
    let data = admin.cluster_info().into_iter();
    data.filter_map(|(key, value)| {
        let id = key.strip_prefix(SIGNATURE_PREFIX)?.to_owned();
        Some((id, value))
    })
    .collect()
}

/// All but the signatures.
fn rest(map: &ConfigMap) -> BTreeMap<&str, &str> {
    let data = map.data.iter().flatten();
    data.filter(|(key, _)| !key.starts_with(SIGNATURE_PREFIX))
        .map(|(key, value)| (key.as_str(), value.as_str()))
        .collect()
}

/// What `sign` says of a token, whatever it says of others.
#[track_caller]
fn state(plane: &ControlPlane, id: &str) -> String {
    let output = run(plane, &["sign", "-o", "json"]).run();
    let object: Value = serde_json::from_str(&output.stdout).unwrap();
    let all = object["signatures"].as_array().unwrap();
    let of_id = all.iter().find(|one| one["id"] == id);
    of_id.map_or_else(String::new, |one| one["state"].as_str().unwrap().to_owned())
}

fn run(plane: &ControlPlane, arguments: &[&str]) -> Command {
    ours(arguments).kubeconfig(plane.kubeconfig())
}

#[track_caller]
fn with(plane: &ControlPlane, arguments: &[&str]) -> Token {
    created(run(plane, arguments))
}
