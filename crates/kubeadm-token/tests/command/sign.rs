//! `sign`: what is told, what is written, and what an API server may answer.

mod vouch;

use bootstrap_token::Token;
use bootstrap_token_discovery::DetachedJws;
use serde_json::{Value, json};

use crate::fake_server::{FakeServer, Reply, token};
use crate::pin;
use crate::process::{Home, Outcome, run};

const KUBECONFIG: &str = "apiVersion: v1\nkind: Config\n";
/// By plain HTTP there is nothing to compare.
const SKIP: &str = "--danger-skip-ca-pin";
const SECRET: &str = "9r2c3d4e5f6g7h8i";

fn signed(id: &str, content: &str) -> String {
    let token: Token = format!("{id}.{SECRET}").parse().unwrap();
    DetachedJws::sign(content.as_bytes(), &token).to_string()
}

pub(crate) fn cluster_info(data: &[(&str, &str)]) -> Reply {
    let data: serde_json::Map<_, _> = data
        .iter()
        .map(|(key, value)| ((*key).to_owned(), Value::from(*value)))
        .collect();
    let map = json!({
        "kind": "ConfigMap", "apiVersion": "v1",
        "metadata": {"name": "cluster-info", "namespace": "kube-public", "resourceVersion": "4711"},
        "data": data,
    });
    Reply::ok(map.to_string())
}

pub(crate) fn signing(id: &str) -> String {
    let on: &[(&str, &[u8])] = &[("usage-bootstrap-signing", b"true")];
    token(&format!("{id}.{SECRET}"), on)
}

/// One good, one missing, one stale, one dead, one that should have been a token.
fn mixed() -> Vec<Reply> {
    vec![
        cluster_info(&[
            ("kubeconfig", KUBECONFIG),
            ("jws-kubeconfig-good00", &signed("good00", KUBECONFIG)),
            ("jws-kubeconfig-stale0", &signed("stale0", "x")),
            ("jws-kubeconfig-nobody", &signed("nobody", KUBECONFIG)),
            ("jws-kubeconfig-abcdef.9r2c3d4e5f6g7h8i", "x"),
        ]),
        Reply::secrets(&[signing("good00"), signing("miss00"), signing("stale0")]),
    ]
}

fn go(args: &[&str], replies: Vec<Reply>) -> (Outcome, FakeServer) {
    let server = FakeServer::new(replies);
    let outcome = Home::new(&server).watched(args);
    assert!(!format!("{outcome:?}").contains(SECRET), "{outcome:?}");
    (outcome, server)
}

const NOT_JOINED: &str =
    "warning: no machine can join by what is signed here: the kubeconfig names no cluster\n";

const WRONG: &str = "warning: no machine can join by what is signed here: the kubeconfig names no cluster\n\
     error: cluster-info is not signed as it should be: 1 missing, 1 stale, 2 dead\n\
     help: the controller manager mends it within moments where it runs and signs; `kubeadm-token sign --write` does at once\n";

#[test]
fn what_is_wrong_is_told_and_only_write_writes() {
    for args in [&["sign"][..], &["sign", "--write", "--dry-run", SKIP]] {
        let (outcome, server) = go(args, mixed());
        outcome.is(
            1,
            "TOKEN ID                     SIGNATURE   WHY\n\
             (23 characters, not shown)   dead        its key names no token ID\n\
             good00                       good\n\
             miss00                       missing     there is none\n\
             nobody                       dead        there is no bootstrap token of this ID\n\
             stale0                       stale       another content or another token secret was signed\n",
            WRONG,
        );
        assert_eq!(
            server.lines(),
            [
                "GET /api/v1/namespaces/kube-public/configmaps/cluster-info",
                "GET /api/v1/namespaces/kube-system/secrets?fieldSelector=type%3Dbootstrap.kubernetes.io%2Ftoken&limit=2500",
            ]
        );
    }
    let mut replies = mixed();
    replies.push(Reply::ok("{}"));
    let (outcome, server) = go(&["sign", "--write", SKIP], replies);
    outcome.is(
        0,
        "TOKEN ID                     SIGNATURE         WHY\n\
         (23 characters, not shown)   dead, removed     its key names no token ID\n\
         good00                       good\n\
         miss00                       missing, signed   there is none\n\
         nobody                       dead, removed     there is no bootstrap token of this ID\n\
         stale0                       stale, signed     another content or another token secret was signed\n",
        NOT_JOINED,
    );
    let asked = server.asked();
    assert_eq!(
        asked[2].line,
        "PATCH /api/v1/namespaces/kube-public/configmaps/cluster-info"
    );
    let sent: Value = serde_json::from_str(&asked[2].body).unwrap();
    assert_eq!(
        sent,
        json!({"metadata": {"resourceVersion": "4711"}, "data": {
            "jws-kubeconfig-miss00": signed("miss00", KUBECONFIG),
            "jws-kubeconfig-stale0": signed("stale0", KUBECONFIG),
            "jws-kubeconfig-nobody": null,
            "jws-kubeconfig-abcdef.9r2c3d4e5f6g7h8i": null,
        }})
    );
}

