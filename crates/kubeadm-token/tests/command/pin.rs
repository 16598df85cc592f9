//! `pin`: from files, a kubeconfig and the cluster; what is no certificate is named and never shown.

use bootstrap_token_discovery::{Certificate, Pin};
use serde_json::{Value, json};

use crate::fake_server::{FakeServer, Reply, base64};
use crate::process::{Home, kubeconfig, run};

pub(crate) struct Authority {
    pem: String,
    der: Vec<u8>,
    key: String,
    pub(crate) pin: String,
}

impl Authority {
    /// A kubeconfig with it, as cluster-info has one.
    pub(crate) fn cluster(&self) -> String {
        format!(
            "apiVersion: v1\nkind: Config\nclusters:\n- name: \"\"\n  cluster:\n    server: https://10.0.0.1:6443\n    certificate-authority-data: {}\n",
            base64(self.pem.as_bytes())
        )
    }
}

pub(crate) fn authority() -> Authority {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut parameters = rcgen::CertificateParams::new(Vec::new()).unwrap();
    parameters.not_before = rcgen::date_time_ymd(2020, 1, 2);
    parameters.not_after = rcgen::date_time_ymd(2120, 1, 2);
    let certificate = parameters.self_signed(&key).unwrap();
    let der = certificate.der().to_vec();
    Authority {
        pem: certificate.pem(),
        key: key.serialize_pem(),
        pin: Pin::of(&Certificate::from_der(&der).unwrap()).to_string(),
        der,
    }
}

#[test]
fn of_files_in_pem_and_der_and_of_standard_input() {
    let [one, two, three] = [authority(), authority(), authority()];
    let home = Home::empty();
    home.write("bundle.pem", &format!("{}{}{}", one.pem, one.key, two.pem));
    std::fs::write(home.path("ca.der"), &three.der).unwrap();
    let all = format!("{}\n{}\n{}\n", one.pin, two.pin, three.pin);
    home.run(&["pin", "bundle.pem", "ca.der"]).is(0, &all, "");
    // Asking for nothing to be done, a dry run changes nothing.
    home.run(&["pin", "--dry-run", "ca.der"])
        .is(0, &format!("{}\n", three.pin), "");
    for bytes in [one.pem.as_bytes(), &one.der] {
        home.run_with(&["pin", "-"], bytes)
            .is(0, &format!("{}\n", one.pin), "");
    }

    home.run(&["pin", "ca.der", "-o", "wide"]).is(
        0,
        &format!(
            "{:<71}   NOT BEFORE             NOT AFTER              SOURCE\n\
             {}   2020-01-02T00:00:00Z   2120-01-02T00:00:00Z   ca.der\n",
            "PIN", three.pin
        ),
        "",
    );
    let outcome = home.run(&["pin", "ca.der", "-o", "json"]);
    let object: Value = serde_json::from_str(&outcome.stdout).unwrap();
    let expected = json!({"apiVersion": "kubeadm-token/v1", "kind": "PublicKeyPins", "certificates": [{
        "pin": three.pin,
        "notBefore": "2020-01-02T00:00:00Z",
        "notAfter": "2120-01-02T00:00:00Z",
        "source": "ca.der",
    }]});
    assert_eq!(object, expected);
    let outcome = home.run(&["pin", "ca.der", "-o", "yaml"]);
    let object: Value = serde_saphyr::from_str(&outcome.stdout).unwrap();
    assert_eq!(object, expected);
}

#[test]
fn of_a_kubeconfig_without_asking_anybody() {
    let [one, two] = [authority(), authority()];
    let server = FakeServer::new([]);
    let bundle = format!("{}{}", one.pem, two.pem);
    let home = Home::empty();
    // Credentials do not matter.
    let text = kubeconfig(&server.url(), "client-certificate: none.pem");
    let with = |line: &str| text.replace("    server: ", &format!("    {line}\n    server: "));
    home.write("ca.pem", &bundle);
    home.write("config", &with("certificate-authority: ca.pem"));
    let data = format!("certificate-authority-data: {}", base64(one.pem.as_bytes()));
    home.write("other", &with(&data));
    home.run(&["pin"])
        .is(0, &format!("{}\n{}\n", one.pin, two.pin), "");
    home.run(&["pin", "--kubeconfig", "other"])
        .is(0, &format!("{}\n", one.pin), "");
    assert!(!server.was_asked());

    for (line, says) in [
        (
            "certificate-authority: none.pem",
            "its certificate-authority: open DIR/none.pem: no such file or directory",
        ),
        (
            "certificate-authority-data: '%'",
            "its certificate-authority-data is not base64",
        ),
        (
            "certificate-authority-data: bm8K",
            "its certificate authority: there is no PEM section CERTIFICATE",
        ),
        (
            "tls-server-name: x",
            "error: no CA certificates found in kubeconfig",
        ),
    ] {
        home.write("config", &with(line));
        let outcome = home.run(&["pin"]);
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{line}");
        assert!(outcome.stderr.contains(says), "{}", outcome.stderr);
        assert_eq!(outcome.stderr.lines().count(), 2, "{}", outcome.stderr);
    }
}

