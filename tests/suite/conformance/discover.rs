//! The joiner's side: a cluster is verified, and the kubeconfig that comes of it is one to bootstrap with.

use std::fs;

use bootstrap_token::Token;
use conformance::command::kubectl;
use conformance::control_plane::NOBODY;
use conformance::oracle::Oracle;
use conformance::suite::Test;
use conformance::{pki, secrets, tests, wait};
use serde_json::{Value, json};

use crate::support::{cluster_of, create, discover, ours_admin, pin, pin_of, plane};

pub(crate) const TESTS: &[Test] = tests!["discover":
    what_the_controller_signed_is_trusted,
    the_kubeconfig_is_one_to_bootstrap_with,
    a_dead_server_before_the_right_one,
    a_signature_that_comes_later_is_waited_for,
    an_unknown_token_a_wrong_secret_and_a_wrong_pin,
    a_discovery_file_in_the_place_of_a_pin,
    a_discovery_file_that_says_by_which_name_or_proxy,
];

fn what_the_controller_signed_is_trusted() {
    let token = create(&[]);
    let plane = plane();
    let ca_file = plane.ca_file().display().to_string();
    let pin = pin();
    let address = plane.server().replace("https://", "");
    for by in [["--ca-pin", &pin], ["--ca-file", &ca_file]] {
        let verdict = discover(&token, &[&address, "-o", "json"]).args(by).run();
        let verdict: Value = serde_json::from_str(verdict.success()).unwrap();
        assert_eq!(verdict["apiServerEndpoint"], json!(address));
        assert_eq!(verdict["publicKeyPins"], json!([pin]));
        let signed_by = verdict["signedBy"].as_array().unwrap();
        assert!(signed_by.contains(&json!(token.id().as_str())));
    }
}

fn the_kubeconfig_is_one_to_bootstrap_with() {
    let token = create(&[]);
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bootstrap-kubelet.conf");
    discover(
        &token,
        &[plane().server(), "--ca-pin", &pin(), "--out-file"],
    )
    .args([&file])
    .run()
    .success();
    let who = kubectl(["auth", "whoami", "--output", "json"])
        .kubeconfig(&file)
        .run();
    let who: Value = serde_json::from_str(who.success()).unwrap();
    let user = format!("system:bootstrap:{}", token.id());
    assert_eq!(who["status"]["userInfo"]["username"], json!(user));
    // What kubelet does with it.
    kubectl([
        "auth",
        "can-i",
        "create",
        "certificatesigningrequests.certificates.k8s.io",
    ])
    .kubeconfig(&file)
    .run()
    .success();

    let printed = discover(&token, &[plane().server(), "--ca-pin", &pin()])
        .prints_token()
        .run();
    assert_eq!(printed.success(), fs::read_to_string(&file).unwrap());
}

fn a_dead_server_before_the_right_one() {
    let token = create(&[]);
    let found = discover(
        &token,
        &[NOBODY, plane().server(), "--ca-pin", &pin(), "-o=json"],
    )
    .run();
    found.success();
}

fn a_signature_that_comes_later_is_waited_for() {
    let token = secrets::token();
    let running = discover(
        &token,
        &[
            plane().server(),
            "--ca-pin",
            &pin(),
            "-o",
            "json",
            "--timeout",
            "100s",
        ],
    )
    .start();
    std::thread::sleep(std::time::Duration::from_secs(1));
    ours_admin(&["create", "-"])
        .stdin(token.expose().as_bytes())
        .prints_token()
        .run()
        .success();
    let output = running.wait();
    output.success();
    // Only a terminal is told that it waits.
    assert_eq!(output.stderr, "");
}