#[test]
fn an_object_for_programs() {
    let good = [
        cluster_info(&[
            ("kubeconfig", KUBECONFIG),
            ("jws-kubeconfig-good00", &signed("good00", KUBECONFIG)),
        ]),
        Reply::secrets(&[signing("good00")]),
    ];
    go(&["sign", "-o", "yaml"], good.to_vec()).0.is(
        0,
        "apiVersion: kubeadm-token/v1\n\
         kind: ClusterInfoSignatures\n\
         apiServerEndpoint: null\n\
         publicKeyPins: []\n\
         signatures:\n\
         - key: jws-kubeconfig-good00\n\
        \x20 id: good00\n\
        \x20 state: good\n\
        \x20 reason: null\n\
        \x20 done: null\n",
        "",
    );
    let (outcome, _) = go(&["sign", "-o", "json"], mixed());
    assert_eq!((outcome.code, &*outcome.stderr), (1, WRONG));
    let object: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let signatures = object["signatures"].as_array().unwrap();
    assert_eq!(signatures.len(), 5);
    assert_eq!(signatures[0]["id"], Value::Null);
    assert_eq!(
        signatures[2],
        json!({"key": "jws-kubeconfig-miss00", "id": "miss00", "state": "missing", "reason": "there is none", "done": null})
    );
    let mut replies = mixed();
    replies.push(Reply::ok("{}"));
    let (outcome, _) = go(&["sign", "--write", "-o", "json", SKIP], replies);
    let object: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(object["signatures"][2]["done"], "signed");
    assert_eq!(object["signatures"][3]["done"], "removed");

    run(&["sign", "-o", "xml"]).fails_with(
        "error: could not construct output printer: unable to match a printer suitable for the output format \"xml\", allowed formats are: json,text,yaml\n\
         help: use `-o json` or `-o yaml`\n",
    );
}

#[test]
fn what_is_vouched_for_is_told_where_there_is_something_to_sign() {
    let cluster = pin::authority();
    let replies = |signature: &str| {
        let kubeconfig = cluster.cluster();
        let data = [
            ("kubeconfig", &*kubeconfig),
            ("jws-kubeconfig-miss00", signature),
        ];
        vec![cluster_info(&data), Reply::secrets(&[signing("miss00")])]
    };
    let vouched = format!(
        "warning: whoever signs vouches for the server 10.0.0.1:6443 and the CA {}, which stand in cluster-info: see that they are this cluster's; \
         this kubeconfig knows no server by a CA, so that nothing was compared: --ca-pin or --ca-file does\n",
        cluster.pin
    );
    let (outcome, _) = go(&["sign"], replies("x"));
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.starts_with(&vouched), "{}", outcome.stderr);

    let mut written = replies("x");
    written.push(Reply::ok("{}"));
    let (outcome, _) = go(&["sign", "--write", "-o", "json", SKIP], written);
    assert_eq!((outcome.code, &*outcome.stderr), (0, &*vouched));
    let object: Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(object["apiServerEndpoint"], "10.0.0.1:6443");
    assert_eq!(object["publicKeyPins"], json!([cluster.pin]));

    let good = signed("miss00", &cluster.cluster());
    let (outcome, _) = go(&["sign"], replies(&good));
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
}