/// What people have in the place of certificates is named, with what makes certificates of it.
#[test]
fn files_of_other_forms() {
    let one = authority();
    let home = Home::empty();
    home.write("bom.pem", &format!("\u{feff}{}", one.pem));
    let utf16: Vec<u8> = one.pem.encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(home.path("utf16.pem"), utf16).unwrap();
    let indented = format!("    {}", one.pem.replace('\n', "\n    "));
    home.write("indented.pem", &indented);
    home.write(
        "trusted.pem",
        &one.pem.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
    );
    home.write("pkcs7.pem", &one.pem.replace("CERTIFICATE", "PKCS7"));
    home.write("base64", &base64(one.pem.as_bytes()));
    // Nothing is dropped silently.
    home.run(&["pin", "bom.pem"])
        .is(0, &format!("{}\n", one.pin), "");
    for (file, why, help) in [
        (
            "utf16.pem",
            "it is UTF-16, want PEM in ASCII or UTF-8",
            "save it as ASCII or UTF-8: in PowerShell, `Set-Content -Encoding ascii`, not `>`",
        ),
        (
            "indented.pem",
            "the lines of its PEM sections are indented",
            "take the white space before its lines away: `sed 's/^[[:space:]]*//'`",
        ),
        (
            "trusted.pem",
            "it has a section TRUSTED CERTIFICATE, which is OpenSSL's own, want CERTIFICATE",
            "`openssl x509 -in FILE` writes it as PEM",
        ),
        (
            "pkcs7.pem",
            "it is PKCS#7, want PEM sections CERTIFICATE",
            "`openssl pkcs7 -print_certs -in FILE` writes it as PEM; with `-inform der` if the file is DER",
        ),
        (
            "base64",
            "it is base64 of PEM, as in a kubeconfig",
            "decode it first: `base64 -d`",
        ),
    ] {
        home.run(&["pin", file]).fails_with(&format!(
            "error: cannot read a certificate from {file}: {why}\nhelp: {help}\n"
        ));
    }
}

