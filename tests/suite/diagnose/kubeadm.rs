//! For the record: what kubeadm says of a broken cluster, beside what our `discover` says.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Certificate, Pin};
use conformance::command::{kubeadm_discover, ours};
use conformance::control_plane::NOBODY;
use conformance::suite::Test;
use conformance::{paths, pki, tests};
use serde_json::json;

use crate::cluster_info::{with_kubeconfig, without};
use crate::support::{
    cluster_info, create, create_with, delete, patch_cluster_info, plane, put, signed, store,
    unknown, without_controllers,
};

pub(crate) const TESTS: &[Test] = tests!["kubeadm":
    says_of_a_token_that_was_deleted,
    says_of_a_token_that_has_expired,
    says_of_another_secret,
    says_of_a_token_that_is_not_for_signing,
    says_of_a_signer_that_is_stopped,
    says_of_a_stale_signature,
    says_of_a_cluster_info_that_is_missing,
    says_of_a_cluster_info_that_is_not_public,
    says_of_no_kubeconfig_in_it,
    says_of_another_pin,
    says_of_a_name_that_is_not_in_the_certificate,
    says_of_a_server_that_is_unreachable,
    nothing_else_stands_in_the_table,
];

/// A row of the table in the docs: the cause, what kubeadm says and what ours does. `…` is any text.
type Row = (&'static str, &'static str, &'static str);

const NO_SIGNATURE: &str =
    "could not find a JWS signature in the cluster-info ConfigMap for token ID \"…\"";
const BAD_SIGNATURE: &str =
    "failed to verify JWS signature of received cluster info object, can't trust this API Server";
const NOT_SIGNED: &str = "cluster-info is not signed by this token, but by …";
const NOT_VERIFIED: &str = "the signature in cluster-info does not verify: another content or another token secret was signed";

const DELETED: Row = ("the token was deleted", NO_SIGNATURE, NOT_SIGNED);
const EXPIRED: Row = ("the token has expired", NO_SIGNATURE, NOT_SIGNED);
const WRONG_SECRET: Row = (
    "the secret of the token is another one",
    BAD_SIGNATURE,
    NOT_VERIFIED,
);
const NOT_FOR_SIGNING: Row = ("the token is not for signing", NO_SIGNATURE, NOT_SIGNED);
const NO_SIGNER: Row = (
    "the controller manager, which signs, is stopped",
    NO_SIGNATURE,
    NOT_SIGNED,
);
const STALE: Row = (
    "the kubeconfig was changed and not signed anew",
    BAD_SIGNATURE,
    NOT_VERIFIED,
);
const MISSING: Row = (
    "cluster-info is missing",
    "failed to request the cluster-info ConfigMap: configmaps \"cluster-info\" not found",
    "cannot read cluster-info: the API server answered 404 Not Found",
);
const NOT_PUBLIC: Row = (
    "cluster-info is not public",
    "failed to request the cluster-info ConfigMap: configmaps \"cluster-info\" is forbidden: User \"system:anonymous\" cannot get resource \"configmaps\"",
    "cannot read cluster-info: the API server answered 403 Forbidden",
);
const NO_KUBECONFIG: Row = (
    "there is no kubeconfig in cluster-info",
    "there is no kubeconfig key in the cluster-info ConfigMap. This API Server isn't set up for token bootstrapping, can't connect",
    "there is no kubeconfig in cluster-info",
);
const WRONG_PIN: Row = (
    "the pin is of another CA",
    "cluster CA found in cluster-info ConfigMap is invalid: none of the public keys \"…\" are pinned",
    "the cluster's CA is not pinned; its pin is …",
);
const WRONG_NAME: Row = (
    "the address is not in the server's certificate",
    "failed to request the cluster-info ConfigMap: Get \"…\": tls: failed to verify certificate: x509: certificate is valid for …, not …",
    "cannot read cluster-info over verified TLS: the API server's certificate is for another name",
);
const UNREACHABLE: Row = (
    "nobody listens at the address",
    "failed to request the cluster-info ConfigMap: Get \"…\": dial tcp …: connect: connection refused",
    "no connection to the API server",
);

const ROWS: [Row; 12] = [
    DELETED,
    EXPIRED,
    WRONG_SECRET,
    NOT_FOR_SIGNING,
    NO_SIGNER,
    STALE,
    MISSING,
    NOT_PUBLIC,
    NO_KUBECONFIG,
    WRONG_PIN,
    WRONG_NAME,
    UNREACHABLE,
];

fn line((cause, kubeadm, ours): Row) -> String {
    format!("| {cause} | `{kubeadm}` | `{ours}` |")
}

/// The rows that stand in the docs.
fn written() -> Vec<String> {
    let page = std::fs::read_to_string(paths::workspace().join("docs/DIAGNOSE.md")).unwrap();
    let (_, section) = page.split_once("\n## What kubeadm says\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().filter(|line| line.starts_with('|'));
    rows.skip(2).map(str::to_owned).collect()
}

fn nothing_else_stands_in_the_table() {
    assert_eq!(written(), ROWS.map(line));
}

/// Runs both by the token, and looks for what the row says in what each complains of.
#[track_caller]
fn both_say(row: Row, token: &Token) {
    both_say_at(row, &address(), token, &pin());
}

#[track_caller]
fn both_say_at(row: Row, address: &str, token: &Token, pin: &str) {
    let theirs = kubeadm_discover(address, token, ["--timeout", "1s", "--pin", pin]).run();
    // It asks every five seconds, so this is one question, with time for the answer on a busy machine.
    let ours = ours(["discover", address, "--token", "-", "--ca-pin", pin])
        .args(["--timeout", "5s"])
        .stdin(token.expose().as_bytes())
        .run();
    says(theirs.failure(), row.1);
    says(ours.failure(), row.2);
    // What is to be done about it is for ours to say.
    assert!(ours.stderr.contains("\nhelp: "), "{ours:?}");
    assert!(
        written().contains(&line(row)),
        "in the table: {}",
        line(row)
    );
}

/// Whether the pieces between the `…` stand there, in this order.
#[track_caller]
fn says(text: &str, phrase: &str) {
    let mut rest = text;
    for piece in phrase.split('…') {
        let Some((_, behind)) = rest.split_once(piece) else {
            panic!("want {piece:?} of {phrase:?} in {text}");
        };
        rest = behind;
    }
}

fn address() -> String {
    plane().server().replace("https://", "")
}

fn pin() -> String {
    pin_of(plane().ca_file())
}

fn pin_of(file: &std::path::Path) -> String {
    let pem = std::fs::read(file).unwrap();
    Pin::of(&Certificate::bundle_from_pem(&pem).unwrap()[0]).to_string()
}

/// A token that is signed for, and nothing is wrong with.
fn good() -> Token {
    let token = create();
    signed(&token);
    token
}

fn says_of_a_token_that_was_deleted() {
    let (token, other) = (good(), good());
    delete(&token);
    is_not_signed(&token);
    both_say(DELETED, &token);
    delete(&other);
}

fn is_not_signed(token: &Token) {
    let key = format!("jws-kubeconfig-{}", token.id());
    conformance::wait::until_true("its signature is taken away", || {
        !cluster_info().contains_key(&key)
    });
}

/// The signer does not sign for it, and the cleaner deletes it: it makes no difference which was first.
fn says_of_a_token_that_has_expired() {
    let (token, other) = (unknown(), good());
    put(&store(&token, &[("expiration", "2026-01-01T00:00:00Z")]));
    both_say(EXPIRED, &token);
    delete(&other);
}

fn says_of_another_secret() {
    let token = good();
    let other = Token::new(token.id(), unknown().secret().clone());
    both_say(WRONG_SECRET, &other);
    delete(&token);
}

fn says_of_a_token_that_is_not_for_signing() {
    let token = create_with(&["--usages", "authentication"]);
    let other = good();
    both_say(NOT_FOR_SIGNING, &token);
    delete(&token);
    delete(&other);
}

fn says_of_a_signer_that_is_stopped() {
    let other = good();
    without_controllers(|| {
        let token = create();
        both_say(NO_SIGNER, &token);
        delete(&token);
    });
    delete(&other);
}

fn says_of_a_stale_signature() {
    let token = good();
    without_controllers(|| {
        let kubeconfig = cluster_info().remove("kubeconfig").unwrap();
        patch_cluster_info(&json!({"kubeconfig": format!("{kubeconfig}\n# changed\n")}));
        both_say(STALE, &token);
        patch_cluster_info(&json!({"kubeconfig": kubeconfig}));
    });
    delete(&token);
}

fn says_of_a_cluster_info_that_is_missing() {
    let token = good();
    without(&["configmap", "cluster-info"], || {
        both_say(MISSING, &token);
    });
    delete(&token);
}

fn says_of_a_cluster_info_that_is_not_public() {
    let token = good();
    let binding = ["rolebinding", "kubeadm:bootstrap-signer-clusterinfo"];
    without(&binding, || both_say(NOT_PUBLIC, &token));
    delete(&token);
}

fn says_of_no_kubeconfig_in_it() {
    let token = good();
    with_kubeconfig(None, || both_say(NO_KUBECONFIG, &token));
    delete(&token);
}

fn says_of_another_pin() {
    let token = good();
    let other = pki::another_authority(&plane());
    let pin = pin_of(&other.path().join("ca.crt"));
    both_say_at(WRONG_PIN, &address(), &token, &pin);
    delete(&token);
}

/// A load balancer at an address for which the certificate was not made.
fn says_of_a_name_that_is_not_in_the_certificate() {
    let token = good();
    let listener = TcpListener::bind("127.0.0.2:0").unwrap();
    let balancer = listener.local_addr().unwrap().to_string();
    let behind = address();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let Ok(server) = TcpStream::connect(&behind) else {
                return; // the tests are over
            };
            let ends = [&client, &server].map(|end| end.try_clone().unwrap());
            let [client_too, server_too] = ends;
            thread::spawn(move || hand_on(client, server));
            thread::spawn(move || hand_on(server_too, client_too));
        }
    });
    both_say_at(WRONG_NAME, &balancer, &token, &pin());
    delete(&token);
}

/// Until one end closes, which ends the other.
pub(crate) fn hand_on(mut from: TcpStream, mut to: TcpStream) {
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}

fn says_of_a_server_that_is_unreachable() {
    let token = unknown();
    both_say_at(UNREACHABLE, NOBODY, &token, &pin());
}
