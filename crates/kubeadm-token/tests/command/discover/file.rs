//! A discovery file in the place of a server and pins.

use super::support::{Authority, TOKEN, discover, home, info, kubeconfig};
use crate::fake_proxy::FakeProxy;
use crate::fake_server::{FakeServer, Reply, base64};
use crate::process::{Home, Outcome};

/// Runs with a discovery file that leads to the server and trusts a CA.
fn by_file(home: &Home, server: &FakeServer, ca: &Authority, more: &[&str]) -> Outcome {
    let text = kubeconfig(&ca.pem).replace("https://cp.example:6443", &server.url());
    home.write("discovery.conf", &text);
    let more = [
        &["--discovery-file", "discovery.conf", "--timeout=1s"],
        more,
    ]
    .concat();
    let mut outcome = discover(home, &[], &more);
    outcome.stderr = outcome.stderr.replace(&server.url(), "SERVER");
    outcome
}

#[test]
fn the_token_is_shown_to_the_right_server_and_need_not_read_cluster_info() {
    let ca = Authority::new("kubernetes");
    for reply in [
        info(&kubeconfig(&ca.pem), &[]),
        Reply::refusal(403, "Forbidden", "configmaps is forbidden"),
    ] {
        let server = ca.server("127.0.0.1", [reply]);
        let outcome = by_file(&home(), &server, &ca, &[]);
        outcome.is(0, &outcome.stdout, "");
        let lines: Vec<_> = outcome.stdout.lines().map(str::trim).collect();
        assert!(lines.contains(&&*format!("server: {}", server.url())));
        assert!(lines.contains(&&*format!("token: {TOKEN}")));
        let bearer = format!("Bearer {TOKEN}");
        assert_eq!(
            server.asked()[0].header("authorization"),
            Some(bearer.as_str())
        );
    }
}

/// Whatever the environment says: kubeadm uses both, and hands the file on with them.
#[test]
fn the_file_says_by_which_name_and_proxy_the_server_is_reached() {
    let ca = Authority::new("kubernetes");
    let server = ca.server("kubernetes", [info(&kubeconfig(&ca.pem), &[])]);
    let (certificate, key) = ca.certify(&["127.0.0.1"]);
    let address = server.url().replace("https://", "").parse().unwrap();
    let proxy = FakeProxy::new(&certificate, &key, address);
    let url = format!("http://ann:pw@{}", proxy.address());
    let fields = format!("tls-server-name: kubernetes\n    proxy-url: {url}\n    server:");
    let file = kubeconfig(&ca.pem).replace("server:", &fields);
    let home = home();
    home.write("f", &file);
    let found = home
        .command(&["discover", "--discovery-file=f", "--token-file=token"])
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .env("NO_PROXY", "cp.example,127.0.0.1")
        .output()
        .unwrap();
    assert!(found.status.success(), "{found:?}");
    assert_eq!(proxy.asked(), ["http cp.example:6443 ann:pw"]);
    server.asked();
    let stdout = String::from_utf8(found.stdout).unwrap();
    let lines: Vec<_> = stdout.lines().map(str::trim).collect();
    for line in [
        "server: https://cp.example:6443",
        "tls-server-name: \"kubernetes\"",
        &format!("proxy-url: \"{url}\""),
    ] {
        assert!(lines.contains(&line), "{line}: {lines:?}");
    }

    home.write("f", &file.replace("http://ann:pw@", "ftp://ann:pw@"));
    discover(&home, &[], &["--discovery-file=f"]).fails_with(
        "error: the discovery file f is of no use: its proxy-url: unsupported scheme \"ftp\"\n\
         help: write it as http://HOST:PORT, or with https: or socks5: in place of http:\n",
    );
}

#[test]
fn another_server_is_not_shown_the_token() {
    let (ca, attacker) = (Authority::new("kubernetes"), Authority::new("attacker"));
    let server = attacker.server("127.0.0.1", []);
    by_file(&home(), &server, &ca, &[]).fails_with(
        "error: cannot discover the cluster: SERVER: cannot read cluster-info over verified TLS: the API server's certificate is not trusted: certificate of the server (CN=rcgen self signed cert, issuer CN=attacker): no trusted CA has issued it\n\
         help: its certificate is not of the CA that cluster-info, or the file that was given, tells to trust: something in between may answer in its place, so trust nothing that comes from there; `kubeadm-token diagnose`, as root on a control-plane node or with an administrator's kubeconfig, tells whether cluster-info has the wrong CA\n",
    );
    assert!(!server.was_asked());
}

#[test]
fn a_token_that_the_server_does_not_take() {
    let ca = Authority::new("kubernetes");
    let server = ca.server(
        "127.0.0.1",
        [Reply::refusal(401, "Unauthorized", "Unauthorized")],
    );
    by_file(&home(), &server, &ca, &[]).fails_with(
        "error: cannot discover the cluster: SERVER: cannot read cluster-info over verified TLS: the API server answered 401 Unauthorized (given up at the timeout of 1s)\n\
         help: the API server does not take the token: it was deleted, has expired, is not for authentication, is of another cluster, or tokens are switched off there; `kubeadm-token diagnose ID`, as root on a control-plane node or with an administrator's kubeconfig, tells which\n",
    );
}