fn cluster_info(kubeconfig: &str) -> Reply {
    let map = json!({"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"resourceVersion": "1"}, "data": {"kubeconfig": kubeconfig}});
    Reply::ok(map.to_string())
}

#[test]
fn of_the_cluster() {
    let one = authority();
    let (there, home) = verified(vec![cluster_info(&one.cluster())]);
    home.run(&["pin", "--cluster"])
        .is(0, &format!("{}\n", one.pin), "");
    assert_eq!(
        there.server.lines(),
        ["GET /api/v1/namespaces/kube-public/configmaps/cluster-info"]
    );

    let mend = "help: mend the ConfigMap cluster-info in the namespace kube-public, which `kubeadm init phase bootstrap-token` makes\n";
    for (reply, says) in [
        (
            cluster_info(""),
            format!("error: failed to read the cluster's pins: there is no kubeconfig in cluster-info\n{mend}"),
        ),
        (
            cluster_info("clusters: []"),
            format!("error: failed to read the cluster's pins: the kubeconfig names no cluster\n{mend}"),
        ),
        (
            Reply::refusal(403, "Forbidden", "no"),
            "error: failed to read the cluster's pins: cannot read the ConfigMap kube-public/cluster-info: the API server answered 403 Forbidden: no\n\
             help: user \"tester\" of DIR/config needs rights on the ConfigMap cluster-info in the namespace kube-public: use an administrator's kubeconfig\n".to_owned(),
        ),
        (
            Reply::refusal(404, "NotFound", "no"),
            "error: failed to read the cluster's pins: cannot read the ConfigMap kube-public/cluster-info: the API server answered 404 Not Found: no\n\
             help: this cluster is not set up for joining by token: `kubeadm init phase bootstrap-token` makes what is missing\n".to_owned(),
        ),
    ] {
        let (_there, home) = verified(vec![reply]);
        home.run(&["pin", "--cluster"]).fails_with(&says);
    }
}

/// A server by TLS, and a kubeconfig that knows it.
fn verified(replies: Vec<Reply>) -> (crate::join_command::Cluster, Home) {
    let there = crate::join_command::cluster(replies);
    let data = base64(there.pem.as_bytes());
    let home = crate::join_command::home(&there, &format!("certificate-authority-data: {data}"));
    (there, home)
}

#[test]
fn of_a_cluster_in_whose_place_anybody_may_answer_there_are_none() {
    let says = |why: &str| {
        format!(
            "error: the cluster's pins cannot be told from those of whoever answers in its place: {why}\n\
             help: give the cluster's entry an https: server and certificate-authority-data and take insecure-skip-tls-verify away, or ask no cluster: `kubeadm-token pin /etc/kubernetes/pki/ca.crt` on a control-plane node\n"
        )
    };
    let plain = FakeServer::new([]);
    let why = format!("DIR/config leads to {} without TLS", plain.url());
    Home::new(&plain)
        .run(&["pin", "--cluster"])
        .fails_with(&says(&why));
    assert!(!plain.was_asked());

    let there = crate::join_command::cluster(vec![]);
    let warning = "warning: DIR/config has insecure-skip-tls-verify for cluster \"fake\": whoever sits between can read the token\n";
    crate::join_command::home(&there, "insecure-skip-tls-verify: true")
        .watched(&["pin", "--cluster"])
        .fails_with(&format!(
            "{warning}{}",
            says("DIR/config has insecure-skip-tls-verify")
        ));
    assert!(!there.server.was_asked());
}

#[test]
fn what_is_no_certificate_is_named_and_nothing_is_printed() {
    let one = authority();
    let home = Home::empty();
    home.write("ca.pem", &one.pem);
    home.write("key.pem", &one.key);
    home.write("cut.pem", &one.pem[..200]);
    home.write(
        "bad.pem",
        "-----BEGIN CERTIFICATE-----\nc2VjcmV0\n-----END CERTIFICATE-----\n",
    );
    home.write("empty", "");
    std::fs::write(home.path("cut.der"), &one.der[..100]).unwrap();
    std::fs::write(home.path("binary"), [0xff, 0, 7]).unwrap();
    let huge = std::fs::File::create(home.path("huge")).unwrap();
    huge.set_len((16 << 20) + 1).unwrap();
    for (file, why) in [
        ("key.pem", "it holds a private key and no certificate"),
        ("cut.pem", "PEM section 1 is cut off or no base64"),
        ("bad.pem", "certificate 1 is no X.509 certificate"),
        ("empty", "there is no PEM section CERTIFICATE"),
        ("cut.der", "certificate 1 is no X.509 certificate"),
        ("binary", "there is no PEM section CERTIFICATE"),
        ("huge", "it is longer than 16777216 bytes"),
        ("none", "no such file or directory"),
        (".", "is a directory"),
    ] {
        let outcome = home.run(&["pin", "ca.pem", file]);
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{file}");
        let says = format!("error: cannot read a certificate from {file}: {why}\nhelp: ");
        assert!(outcome.stderr.starts_with(&says), "{}", outcome.stderr);
        assert_eq!(outcome.stderr.lines().count(), 2, "{}", outcome.stderr);
    }
    // A token that was given for a file.
    let outcome = run(&["pin", "abcdef.9r2c3d4e5f6g7h8i"]);
    assert!(!outcome.stderr.contains("9r2c"), "{}", outcome.stderr);
    for (args, says) in [
        (
            &["pin", "ca.pem", "--cluster"][..],
            "error: files are given, and --cluster as well\nhelp: leave one of them out\n",
        ),
        (
            &["pin", "ca.pem", "--kubeconfig", "x"],
            "error: files are given, and --kubeconfig as well\nhelp: leave one of them out; a kubeconfig's own authorities are told without a file\n",
        ),
    ] {
        home.run(args).fails_with(says);
    }
}

#[test]
fn by_an_outdated_certificate_nobody_can_join() {
    let key = rcgen::KeyPair::generate().unwrap();
    let home = Home::empty();
    for (begin, end, says) in [
        (2001, 2002, "expired at 2002-01-02T00:00:00Z"),
        (2118, 2120, "is not valid before 2118-01-02T00:00:00Z"),
    ] {
        let mut parameters = rcgen::CertificateParams::new(Vec::new()).unwrap();
        parameters.not_before = rcgen::date_time_ymd(begin, 1, 2);
        parameters.not_after = rcgen::date_time_ymd(end, 1, 2);
        let pem = parameters.self_signed(&key).unwrap().pem();
        home.write("ca.pem", &pem);
        let pin = Pin::of(&Certificate::bundle_from_pem(pem.as_bytes()).unwrap()[0]);
        home.watched(&["pin", "ca.pem"]).is(
            0,
            &format!("{pin}\n"),
            &format!("warning: the certificate in ca.pem with {pin} {says}\n"),
        );
    }
}
