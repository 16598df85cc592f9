//! What the token's groups may do, as the API server tells the machine that joins by it.

use serde_json::{Value, json};

use crate::discover::support::{Authority, TOKEN, kubeconfig, signed};
use crate::fake_server::{Asked, Reply};
use crate::process::{Home, Outcome};

pub(super) fn allowed(is: bool) -> Reply {
    Reply::ok(json!({"status": {"allowed": is}}).to_string())
}

pub(super) fn groups(names: &[&str]) -> Reply {
    Reply::ok(json!({"status": {"userInfo": {"groups": names}}}).to_string())
}

fn no() -> Reply {
    Reply::refusal(403, "Forbidden", "no")
}

/// At the server that cluster-info names, which takes the token and then gives these replies.
pub(super) fn look(replies: Vec<Reply>) -> (Outcome, Vec<Asked>) {
    let ca = Authority::new("kubernetes");
    let named = ca.server("127.0.0.1", [vec![no()], replies].concat());
    let kubeconfig = kubeconfig(&ca.pem).replace("https://cp.example:6443", &named.url());
    let info = signed(&kubeconfig, TOKEN);
    let asked = ca.server("127.0.0.1", [info.clone(), info]);
    let args = [
        "diagnose",
        "-",
        "--server",
        &asked.url(),
        "--ca-pin",
        &ca.pin(),
    ];
    let outcome = Home::empty().run_with(&args, TOKEN.as_bytes());
    asked.asked();
    (outcome, named.asked())
}

#[test]
fn they_are_asked_for_by_the_token_and_over_verified_tls() {
    let (outcome, asked) = look(vec![allowed(true), allowed(true), allowed(true)]);
    let id = &TOKEN[..6];
    outcome.is(
        0,
        &format!("healthy: a machine can join by the token {id}\n"),
        "",
    );
    let reviews = &asked[1..];
    let review = "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
    for (asked, subresource) in reviews.iter().zip([None, Some("nodeclient")]) {
        assert_eq!(asked.line, review);
        assert_eq!(
            asked.header("authorization"),
            Some(&*format!("Bearer {TOKEN}"))
        );
        let body: Value = serde_json::from_str(&asked.body).unwrap();
        let attributes = &body["spec"]["resourceAttributes"];
        assert_eq!(attributes["verb"], "create");
        assert_eq!(attributes["resource"], "certificatesigningrequests");
        assert_eq!(attributes["subresource"].as_str(), subresource);
    }
    let [_, _, kubeadm] = reviews else {
        panic!("three reviews");
    };
    let body: Value = serde_json::from_str(&kubeadm.body).unwrap();
    assert_eq!(
        body["spec"]["resourceAttributes"],
        json!({"verb": "get", "resource": "configmaps", "namespace": "kube-system", "name": "kubeadm-config"})
    );
}

#[test]
fn what_is_missing_is_told_as_an_administrator_is_told_it() {
    let all = [
        "system:bootstrappers",
        "system:bootstrappers:visitors",
        "system:authenticated",
    ];
    let shown = "system:bootstrappers, system:bootstrappers:visitors";
    let before_v1_28 = Reply::refusal(404, "NotFound", "no");
    for (replies, saw) in [
        (
            vec![allowed(false), groups(&all)],
            format!("group-without-rights: none of these groups may create certificate signing requests: {shown}; "),
        ),
        (
            vec![allowed(true), allowed(false), groups(&all)],
            format!("requests-not-approved: requests for a certificate by these groups are approved by nobody: {shown}; "),
        ),
        (
            vec![allowed(false), before_v1_28],
            "group-without-rights: none of these groups may create certificate signing requests: system:bootstrappers; ".to_owned(),
        ),
    ] {
        let (outcome, _) = look(replies);
        assert!(outcome.stdout.starts_with(&saw), "{outcome:?}");
        assert_eq!((outcome.code, outcome.stdout.lines().count()), (1, 1), "{outcome:?}");
    }
}

/// What other installers put in a group of their own has no configuration of kubeadm's to read.
#[test]
fn what_kubeadm_reads_is_asked_of_its_own_group() {
    let denied = |all: &[&str]| {
        look(vec![
            allowed(true),
            allowed(true),
            allowed(false),
            groups(all),
        ])
        .0
    };
    let default = "system:bootstrappers:kubeadm:default-node-token";
    let outcome = denied(&["system:bootstrappers", default]);
    let says =
        "kubeadm-config-not-readable: none of these groups may read the ConfigMap kubeadm-config";
    assert!(outcome.stdout.starts_with(says), "{outcome:?}");
    assert_eq!(denied(&["system:bootstrappers:k0s"]).code, 0);
}

#[test]
fn where_they_are_not_told_it_is_not_known_whether_a_machine_can_join() {
    let (outcome, _) = look(vec![no()]);
    outcome.is(
        1,
        "unknown: nothing was found, and not all could be looked at\n",
        "warning: not looked at: whether a token's groups may ask for a certificate, and get it: cannot ask what the token may do: the API server answered 403 Forbidden: no\n\
         error: it is not known whether a machine can join\n\
         help: each warning says what was not looked at, and why: mend that, and ask again\n",
    );
}