/// The cluster is as it should be, for all that is known.
#[test]
fn it_is_the_file_that_is_to_be_mended() {
    let ca = Authority::new("kubernetes");
    let home = home();
    home.write("other.crt", &Authority::new("other").pem);
    let good = kubeconfig(&ca.pem);
    let data = base64(ca.pem.as_bytes());
    let old = kubeconfig(&Authority::valid("kubernetes", 2020, 2021).pem);
    for (content, more, error, help) in [
        (
            "a: [".to_owned(),
            &[][..],
            "the kubeconfig cannot be read beyond line 1",
            "mend the fault in that file, or ask for it anew: it is to be a kubeconfig; aliases, anchors and tags are not taken",
        ),
        (
            good.replace("kind: Config", "kind: Pod"),
            &[],
            "the kubeconfig is not of kind Config, version v1",
            "name a kubeconfig: an administrator's `kubectl -n kube-public get configmap cluster-info -o jsonpath='{.data.kubeconfig}'` prints one",
        ),
        (
            "apiVersion: v1\nkind: Config\n".to_owned(),
            &[],
            "the kubeconfig names no cluster",
            "name a kubeconfig with one entry in clusters, with a server and its CA: an administrator's `kubectl -n kube-public get configmap cluster-info -o jsonpath='{.data.kubeconfig}'` prints one",
        ),
        (
            good.replace(
                "contexts: null",
                "- cluster: {server: https://other.example:6443}\n  name: other\ncontexts: null",
            ),
            &[],
            "the kubeconfig names 2 clusters instead of one",
            "leave one cluster in it, as in what an administrator's `kubectl -n kube-public get configmap cluster-info -o jsonpath='{.data.kubeconfig}'` prints",
        ),
        (
            good.replace("certificate-authority-data", "certificate-authority"),
            &[],
            "the cluster has no certificate-authority-data",
            "write its CA into it, as certificate-authority-data: in what an administrator's `kubectl -n kube-public get configmap cluster-info -o jsonpath='{.data.kubeconfig}'` prints it stands",
        ),
        (
            good.replace("https:", "http:"),
            &[],
            "the cluster's server is no address: the scheme is http, over which nothing can be trusted, want [https://]HOST[:PORT]",
            "mend the server in that file: write it as https://cp.example:6443",
        ),
        (
            good.replace(&data, "'*'"),
            &[],
            "certificate-authority-data is no base64",
            "write the cluster's CA into that file anew: `base64 -w0 ca.crt` makes certificate-authority-data",
        ),
        (
            good.replace(&data, "AAAA"),
            &[],
            "certificate-authority-data is no bundle: there is no PEM section CERTIFICATE",
            "certificate-authority-data in that file is to hold the cluster's CA certificates in PEM, and no other form",
        ),
        (
            old,
            &[],
            "the cluster's CA certificate has expired",
            "set this machine's clock, if it is ahead; otherwise ask for a file with the cluster's CA of today",
        ),
        (
            good,
            &["--ca-file=other.crt"],
            "the cluster's CA is none of those in the CA file other.crt",
            "is other.crt the CA of that cluster, and its CA of today? On a control-plane node it is /etc/kubernetes/pki/ca.crt: get it over another way than this network, and never take it from here",
        ),
    ] {
        home.write("f", &content);
        let outcome = discover(&home, &[], &[&["--discovery-file", "f"], more].concat());
        outcome.fails_with(&format!(
            "error: the discovery file f is of no use: {error}\nhelp: {help}\n"
        ));
    }
}

#[test]
fn files_that_are_of_no_use() {
    let ca = Authority::new("kubernetes");
    let home = home();
    let good = kubeconfig(&ca.pem);
    let long = " ".repeat((1 << 20) + 1);
    let linked = good.replace("certificate-authority-data", "certificate-authority");
    let other_pin = format!("sha256:{}", "a".repeat(64));
    let with_pin = ["--ca-pin", &other_pin];
    let not_pinned = "the discovery file f is of no use: the cluster's CA is not pinned\n";
    for (content, more, error) in [
        (
            "a: [",
            &[][..],
            "the discovery file f is of no use: the kubeconfig cannot be read beyond line 1\n",
        ),
        (
            "apiVersion: v1\nkind: Config\n",
            &[],
            "the discovery file f is of no use: the kubeconfig names no cluster\n",
        ),
        (
            &*linked,
            &[],
            "the discovery file f is of no use: the cluster has no certificate-authority-data\n",
        ),
        (&good, &with_pin, not_pinned),
        (&*long, &[], "the discovery file f is longer than 1 MiB\n"),
    ] {
        home.write("f", content);
        let outcome = discover(&home, &[], &[&["--discovery-file", "f"], more].concat());
        assert!(
            outcome.stderr.starts_with(&format!("error: {error}help: ")),
            "{outcome:?}"
        );
    }
    discover(&home, &[], &["--discovery-file", "none"]).fails_with(
        "error: cannot read the discovery file: open none: no such file or directory\nhelp: name a file that you may read\n",
    );
}
