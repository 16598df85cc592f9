//! `--dry-run`: kubeadm's report, nothing written, no secret in it.

use crate::fake_server::{FakeServer, Reply, secret, token};
use crate::process::Home;

const NOT_FOUND: &str = "secrets \"bootstrap-token-abcdef\" not found";

#[test]
fn create_looks_and_tells_what_it_would_write() {
    let server = FakeServer::new([Reply::refusal(404, "NotFound", NOT_FOUND)]);
    Home::new(&server)
        .watched(&["--dry-run", "create", "abcdef.9r2c3d4e5f6g7h8i", "--ttl=0", "--description=hi there"])
        .is(
            0,
            "[dryrun] Would perform action GET on resource \"secrets\" in API group \"core/v1\"\n\
             [dryrun] Resource name \"bootstrap-token-abcdef\", namespace \"kube-system\"\n\
             [dryrun] Real object does not exist. Attempting to GET from followup reactors or from the fake client tracker\n\
             [dryrun] Would perform action CREATE on resource \"secrets\" in API group \"core/v1\"\n\
             [dryrun] Attached object:\n\
             apiVersion: v1\n\
             data:\n\
             \x20 auth-extra-groups: c3lzdGVtOmJvb3RzdHJhcHBlcnM6a3ViZWFkbTpkZWZhdWx0LW5vZGUtdG9rZW4=\n\
             \x20 description: aGkgdGhlcmU=\n\
             \x20 token-id: YWJjZGVm\n\
             \x20 token-secret: '***'\n\
             \x20 usage-bootstrap-authentication: dHJ1ZQ==\n\
             \x20 usage-bootstrap-signing: dHJ1ZQ==\n\
             kind: Secret\n\
             metadata:\n\
             \x20 name: bootstrap-token-abcdef\n\
             \x20 namespace: kube-system\n\
             type: bootstrap.kubernetes.io/token\n\
             \n\
             abcdef.9r2c3d4e5f6g7h8i\n",
            "warning: the token will never expire; delete it when it has served its purpose\n",
        );
    let lines = server.lines();
    assert!(
        lines.iter().all(|line| line.starts_with("GET ")),
        "{lines:?}"
    );
}

