//! `create --print-join-command`: kubeadm's bytes, or nothing at all.

use bootstrap_token_discovery::{Certificate, Pin};

use crate::discover::support::Authority;
use crate::fake_proxy::FakeProxy;
use crate::fake_server::{FakeServer, Reply, base64, secret};
use crate::process::{Home, kubeconfig, run};

pub(crate) const TOKEN: &str = "abcdef.9r2c3d4e5f6g7h8i";
pub(crate) const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF";

/// A server by TLS, its certificate, and another authority's.
pub(crate) struct Cluster {
    pub(crate) server: FakeServer,
    pub(crate) pem: String,
    pub(crate) pin: Pin,
}

pub(crate) fn cluster(replies: Vec<Reply>) -> Cluster {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(["127.0.0.1".to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap();
    Cluster {
        pin: Pin::of(&Certificate::from_der(certificate.der()).unwrap()),
        pem: certificate.pem(),
        server: FakeServer::with_tls(&certificate, &key, replies),
    }
}

/// A kubeconfig for it, this line in its cluster's entry.
pub(crate) fn home(cluster: &Cluster, authority: &str) -> Home {
    let home = Home::empty();
    let text = kubeconfig(&cluster.server.url(), "token: kubeconfig-bearer-token-1");
    let server = "    server: ";
    home.write(
        "config",
        &text.replace(server, &format!("    {authority}\n{server}")),
    );
    home
}

/// What is told behind a command that names the machine itself.
pub(crate) fn regret(host: &str) -> String {
    format!(
        "warning: the join command names {host}: there each machine looks for the API server on itself\n\
         help: write an address there that other machines reach; `kubectl -n kube-public get configmap cluster-info -o yaml` \
         shows the one that the cluster publishes\n"
    )
}

fn created() -> Vec<Reply> {
    vec![Reply::Whole(201, "", secret("abcdef", &[]))]
}

#[test]
fn a_worker_s_and_a_control_plane_s_with_one_pin_and_with_two() {
    let one = cluster(created());
    let host = one.server.url().replace("https://", "");
    let pin = one.pin;
    let data = format!("certificate-authority-data: {}", base64(one.pem.as_bytes()));
    home(&one, &data)
        .watched(&["create", TOKEN, "--print-join-command"])
        .is(
            0,
            &format!("kubeadm join {host} --token {TOKEN} --discovery-token-ca-cert-hash {pin} \n"),
            &regret(&host),
        );
    assert_eq!(one.server.asked().len(), 1);

    let two = cluster(created());
    let host = two.server.url().replace("https://", "");
    let (first, second) = (cluster(vec![]).pem, two.pin);
    let first_pin = Pin::of(&Certificate::bundle_from_pem(first.as_bytes()).unwrap()[0]);
    let home = home(&two, "certificate-authority: ca.pem");
    home.write("ca.pem", &format!("{first}{}", two.pem));
    home.watched(&["create", TOKEN, "--print-join-command", "--certificate-key", KEY])
        .is(
            0,
            &format!(
                "kubeadm join {host} --token {TOKEN} --discovery-token-ca-cert-hash {first_pin} --discovery-token-ca-cert-hash {second} --control-plane --certificate-key {KEY}\n"
            ),
            &regret(&host),
        );
    assert_eq!(two.server.asked().len(), 1);
}

/// As Windows writes a file: the mark hides no certificate.
#[test]
fn a_bundle_behind_a_byte_order_mark() {
    let there = cluster(created());
    let host = there.server.url().replace("https://", "");
    let first = cluster(vec![]);
    let home = home(&there, "certificate-authority: ca.pem");
    home.write("ca.pem", &format!("\u{feff}{}{}", first.pem, there.pem));
    home.watched(&["create", TOKEN, "--print-join-command"]).is(
        0,
        &format!(
            "kubeadm join {host} --token {TOKEN} --discovery-token-ca-cert-hash {} --discovery-token-ca-cert-hash {} \n",
            first.pin, there.pin
        ),
        &regret(&host),
    );
}

#[test]
fn a_generated_token_and_a_dry_run() {
    let there = cluster(vec![Reply::refusal(404, "NotFound", "none")]);
    let data = format!(
        "certificate-authority-data: {}",
        base64(there.pem.as_bytes())
    );
    let outcome = home(&there, &data).watched(&["create", "--print-join-command", "--dry-run"]);
    let host = there.server.url().replace("https://", "");
    assert_eq!((outcome.code, outcome.stderr), (0, regret(&host)));
    let last = outcome.stdout.lines().last().unwrap();
    let end = format!(" --discovery-token-ca-cert-hash {} ", there.pin);
    assert!(
        last.starts_with("kubeadm join 127.0.0.1:") && last.ends_with(&end),
        "{last}"
    );
    let lines = there.server.lines();
    assert!(
        lines[0].starts_with("GET ") && lines.len() == 1,
        "{lines:?}"
    );
}

#[test]
fn without_an_authority_nothing_is_written() {
    let server = FakeServer::new([]);
    Home::new(&server)
        .run(&["create", "--print-join-command"])
        .fails_with(
            "error: failed to get join command: no CA certificates found in kubeconfig\n\
             help: add certificate-authority-data to the cluster's entry, or use another kubeconfig with --kubeconfig\n",
        );
    assert!(!server.was_asked());
    for (authority, says) in [
        (
            "certificate-authority: none.pem",
            "its certificate-authority: open DIR/none.pem: no such file or directory",
        ),
        (
            "certificate-authority-data: '%'",
            "its certificate-authority-data is not base64",
        ),
        (
            // PEM without a certificate
            "certificate-authority-data: bm8K",
            "its certificate authority holds no certificate",
        ),
    ] {
        let there = cluster(vec![]);
        let outcome = home(&there, authority).run(&["create", "--print-join-command"]);
        assert!(outcome.stderr.contains(says), "{}", outcome.stderr);
        assert!(!there.server.was_asked());
    }
}

#[test]
fn a_key_is_checked_before_anything_is_written() {
    run(&["create", "--certificate-key", KEY]).fails_with(
        "error: cannot use --certificate-key without --print-join-command\n\
         help: add --print-join-command, or leave out --certificate-key\n",
    );
    for (key, says) in [
        (
            "9r2c3d4e5f6g7h8i",
            "certificate key decoding error: it is not hexadecimal",
        ),
        (
            "abc",
            "certificate key decoding error: it is not hexadecimal",
        ),
        (
            "abcdef0123",
            "invalid certificate key size 5, the key must be an AES key of size 32",
        ),
        (
            &format!("{KEY}00"),
            "invalid certificate key size 33, the key must be an AES key of size 32",
        ),
    ] {
        for more in [&[][..], &["--print-join-command"]] {
            run(&[&["create", "--certificate-key", key], more].concat()).fails_with(&format!(
                "error: --certificate-key: {says}\n\
                 help: `kubeadm init phase upload-certs --upload-certs` makes a new one and prints it\n"
            ));
        }
    }
    // An empty one is none.
    let there = cluster(created());
    let data = format!(
        "certificate-authority-data: {}",
        base64(there.pem.as_bytes())
    );
    let outcome = home(&there, &data).run(&[
        "create",
        TOKEN,
        "--print-join-command",
        "--certificate-key=",
    ]);
    assert!(outcome.stdout.ends_with(" \n"));
    assert!(!outcome.stdout.contains("--control-plane"));
}

/// By a proxy, since none of them is an address of this test's.
#[test]
fn a_command_that_other_machines_can_run_is_not_warned_of() {
    for (address, is_regretted) in [
        ("cp.example:6443", false),
        ("[fd00::1]:6443", false),
        ("10.0.0.1:6443", false),
        ("localhost:6443", true),
        ("[::1]:6443", true),
        ("0.0.0.0:6443", true),
        ("[::]:6443", true),
    ] {
        let ca = Authority::new("kubernetes");
        let names = [
            "cp.example",
            "fd00::1",
            "10.0.0.1",
            "localhost",
            "::1",
            "0.0.0.0",
            "::",
        ];
        let server = ca.server_of(&names, created());
        let (certificate, key) = ca.certify(&["127.0.0.1"]);
        let behind = server.url().replace("https://", "").parse().unwrap();
        let proxy = FakeProxy::new(&certificate, &key, behind);
        let home = Home::empty();
        let text = format!(
            "https://{address}\n    proxy-url: http://{}\n    certificate-authority-data: {}",
            proxy.address(),
            base64(ca.pem.as_bytes())
        );
        home.write("config", &kubeconfig(&text, "token: x"));
        for output in [&["--print-join-command"][..], &["-o", "json"]] {
            server.then(created());
            let outcome = home.watched(&[&["create", TOKEN], output].concat());
            let expected = if is_regretted {
                regret(address)
            } else {
                String::new()
            };
            assert_eq!((outcome.code, outcome.stderr), (0, expected), "{address}");
        }
        let token = home.run(&["create", TOKEN]);
        token.is(0, &format!("{TOKEN}\n"), "");
    }
}
