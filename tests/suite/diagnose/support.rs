//! What the tests share: one control plane, which each leaves as it was, and the verdict on it.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;

use bootstrap_token::Token;
use bootstrap_token_secret::{BootstrapToken, keys};
use conformance::command::{Command, kubectl, ours};
use conformance::control_plane::{Component, ControlPlane};
use conformance::{secrets, wait};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use serde_json::{Value, json};

pub(crate) fn plane() -> Arc<ControlPlane> {
    ControlPlane::shared()
}

/// kubectl as the administrator, who succeeds.
#[track_caller]
pub(crate) fn admin(arguments: &[&str]) -> String {
    let done = kubectl(arguments)
        .kubeconfig(plane().kubeconfig())
        .prints_token()
        .run();
    done.success().to_owned()
}

/// A token as kubeadm makes it.
pub(crate) fn create() -> Token {
    create_with(&[])
}

/// The same, with flags.
pub(crate) fn create_with(flags: &[&str]) -> Token {
    let made = ours(["create"])
        .args(flags)
        .kubeconfig(plane().kubeconfig())
        .prints_token()
        .run();
    made.success().trim_end().parse().unwrap()
}

/// A Secret of a token, with what is changed in its data.
pub(crate) fn store(token: &Token, changes: &[(&str, &str)]) -> Secret {
    let mut secret = BootstrapToken::new(token.clone()).expose_secret();
    let data = secret.data.get_or_insert_default();
    for key in ["usage-bootstrap-signing", "usage-bootstrap-authentication"] {
        data.insert(key.to_owned(), ByteString(b"true".to_vec()));
    }
    let groups = "system:bootstrappers:kubeadm:default-node-token";
    data.insert(keys::EXTRA_GROUPS.to_owned(), ByteString(groups.into()));
    for (key, value) in changes {
        data.insert((*key).to_owned(), ByteString(value.as_bytes().to_vec()));
    }
    secret
}

pub(crate) fn put(secret: &Secret) {
    plane().admin().create_secret(secret);
}

pub(crate) fn name(token: &Token) -> String {
    keys::secret_name(token.id())
}

pub(crate) fn delete(token: &Token) {
    plane().admin().delete_secret(&name(token));
}

/// A token that is nowhere.
pub(crate) fn unknown() -> Token {
    secrets::token()
}

/// The codes of what is found of a token whose ID is known.
#[track_caller]
pub(crate) fn found(token: &Token) -> Vec<String> {
    verdict(&[token.id().as_str()], "")
}

/// The same with its secret.
#[track_caller]
pub(crate) fn found_of_whole(token: &Token) -> Vec<String> {
    verdict(&["-"], &token.expose())
}

/// The same of the cluster.
#[track_caller]
pub(crate) fn found_of_cluster() -> Vec<String> {
    verdict(&[], "")
}

/// What the docs say of the codes.
const CODES: &str = include_str!("../../../docs/DIAGNOSE.md");

#[track_caller]
fn verdict(arguments: &[&str], stdin: &str) -> Vec<String> {
    let run = || {
        ours(["diagnose"])
            .args(arguments)
            .stdin(stdin)
            .kubeconfig(plane().kubeconfig())
    };
    let codes = verdict_of(run());
    // In text they are the same, each on a line of its own, unless time has changed them.
    if codes != ["not-signed-yet"] {
        let lines = run().run();
        let starts: Vec<_> = lines
            .stdout
            .lines()
            .map(|line| line.split(": ").next().unwrap())
            .collect();
        if codes.is_empty() {
            assert_eq!(starts, ["healthy"]);
        } else {
            assert_eq!(starts, codes);
        }
    }
    codes
}

/// The codes of what a run finds that could look at everything.
#[track_caller]
pub(crate) fn verdict_of(command: Command) -> Vec<String> {
    verdict_but(0, command)
}