fn an_unknown_token_a_wrong_secret_and_a_wrong_pin() {
    let token = create(&[]);
    wait::until_true("the signature appears", || {
        let key = format!("jws-kubeconfig-{}", token.id());
        plane().admin().cluster_info().contains_key(&key)
    });
    let plane = plane();
    let server = plane.server();
    let other_secret: Token = format!("{}.{}", token.id(), secrets::token().secret().expose())
        .parse()
        .unwrap();
    let other_pin = {
        let dir = pki::another_authority(&plane);
        pin_of(&dir.path().join("ca.crt"))
    };
    let pin = pin();
    for (token, ca_pin, error, help) in [
        (
            &secrets::token(),
            &pin,
            "cluster-info is not signed by this token, but by ".to_owned(),
            "\nhelp: is the token of that cluster, not expired or deleted, and for signing, and does the controller manager sign? ",
        ),
        (
            &other_secret,
            &pin,
            "the signature in cluster-info does not verify: another content or another token secret was signed\n".to_owned(),
            "\nhelp: the token's secret is another one, or cluster-info has been changed since it was signed: ",
        ),
        (
            &token,
            &other_pin,
            "the cluster's CA is not pinned\n".to_owned(),
            "\nhelp: is the pin of that cluster, and of its CA of today? ",
        ),
    ] {
        let output = discover(token, &[server, "--ca-pin", ca_pin, "--timeout", "2s"]).run();
        let said = output.failure();
        let expected = format!("error: cannot discover the cluster: {server}: {error}");
        assert!(said.starts_with(&expected), "{said}");
        assert!(said.contains(help), "{said}");
        assert_eq!(said.lines().count(), 2, "{said}");
    }
}

fn a_discovery_file_in_the_place_of_a_pin() {
    let token = create(&["--usages", "authentication"]);
    let file = tempfile::NamedTempFile::new().unwrap();
    // As the help tells to make one: it is carried to every machine, and holds no credential.
    let made = kubectl(["-n", "kube-public", "get", "configmap", "cluster-info"])
        .args(["-o", "jsonpath={.data.kubeconfig}"])
        .kubeconfig(plane().kubeconfig())
        .run();
    assert!(made.success().contains("\nusers: null\n"), "{made:?}");
    fs::write(file.path(), &made.stdout).unwrap();
    let by_file = |token: &Token, timeout: &str| {
        discover(
            token,
            &["-o", "json", "--timeout", timeout, "--discovery-file"],
        )
        .args([file.path()])
        .run()
    };
    let verdict = by_file(&token, "60s");
    let verdict: Value = serde_json::from_str(verdict.success()).unwrap();
    assert_eq!(verdict["publicKeyPins"], json!([pin()]));

    let unknown = by_file(&secrets::token(), "1s");
    let said = unknown.failure();
    let error = format!(
        "error: cannot discover the cluster: {}: cannot read cluster-info over verified TLS: the API server answered 401 Unauthorized (given up at the timeout of 1s)\n",
        plane().server()
    );
    assert!(said.starts_with(&error), "{said}");
}

/// As kubeadm's own discovery takes it.
fn a_discovery_file_that_says_by_which_name_or_proxy() {
    let token = create(&[]);
    let plane = plane();
    let kubeconfig = plane.admin().cluster_info().remove("kubeconfig").unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut kubeadm = Oracle::start();
    for (field, is_trusted) in [
        ("tls-server-name: kubernetes", true),
        ("tls-server-name: elsewhere.example.com", false),
        ("tls-server-name: ''", true),
        ("proxy-url: http://127.0.0.1:1", false),
        ("proxy-url: ''", true),
    ] {
        let text = kubeconfig.replace("server:", &format!("{field}\n    server:"));
        fs::write(file.path(), text).unwrap();
        let request =
            json!({"op": "discover_file", "file": file.path(), "timeout_ns": 1_000_000_000});
        let theirs = kubeadm.ask(&request);
        assert_eq!(theirs.accepted(), is_trusted, "{field}: {theirs:?}");
        let ours = discover(&token, &["--timeout", "1s", "--discovery-file"])
            .args([file.path()])
            .prints_token()
            .run();
        assert_eq!(ours.code == Some(0), is_trusted, "{field}: {ours:?}");
        if let Some(theirs) = theirs.ok() {
            let name = |kubeconfig: &str| cluster_of(kubeconfig).tls_server_name;
            assert_eq!(
                name(ours.success()).unwrap_or_default(),
                name(theirs.as_str().unwrap()).unwrap_or_default()
            );
        }
    }
}
