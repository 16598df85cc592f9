//! What comes of a cluster that can be trusted.

use bootstrap_token_discovery::Certificate;

use super::support::{Authority, SENT_ON, TOKEN, discover, home, info, kubeconfig, signed};
use crate::fake_server::{Asked, FakeServer, NOBODY, Reply, base64};
use crate::process::Outcome;

const GET: &str = "GET /api/v1/namespaces/kube-public/configmaps/cluster-info";

/// A kubeconfig for kubelet, as the command prints it.
fn bootstrap_kubeconfig(bundle: &str) -> String {
    format!(
        "apiVersion: v1\n\
         clusters:\n\
         - cluster:\n\
        \x20   certificate-authority-data: {}\n\
        \x20   server: https://cp.example:6443\n\
        \x20 name: kubernetes\n\
         contexts:\n\
         - context:\n\
        \x20   cluster: kubernetes\n\
        \x20   user: tls-bootstrap-token-user\n\
        \x20 name: tls-bootstrap-token-user@kubernetes\n\
         current-context: tls-bootstrap-token-user@kubernetes\n\
         kind: Config\n\
         users:\n\
         - name: tls-bootstrap-token-user\n\
        \x20 user:\n\
        \x20   token: {TOKEN}\n",
        base64(bundle.as_bytes())
    )
}

fn two_of(reply: &Reply) -> [Reply; 2] {
    [reply.clone(), reply.clone()]
}

/// As Windows writes a file.
#[test]
fn a_ca_file_behind_a_byte_order_mark() {
    let (ca, other) = (Authority::new("kubernetes"), Authority::new("other"));
    let home = home();
    home.write("ca.crt", &format!("\u{feff}{}{}", ca.pem, other.pem));
    let good = signed(&kubeconfig(&ca.pem), TOKEN);
    let server = ca.server("127.0.0.1", [good.clone(), good]);
    let more = ["--ca-file", "ca.crt", "-o=json"];
    let outcome = discover(&home, &[&server.url()], &more);
    outcome.is(0, &outcome.stdout, "");
    assert!(outcome.stdout.contains(&ca.pin()), "{outcome:?}");
    server.asked();
}

#[test]
fn two_requests_without_a_credential_and_a_kubeconfig() {
    let ca = Authority::new("kubernetes");
    let server = ca.server("127.0.0.1", two_of(&signed(&kubeconfig(&ca.pem), TOKEN)));
    let home = home();
    let url = server.url();
    let by_pin = discover(&home, &[&url], &["--ca-pin", &ca.pin()]);
    by_pin.is(0, &bootstrap_kubeconfig(&ca.pem), SENT_ON);
    let asked = server.asked();
    let lines: Vec<_> = asked.iter().map(|asked| &*asked.line).collect();
    assert_eq!(lines, [GET, GET]);
    let has_credential = |asked: &Asked| asked.header("authorization").is_some();
    assert!(!asked.iter().any(has_credential));
}

#[test]
fn the_ca_by_its_file_and_as_in_kubeadm_s_join_command() {
    let (ca, other) = (Authority::new("kubernetes"), Authority::new("other"));
    let home = home();
    home.write("ca.crt", &format!("{}{}", other.pem, ca.pem));
    let der = Certificate::bundle_from_pem(ca.pem.as_bytes()).unwrap();
    std::fs::write(home.path("ca.der"), der[0].der()).unwrap();
    let pins = format!("{},{}", other.pin(), ca.pin());
    let pin = ca.pin();
    for more in [
        ["--ca-file", "ca.crt"],
        ["--ca-file", "ca.der"],
        ["--ca-pin", &pins],
        ["--discovery-token-ca-cert-hash", &pin],
    ] {
        let server = ca.server("127.0.0.1", two_of(&signed(&kubeconfig(&ca.pem), TOKEN)));
        let address = server.url().replace("https://", "");
        discover(&home, &[&address], &more).is(0, &bootstrap_kubeconfig(&ca.pem), SENT_ON);
    }
}

#[test]
fn without_a_pin_one_request_and_a_warning() {
    let (ca, attacker) = (Authority::new("kubernetes"), Authority::new("attacker"));
    let server = attacker.server("example", [signed(&kubeconfig(&ca.pem), TOKEN)]);
    discover(&home(), &[&server.url()], &["--danger-skip-ca-pin"]).is(
        0,
        &bootstrap_kubeconfig(&ca.pem),
        &format!(
            "warning: without a pin, everybody who ever held the token can pass for the cluster\n{SENT_ON}"
        ),
    );
    assert_eq!(server.lines(), [GET]);
}

#[test]
fn the_verdict_has_no_secret() {
    let ca = Authority::new("kubernetes");
    let reply = signed(&kubeconfig(&ca.pem), TOKEN);
    let server = ca.server("127.0.0.1", two_of(&reply));
    let url = server.url();
    let outcome = discover(&home(), &[&url], &["--ca-pin", &ca.pin(), "-o", "json"]);
    let expected = format!(
        "{{\n\
        \x20   \"apiVersion\": \"kubeadm-token/v1\",\n\
        \x20   \"kind\": \"DiscoveredCluster\",\n\
        \x20   \"apiServerEndpoint\": \"cp.example:6443\",\n\
        \x20   \"answeredBy\": \"{}\",\n\
        \x20   \"publicKeyPins\": [\n\
        \x20       \"{}\"\n\
        \x20   ],\n\
        \x20   \"caExpires\": \"2055-01-01T00:00:00Z\",\n\
        \x20   \"signedBy\": [\n\
        \x20       \"abcdef\"\n\
        \x20   ]\n\
         }}\n",
        url.replace("https://", ""),
        ca.pin()
    );
    outcome.is(0, &expected, "");
}