#[test]
fn create_of_an_id_that_is_taken_shows_it_masked() {
    let there = token(
        "abcdef.f395accd246ae52d",
        &[("token_secret", b"f395accd246ae52d")],
    );
    let server = FakeServer::new([Reply::ok(there)]);
    Home::new(&server)
        .run(&["create", "abcdef.9r2c3d4e5f6g7h8i", "--dry-run=true"])
        .is(
            1,
            "[dryrun] Would perform action GET on resource \"secrets\" in API group \"core/v1\"\n\
             [dryrun] Resource name \"bootstrap-token-abcdef\", namespace \"kube-system\"\n\
             [dryrun] Attached object:\n\
             apiVersion: v1\n\
             data:\n\
             \x20 token-id: YWJjZGVm\n\
             \x20 token-secret: '***'\n\
             \x20 token_secret: '***'\n\
             kind: Secret\n\
             metadata:\n\
             \x20 name: bootstrap-token-abcdef\n\
             \x20 namespace: kube-system\n\
             type: bootstrap.kubernetes.io/token\n\
             \n",
            "error: a token with id \"abcdef\" already exists\n\
             help: take another one, or delete it first: `kubeadm-token delete abcdef`\n",
        );
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn create_that_cannot_look_does_not_say_that_there_is_nothing() {
    let server = FakeServer::new([Reply::refusal(403, "Forbidden", "no")]);
    let home = Home::new(&server);
    let outcome = home.run(&["create", "abcdef.9r2c3d4e5f6g7h8i", "--dry-run"]);
    outcome.is(
        1,
        &outcome.stdout,
        "error: failed to look for bootstrap token with name bootstrap-token-abcdef: no\n\
         help: user \"tester\" of DIR/config needs rights on Secrets in the namespace kube-system: use an administrator's kubeconfig\n",
    );
    assert!(!outcome.stdout.contains("does not exist"));
}

#[test]
fn delete_tells_what_it_would_delete_and_asks_nothing_of_the_server() {
    let server = FakeServer::new([]);
    Home::new(&server).run(&["delete", "--dry-run", "abcdef.9r2c3d4e5f6g7h8i"]).is(
        0,
        "[dryrun] Would perform action DELETE on resource \"secrets\" in API group \"core/v1\"\n\
         [dryrun] Resource name \"bootstrap-token-abcdef\", namespace \"kube-system\"\n\
         [dryrun] Attached object:\n\
         apiVersion: v1\n\
         kind: Secret\n\
         metadata:\n\
         \x20 name: bootstrap-token-abcdef\n\
         \x20 namespace: kube-system\n\
         \n\
         bootstrap token \"abcdef\" deleted\n",
        "",
    );
    assert_eq!(server.lines(), Vec::<String>::new());
}

#[test]
fn list_shows_what_it_was_sent_masked_and_then_the_table() {
    let server = FakeServer::new([
        Reply::page(&[token("aaaaaa.f395accd246ae52d", &[])], "next"),
        Reply::secrets(&[token("bbbbbb.f395accd246ae52d", &[])]),
    ]);
    Home::new(&server).run(&["list", "--dry-run", "-oyaml"]).is(
        0,
        "[dryrun] Would perform action LIST on resource \"secrets\" in API group \"core/v1\"\n\
         [dryrun] Attached object:\n\
         apiVersion: v1\n\
         items:\n\
         - apiVersion: v1\n\
         \x20 data:\n\
         \x20   token-id: YWFhYWFh\n\
         \x20   token-secret: '***'\n\
         \x20 kind: Secret\n\
         \x20 metadata:\n\
         \x20   name: bootstrap-token-aaaaaa\n\
         \x20   namespace: kube-system\n\
         \x20 type: bootstrap.kubernetes.io/token\n\
         - apiVersion: v1\n\
         \x20 data:\n\
         \x20   token-id: YmJiYmJi\n\
         \x20   token-secret: '***'\n\
         \x20 kind: Secret\n\
         \x20 metadata:\n\
         \x20   name: bootstrap-token-bbbbbb\n\
         \x20   namespace: kube-system\n\
         \x20 type: bootstrap.kubernetes.io/token\n\
         kind: SecretList\n\
         metadata: {}\n\
         \n\
         apiVersion: output.kubeadm.k8s.io/v1alpha3\n\
         kind: BootstrapToken\n\
         token: aaaaaa.f395accd246ae52d\n\
         ---\n\
         apiVersion: output.kubeadm.k8s.io/v1alpha3\n\
         kind: BootstrapToken\n\
         token: bbbbbb.f395accd246ae52d\n",
        "",
    );
}

/// No real API server has such names: what another one says stays one scalar.
#[test]
fn names_are_quoted_as_yaml_asks_for() {
    let secret = serde_json::json!({
        "kind": "Secret", "apiVersion": "v1", "type": "no\nkind: Forged",
        "metadata": {"name": "a: b # c", "namespace": "true"},
        "data": {"- x: y": "", "{": "", "k\u{202e}\nz": ""},
    });
    let server = FakeServer::new([Reply::secrets(&[secret.to_string()])]);
    let outcome = Home::new(&server).run(&["list", "--dry-run"]);
    let object = outcome.stdout.split("[dryrun] Attached object:\n").nth(1);
    assert_eq!(
        object,
        Some(
            "apiVersion: v1\n\
             items:\n\
             - apiVersion: v1\n\
             \x20 data:\n\
             \x20   '- x: y': '***'\n\
             \x20   k\\u202e\\nz: '***'\n\
             \x20   '{': '***'\n\
             \x20 kind: Secret\n\
             \x20 metadata:\n\
             \x20   name: 'a: b # c'\n\
             \x20   namespace: \"true\"\n\
             \x20 type: 'no\\nkind: Forged'\n\
             kind: SecretList\n\
             metadata: {}\n\
             \n"
        )
    );
}

/// Where a Secret holds a token in a place for something else, it is not shown either.
#[test]
fn what_may_be_a_token_is_masked_wherever_it_stands() {
    let there = secret(
        "abcdef",
        &[
            ("token-id", b"abcdef.f395accd246ae52d"),
            ("token-secret", b"f395accd246ae52d"),
            ("usage-bootstrap-x", b"abcdef.f395accd246ae52d"),
            ("usage-bootstrap-signing", b"true"),
        ],
    );
    let server = FakeServer::new([Reply::secrets(&[there])]);
    let outcome = Home::new(&server).run(&["list", "--dry-run", "--redact"]);
    for line in [
        "token-id: '***'",
        "token-secret: '***'",
        "usage-bootstrap-x: '***'",
        "usage-bootstrap-signing: dHJ1ZQ==",
    ] {
        assert!(outcome.stdout.contains(line), "{}", outcome.stdout);
    }
}
