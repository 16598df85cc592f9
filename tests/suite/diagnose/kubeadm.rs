//! For the record: what kubeadm says of a broken cluster, beside what our `discover` says.

use std::io::{self, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use bootstrap_token::Token;
use bootstrap_token_discovery::{Certificate, Pin};
use conformance::command::{kubeadm_discover, ours};
use conformance::control_plane::NOBODY;
use conformance::suite::Test;
use conformance::{paths, pki, tests};
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;
use serde_json::json;

use crate::cluster_info::{another_authority, with_authorities, with_kubeconfig, without};
use crate::support::{
    admin, cluster_info, create, create_with, delete, patch_cluster_info, plane, put, signed,
    store, unknown, with_api_server, without_controllers,
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
    says_of_a_secret_that_is_no_token,
    says_of_what_is_no_signature,
    says_of_what_is_no_kubeconfig,
    says_of_another_ca_in_cluster_info,
    says_of_anonymous_requests_that_are_off,
    says_of_a_server_without_tls,
    sees_nothing_of_the_others,
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

const NO_TOKEN: Row = (
    "the Secret's type, name, a key or its expiration is wrong",
    NO_SIGNATURE,
    NOT_SIGNED,
);
const NO_JWS: Row = (
    "what stands in the place of the signature is none",
    BAD_SIGNATURE,
    "the signature in cluster-info does not verify: …",
);
const UNUSABLE: Row = (
    "the kubeconfig in cluster-info has no cluster",
    "malformed kubeconfig in the cluster-info ConfigMap: the current context is invalid: …",
    "the kubeconfig names no cluster",
);
const OTHER_CA: Row = (
    "the CA in cluster-info is another one",
    WRONG_PIN.1,
    WRONG_PIN.2,
);
const ANONYMOUS_OFF: Row = (
    "anonymous requests are switched off",
    "failed to request the cluster-info ConfigMap: Unauthorized",
    "cannot read cluster-info: the API server answered 401 Unauthorized",
);
const NO_TLS: Row = (
    "what listens there speaks no TLS",
    "failed to request the cluster-info ConfigMap: Get \"…\": http: server gave HTTP response to HTTPS client",
    "no TLS connection to the API server",
);

const ROWS: [Row; 18] = [
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
    NO_TOKEN,
    NO_JWS,
    UNUSABLE,
    OTHER_CA,
    ANONYMOUS_OFF,
    NO_TLS,
];

fn line((cause, kubeadm, ours): Row) -> String {
    format!("| {cause} | `{kubeadm}` | `{ours}` |")
}

fn section() -> String {
    let page = std::fs::read_to_string(paths::workspace().join("docs/DIAGNOSE.md")).unwrap();
    let (_, section) = page.split_once("\n## What kubeadm says\n").unwrap();
    section.split("\n## ").next().unwrap().to_owned()
}

/// The rows that stand in the docs.
fn written() -> Vec<String> {
    let section = section();
    let rows = section.lines().filter(|line| line.starts_with('|'));
    rows.skip(2).map(str::to_owned).collect()
}

fn nothing_else_stands_in_the_table() {
    assert_eq!(written(), ROWS.map(line));
}

/// What kubeadm's discovery sees nothing of, where the docs say so: each test that makes one of them asks.
const UNSEEN: [&str; 10] = [
    "token-not-for-authentication",
    "token-authentication-off",
    "token-being-deleted",
    "group-invalid",
    "group-without-rights",
    "requests-not-approved",
    "kubeadm-config-not-readable",
    "cluster-info-further-ca",
    "cluster-info-nearly-full",
    "controller-manager-not-running",
];

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

fn says_of_a_secret_that_is_no_token() {
    let other = good();
    for spoil in [
        |secret: &mut Secret| secret.type_ = Some("Opaque".to_owned()),
        |secret: &mut Secret| secret.metadata.name = Some("bootstrap-token-other0".to_owned()),
        |secret: &mut Secret| drop(secret.data.as_mut().unwrap().remove("token-secret")),
        |secret: &mut Secret| {
            let soon = ByteString(b"soon".to_vec());
            secret
                .data
                .as_mut()
                .unwrap()
                .insert("expiration".to_owned(), soon);
        },
    ] {
        let token = unknown();
        let mut secret = store(&token, &[]);
        spoil(&mut secret);
        put(&secret);
        both_say(NO_TOKEN, &token);
        let name = secret.metadata.name.unwrap();
        // The cleaner may have been first.
        admin(&[
            "-n",
            "kube-system",
            "delete",
            "secret",
            "--ignore-not-found",
            &name,
        ]);
    }
    delete(&other);
}

fn says_of_what_is_no_signature() {
    let token = good();
    without_controllers(|| {
        let key = format!("jws-kubeconfig-{}", token.id());
        patch_cluster_info(&json!({ &key: "zzz" }));
        both_say(NO_JWS, &token);
    });
    delete(&token);
}

/// Signed as any.
#[track_caller]
fn with_signed_kubeconfig(kubeconfig: &str, act: impl FnOnce(&Token)) {
    let token = good();
    let before = signed(&token);
    with_kubeconfig(Some(kubeconfig), || {
        conformance::wait::until_true("it is signed anew", || signed(&token) != before);
        act(&token);
    });
    delete(&token);
}

fn says_of_what_is_no_kubeconfig() {
    with_signed_kubeconfig("apiVersion: v1\nkind: Config\n", |token| {
        both_say(UNUSABLE, token);
    });
}

fn says_of_another_ca_in_cluster_info() {
    with_authorities(&another_authority(), |token| both_say(OTHER_CA, token));
}

fn says_of_anonymous_requests_that_are_off() {
    let token = good();
    with_api_server(&["--anonymous-auth=false"], || {
        both_say(ANONYMOUS_OFF, &token);
    });
    delete(&token);
}

fn says_of_a_server_without_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            let _ = connection.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    both_say_at(NO_TLS, &address, &unknown(), &pin());
}

/// Both trust the cluster, and what is wrong comes out when the machine goes on.
#[track_caller]
pub(crate) fn sees_nothing_of(code: &str, token: &Token) {
    let (address, pin) = (address(), pin());
    let theirs = kubeadm_discover(&address, token, ["--timeout", "5s", "--pin", &pin]);
    theirs.prints_token().run().success();
    let ours = ours(["discover", &address, "--token", "-", "--ca-pin", &pin]);
    let ours = ours.stdin(token.expose().as_bytes()).prints_token().run();
    ours.success();
    assert!(unseen().contains(&code.to_owned()), "{code}");
}

/// The codes that the docs say so of.
fn unseen() -> Vec<String> {
    let section = section();
    let (_, list) = section.split_once("sees nothing of\n").unwrap();
    let list = list.split(": ").next().unwrap();
    let codes = list.split('`').skip(1).step_by(2);
    codes.map(str::to_owned).collect()
}

fn sees_nothing_of_the_others() {
    assert_eq!(unseen(), UNSEEN);
}