#[test]
fn a_file_for_its_owner_alone_and_only_when_all_is_well() {
    let ca = Authority::new("kubernetes");
    let home = home();
    let names = || {
        let mut names: Vec<_> = std::fs::read_dir(home.path("."))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        names
    };
    let pin = ca.pin();
    let run = |replies: Vec<Reply>, more: &[&str]| -> Outcome {
        let server = ca.server("127.0.0.1", replies);
        let more = [&["--ca-pin", &pin, "--out-file", "out"], more].concat();
        discover(&home, &[&server.url()], &more)
    };
    let good = signed(&kubeconfig(&ca.pem), TOKEN);
    let bad = run(vec![signed("x", TOKEN)], &[]);
    assert_eq!((bad.code, &*bad.stdout), (1, ""));
    // A folder's time of change tells of a file that was there for a moment only.
    let folder = std::fs::File::open(home.path("")).unwrap();
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1);
    folder.set_modified(long_ago).unwrap();
    run(vec![good.clone(); 2], &["--dry-run"]).is(0, "[dryrun] Would write out\n", SENT_ON);
    assert_eq!(names(), ["token"]);
    assert_eq!(folder.metadata().unwrap().modified().unwrap(), long_ago);

    run(vec![good.clone(); 2], &[]).is(0, "", SENT_ON);
    assert_eq!(names(), ["out", "token"]);
    let written = std::fs::read_to_string(home.path("out")).unwrap();
    assert_eq!(written, bootstrap_kubeconfig(&ca.pem));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(home.path("out"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let verdict = run(vec![good; 2], &["-o", "yaml"]);
    assert_eq!(verdict.stderr, "");
    assert!(verdict.stdout.starts_with("apiVersion: kubeadm-token/v1\n"));
}

#[test]
fn a_dead_server_and_one_of_another_cluster_before_the_right_one() {
    let (ca, other) = (Authority::new("kubernetes"), Authority::new("other"));
    let wrong = other.server("127.0.0.1", [signed(&kubeconfig(&other.pem), TOKEN)]);
    let right = ca.server("127.0.0.1", two_of(&signed(&kubeconfig(&ca.pem), TOKEN)));
    let servers = [NOBODY, &wrong.url(), &right.url()];
    let found = discover(&home(), &servers, &["--ca-pin", &ca.pin()]);
    found.is(0, &bootstrap_kubeconfig(&ca.pem), SENT_ON);
    assert_eq!((wrong.lines().len(), right.lines().len()), (1, 2));
}

#[test]
fn a_signature_that_comes_later_is_waited_for() {
    let ca = Authority::new("kubernetes");
    let unsigned = info(&kubeconfig(&ca.pem), &[]);
    let good = signed(&kubeconfig(&ca.pem), TOKEN);
    let server = ca.server("127.0.0.1", [unsigned, good.clone(), good]);
    let before = std::time::Instant::now();
    let more = ["--ca-pin", &ca.pin(), "--timeout", "1m"];
    discover(&home(), &[&server.url()], &more).is(0, &bootstrap_kubeconfig(&ca.pem), SENT_ON);
    assert!(before.elapsed().as_secs() >= 5, "no faster than kubeadm");
    server.asked();
}

#[test]
fn through_the_environment_s_proxy_but_for_what_it_excepts() {
    let run = |no_proxy: &str| {
        let proxy = FakeServer::new([Reply::Whole(403, "", String::new())]);
        let home = home();
        let mut command = home.command(&[
            "discover",
            "192.0.2.1",
            "--token-file=token",
            "--danger-skip-ca-pin",
            "--timeout=300ms",
        ]);
        command
            .env("HTTPS_PROXY", proxy.url().replace("http://", ""))
            .env("NO_PROXY", no_proxy);
        let output = command.output().unwrap();
        assert!(!output.status.success(), "{output:?}");
        if proxy.was_asked() {
            proxy.lines()
        } else {
            vec![]
        }
    };
    assert_eq!(run("example.org"), ["CONNECT 192.0.2.1:6443"]);
    assert_eq!(run("192.0.2.0/24"), [""; 0]);
}

#[test]
fn a_server_that_cluster_info_names_itself_is_not_told_of() {
    let ca = Authority::new("kubernetes");
    let server = ca.server("127.0.0.1", []);
    let address = server.url().replace("https://", "");
    let cluster = kubeconfig(&ca.pem).replace("cp.example:6443", &address);
    server.then(two_of(&signed(&cluster, TOKEN)));
    let outcome = discover(&home(), &[&address], &["--ca-pin", &ca.pin()]);
    assert_eq!((outcome.code, &*outcome.stderr), (0, ""));
}

/// As `2>&1` makes it: what follows is a field that no kubeconfig has, and client-go takes it.
#[test]
fn a_kubeconfig_with_the_note_behind_it_is_one() {
    let ca = Authority::new("kubernetes");
    let server = ca.server("127.0.0.1", two_of(&signed(&kubeconfig(&ca.pem), TOKEN)));
    let outcome = discover(&home(), &[&server.url()], &["--ca-pin", &ca.pin()]);
    let merged = format!("{}{}", outcome.stdout, outcome.stderr);
    let read: serde_json::Value = serde_saphyr::from_str(&merged).unwrap();
    assert_eq!(read["kind"], "Config");
    assert!(read["note"].is_string());
}