/// The same where that many things could not be looked at.
#[track_caller]
pub(crate) fn verdict_but(unlooked: usize, command: Command) -> Vec<String> {
    let output = command.args(["-v=10", "-o", "json"]).run();
    let diagnosis: Value =
        serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let findings = diagnosis["findings"].as_array().unwrap();
    let code = |finding: &Value| finding["code"].as_str().unwrap().to_owned();
    let codes: Vec<_> = findings.iter().map(code).collect();
    for (finding, code) in findings.iter().zip(&codes) {
        assert!(
            CODES.contains(&format!("`{code}`")),
            "{code} is not in the docs"
        );
        for field in ["saw", "why", "mend"] {
            assert_ne!(finding[field], "", "{finding}");
        }
    }
    let warned = output.stderr.matches("warning: not looked at: ").count();
    assert_eq!(warned, unlooked, "{output:?}");
    assert_eq!(
        output.code,
        Some(i32::from(!codes.is_empty())),
        "{output:?}"
    );
    let verdict = if codes.is_empty() {
        "healthy"
    } else {
        "unhealthy"
    };
    assert_eq!(diagnosis["verdict"], verdict);
    // What was asked of the API server, by the log.
    let requests = output.stderr.matches("] sending method=").count();
    assert!(
        (1..10).contains(&requests),
        "{requests} requests: {output:?}"
    );
    codes
}

/// What is told to mend a cause that is found of a token.
#[track_caller]
pub(crate) fn mend(token: &Token, code: &str) -> String {
    let output = ours(["diagnose", token.id().as_str(), "-o", "json"])
        .kubeconfig(plane().kubeconfig())
        .run();
    let diagnosis: Value = serde_json::from_str(&output.stdout).unwrap();
    let findings = diagnosis["findings"].as_array().unwrap();
    let finding = findings.iter().find(|finding| finding["code"] == code);
    finding.unwrap()["mend"].as_str().unwrap().to_owned()
}

/// Runs each `kubectl` of a remedy as it stands there.
#[track_caller]
pub(crate) fn do_as_told(token: &Token, code: &str) {
    let told = mend(token, code);
    let commands = told.split('`').skip(1).step_by(2);
    let commands: Vec<_> = commands
        .filter_map(|text| text.strip_prefix("kubectl "))
        .collect();
    assert!(!commands.is_empty(), "{told}");
    for command in commands {
        admin(&command.split(' ').collect::<Vec<_>>());
    }
}

pub(crate) fn cluster_info() -> BTreeMap<String, String> {
    plane().admin().cluster_info()
}

/// Changes keys of cluster-info; `null` takes one out.
pub(crate) fn patch_cluster_info(data: &Value) {
    // Through standard input: an argument cannot be that long.
    kubectl(["-n", "kube-public", "patch", "configmap", "cluster-info"])
        .args(["--type=merge", "--patch-file=/dev/stdin"])
        .kubeconfig(plane().kubeconfig())
        .stdin(json!({"data": data}).to_string())
        .run()
        .success();
}

pub(crate) fn signed(token: &Token) -> String {
    let key = format!("jws-kubeconfig-{}", token.id());
    wait::until("the signature appears", || {
        cluster_info().remove(&key).ok_or(())
    })
}

/// While there is no controller manager.
pub(crate) fn without_controllers(act: impl FnOnce()) {
    plane().kill(Component::ControllerManager);
    finally(act, || plane().restart(Component::ControllerManager));
}

/// While the API server runs with further arguments.
pub(crate) fn with_api_server(arguments: &[&str], act: impl FnOnce()) {
    plane().kill(Component::ApiServer);
    plane().restart_with(Component::ApiServer, arguments);
    finally(act, || {
        plane().kill(Component::ApiServer);
        plane().restart(Component::ApiServer);
    });
}

/// Acts, and tidies up however that ends: the next test finds the cluster as it was.
pub(crate) fn finally(act: impl FnOnce(), tidy: impl FnOnce()) {
    let outcome = catch_unwind(AssertUnwindSafe(act));
    tidy();
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}
