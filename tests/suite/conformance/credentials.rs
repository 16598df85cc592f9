//! Every credential that a kubeconfig can hold.

use conformance::command::ours;
use conformance::kubeconfig::Kubeconfig;
use conformance::suite::Test;
use conformance::{pki, secrets, tests};
use serde_json::{Value, json};

use crate::support::{created, find_secret, plane, rows};

pub(crate) const TESTS: &[Test] = tests!["credentials":
    a_client_certificate_is_used,
    a_token_is_used,
    a_token_file_is_used_and_read_anew,
    an_exec_plugin_is_used,
    a_refused_credential_says_whose_it_is,
    a_credential_that_cannot_be_had_says_why,
];

fn a_client_certificate_is_used() {
    works(&pki::user(&plane(), "a-certificate", "system:masters"));
}

fn a_token_is_used() {
    works(&Kubeconfig::of_user(
        &plane(),
        &json!({"token": service_account("token")}),
    ));
}

fn a_token_file_is_used_and_read_anew() {
    let kubeconfig = Kubeconfig::of_user(&plane(), &json!({"tokenFile": "the-token"}));
    kubeconfig.file("the-token", "an-old-one\n");
    let refused = ours(["list"]).kubeconfig(&kubeconfig.path()).run();
    let error = "error: failed to list bootstrap tokens: Unauthorized\n";
    assert!(refused.failure().starts_with(error), "{refused:?}");
    kubeconfig.file("the-token", &format!("{}\n", service_account("token-file")));
    works(&kubeconfig);
}

fn an_exec_plugin_is_used() {
    let credential = json!({
        "apiVersion": "client.authentication.k8s.io/v1",
        "kind": "ExecCredential",
        "status": {"token": service_account("exec")},
    });
    let kubeconfig = Kubeconfig::of_user(&plane(), &exec("cat", &["credential.json"]));
    // Its working directory is that of the command.
    let file = kubeconfig.file("credential.json", &credential.to_string());
    works(&Kubeconfig::of_user(
        &plane(),
        &exec("cat", &[file.to_str().unwrap()]),
    ));
}

fn exec(command: &str, arguments: &[&str]) -> Value {
    json!({"exec": {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": command,
        "args": arguments,
        "interactiveMode": "Never",
    }})
}

/// All that needs the API server, at the highest verbosity: the harness looks for the credential too.
#[track_caller]
fn works(kubeconfig: &Kubeconfig) {
    let command = |arguments: &[&str]| {
        ours(arguments)
            .args(["-v=10"])
            .kubeconfig(&kubeconfig.path())
    };
    let token = created(command(&["create"]));
    let list = command(&["list"]).prints_token().run();
    assert_eq!(rows(list.success(), token.id()).len(), 1);
    command(&["delete", token.id().as_str()]).run().success();
    assert!(find_secret(token.id()).is_none());
}

/// The token of a service account that may do everything.
fn service_account(name: &str) -> String {
    let plane = plane();
    let admin = plane.admin();
    let name = format!("credential-{name}");
    let metadata = json!({"name": name, "namespace": "kube-system"});
    admin.post(
        "/api/v1/namespaces/kube-system/serviceaccounts",
        &json!({"metadata": metadata}),
    );
    admin.post(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        &json!({
            "metadata": {"name": name},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
            "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": "kube-system"}],
        }),
    );
    let path = format!("/api/v1/namespaces/kube-system/serviceaccounts/{name}/token");
    let answer = admin.post(&path, &json!({"spec": {"expirationSeconds": 3600}}));
    let token = answer["status"]["token"].as_str().unwrap();
    secrets::register_text(token);
    token.to_owned()
}

fn a_refused_credential_says_whose_it_is() {
    secrets::register_text("wrong-credential");
    for user in [
        json!({"token": "wrong-credential"}),
        exec(
            "echo",
            &[
                r#"{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"wrong-credential"}}"#,
            ],
        ),
    ] {
        let kubeconfig = Kubeconfig::of_user(&plane(), &user);
        for arguments in [["list"], ["create"]] {
            let output = ours(arguments)
                .args(["-v=10"])
                .kubeconfig(&kubeconfig.path())
                .run();
            let text = output.failure();
            assert!(text.contains("401 Unauthorized"), "{output:?}");
            assert!(
                text.contains("help: ") && text.contains("\"user\""),
                "{output:?}"
            );
        }
    }
}

fn a_credential_that_cannot_be_had_says_why() {
    for (user, causes) in [
        (
            json!({"tokenFile": "there-is-none"}),
            &["there-is-none", "no such file"][..],
        ),
        (exec("no-such-plugin", &[]), &["no-such-plugin"]),
        (exec("false", &[]), &["false"]),
        (
            exec("echo", &["not JSON"]),
            &["exec plugin gave no credential that can be read"],
        ),
    ] {
        let kubeconfig = Kubeconfig::of_user(&plane(), &user);
        let output = ours(["list"]).kubeconfig(&kubeconfig.path()).run();
        for cause in causes {
            assert!(output.failure().contains(cause), "{user}: {output:?}");
        }
        assert!(output.stderr.contains("\nhelp: "), "{user}: {output:?}");
    }
}