#[test]
fn a_conflict_is_met_by_reading_again() {
    let mut replies = mixed();
    replies.push(Reply::refusal(
        409,
        "Conflict",
        "the object has been modified",
    ));
    replies.extend(mixed());
    replies.push(Reply::ok("{}"));
    let (outcome, server) = go(&["sign", "--write", SKIP], replies);
    assert_eq!((outcome.code, &*outcome.stderr), (0, NOT_JOINED));
    assert_eq!(server.asked().len(), 6);
}

#[test]
fn what_the_api_server_refuses() {
    let forbidden = |what: &str| Reply::refusal(403, "Forbidden", &format!("cannot {what}"));
    let read = "error: failed to check the signatures in cluster-info: cannot read the ConfigMap kube-public/cluster-info: ";
    let rights = "help: it takes the rights to get the ConfigMap cluster-info in the namespace kube-public, and to list Secrets in kube-system: use an administrator's kubeconfig\n";
    let missing = "help: this cluster is not set up for joining by token: `kubeadm init phase bootstrap-token` makes what is missing\n";
    for (replies, says) in [
        (
            vec![forbidden("get")],
            format!("{read}the API server answered 403 Forbidden: cannot get\n{rights}"),
        ),
        (
            vec![cluster_info(&[("kubeconfig", "x")]), forbidden("list")],
            format!(
                "error: failed to check the signatures in cluster-info: cannot list the bootstrap tokens: the API server answered 403 Forbidden: cannot list\n{rights}"
            ),
        ),
        (
            vec![Reply::refusal(
                404,
                "NotFound",
                "configmaps \"cluster-info\" not found",
            )],
            format!(
                "{read}the API server answered 404 Not Found: configmaps \"cluster-info\" not found\n{missing}"
            ),
        ),
        (
            vec![cluster_info(&[("jws-kubeconfig-abcdef", "x")])],
            format!("{read}there is no kubeconfig in it\n{missing}"),
        ),
        (
            vec![Reply::ok(
                r#"{"kind":"ConfigMap","apiVersion":"v1","data":"x"}"#,
            )],
            format!(
                "{read}the API server's reply is not the JSON object it should be, from line 1 column 48\nhelp: is SERVER a Kubernetes API server, with no proxy in between that changes or cuts its replies?\n"
            ),
        ),
    ] {
        let (outcome, server) = go(&["sign"], replies);
        outcome.fails_with(&says.replace("SERVER", &server.url()));
        let _ = server.asked();
    }
    let mut replies = mixed();
    replies.push(forbidden("patch"));
    go(&["sign", "--write", SKIP], replies).0.fails_with(
        "warning: no machine can join by what is signed here: the kubeconfig names no cluster\n\
         error: failed to mend the signatures in cluster-info: cannot write the ConfigMap kube-public/cluster-info: the API server answered 403 Forbidden: cannot patch\n\
         help: it takes the rights to get and to patch the ConfigMap cluster-info in the namespace kube-public, and to list Secrets in kube-system: use an administrator's kubeconfig\n",
    );
}

#[test]
fn conflicts_for_ever_end_at_the_deadline() {
    let round = || {
        let mut replies = mixed();
        replies.push(Reply::refusal(
            409,
            "Conflict",
            "the object has been modified",
        ));
        replies
    };
    // More than there is time for.
    let server = FakeServer::new((0..100).flat_map(|_| round()));
    let outcome = Home::new(&server).watched(&["sign", "--write", SKIP]);
    outcome.fails_with(
        "warning: no machine can join by what is signed here: the kubeconfig names no cluster\n\
         error: failed to mend the signatures in cluster-info: cannot write the ConfigMap kube-public/cluster-info: the API server answered 409 Conflict: the object has been modified, tried again until the deadline of 10s\n\
         help: something else keeps changing cluster-info: see who by its managedFields, and try again\n",
    );
    let asked = server.times_asked();
    assert!((3 * 6..3 * 20).contains(&asked), "{asked}");
    assert_eq!(asked % 3, 0, "each round begins with reading");
}
