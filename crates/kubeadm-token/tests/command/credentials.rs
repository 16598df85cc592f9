//! Each kind of credential that a kubeconfig holds, as it reaches the API server.

use crate::discover::support::Authority;
use crate::fake_server::{FakeServer, Reply, base64};
use crate::process::{Home, kubeconfig, restrict};

/// Runs list with these lines in the user's entry, and gives the Authorization header that came.
fn authorization(home: &Home, user: &str) -> Option<String> {
    let (server, cluster) = FakeServer::trusted([Reply::secrets(&[])]);
    home.write("config", &kubeconfig(&cluster, user));
    home.run(&["list"]).is(0, "", "");
    let [asked] = &server.asked()[..] else {
        panic!("one request is enough")
    };
    asked.header("authorization").map(str::to_owned)
}

/// As for client-go, which sends them over TLS only: whoever listens on a port of this machine gets none.
#[test]
fn no_credential_goes_over_plain_http() {
    let home = Home::empty();
    let plugin = home.write("plugin", "#!/bin/sh\necho run >> runs\n");
    restrict(&plugin, 0o700);
    home.write("token", "from-file-1\n");
    for user in [
        "token: inline-1",
        "tokenFile: token",
        "username: ann\npassword: pw",
        "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never}",
    ] {
        let server = FakeServer::new([
            Reply::secrets(&[]),
            Reply::refusal(401, "Unauthorized", "Unauthorized"),
        ]);
        let user = format!("{user}\nas: somebody");
        home.write("config", &kubeconfig(&server.url(), &user));
        home.run(&["list"]).is(0, "", "");
        home.run(&["list"]).fails_with(&format!(
            "error: failed to list bootstrap tokens: Unauthorized\n\
             help: the credentials of user \"tester\" are not sent over plain HTTP: write https:// in DIR/config, if {} speaks TLS\n",
            server.url()
        ));
        for asked in server.asked() {
            assert_eq!(asked.header("authorization"), None, "{user}");
            assert_eq!(asked.header("impersonate-user"), Some("somebody"), "{user}");
        }
    }
    assert!(!home.path("runs").exists());
}

#[test]
fn somebody_else_is_acted_for() {
    let home = Home::empty();
    let (server, cluster) = FakeServer::trusted([Reply::secrets(&[])]);
    let user = "token: x\nas: ann\nas-uid: '7'\nas-groups: [ops]\nas-user-extra: {example.org/why: [because]}";
    home.write("config", &kubeconfig(&cluster, user));
    home.run(&["list"]).is(0, "", "");
    let asked = &server.asked()[0];
    for (name, value) in [
        ("authorization", "Bearer x"),
        ("impersonate-user", "ann"),
        ("impersonate-uid", "7"),
        ("impersonate-group", "ops"),
        ("impersonate-extra-example.org%2fwhy", "because"),
    ] {
        assert_eq!(asked.header(name), Some(value), "{name}");
    }
}

#[test]
fn a_token_and_a_token_file() {
    let home = Home::empty();
    home.write("token", "from-file-1\n");
    for (user, expected) in [
        ("token: inline-1", "Bearer inline-1"),
        ("tokenFile: token", "Bearer from-file-1"),
        // as for client-go, the file goes first, and the token stands in for one that cannot be read
        ("token: inline-1\ntokenFile: token", "Bearer from-file-1"),
        ("token: inline-1\ntokenFile: none", "Bearer inline-1"),
        (
            "username: ann\npassword: pw",
            &*format!("Basic {}", base64(b"ann:pw")),
        ),
    ] {
        assert_eq!(
            authorization(&home, user).as_deref(),
            Some(expected),
            "{user}"
        );
    }
    assert_eq!(authorization(&home, "{}"), None);
}

#[cfg(unix)]
#[test]
fn a_plugin_is_run_once_and_told_what_client_go_tells_it() {
    let home = Home::empty();
    let plugin = home.write(
        "plugin",
        "#!/bin/sh\n\
         echo \"$1 $MORE $KUBERNETES_EXEC_INFO\" >> runs\n\
         echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{\"token\":\"from-plugin-1\"}}'\n",
    );
    restrict(&plugin, 0o700);
    let user = "exec:\n  apiVersion: client.authentication.k8s.io/v1\n  command: ./plugin\n  args: [login]\n  env: [{name: MORE, value: more}]\n  interactiveMode: IfAvailable\n  provideClusterInfo: true";
    assert_eq!(
        authorization(&home, user).as_deref(),
        Some("Bearer from-plugin-1")
    );

    let runs = std::fs::read_to_string(home.path("runs")).unwrap();
    let [run] = &runs.lines().collect::<Vec<_>>()[..] else {
        panic!("{runs}")
    };
    let info = run.strip_prefix("login more ").unwrap();
    let info: serde_json::Value = serde_json::from_str(info).unwrap();
    assert_eq!(info["kind"], "ExecCredential");
    assert_eq!(info["apiVersion"], "client.authentication.k8s.io/v1");
    assert_eq!(info["spec"]["interactive"], false);
    assert!(
        info["spec"]["cluster"]["server"]
            .as_str()
            .unwrap()
            .starts_with("https://127.0.0.1:")
    );
}

#[cfg(unix)]
#[test]
fn a_plugin_that_gives_a_certificate_is_run_once_too() {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec![])
        .unwrap()
        .self_signed(&key)
        .unwrap();
    let home = Home::empty();
    let credential = serde_json::json!({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {
        "clientCertificateData": certificate.pem(),
        "clientKeyData": key.serialize_pem(),
    }});
    home.write("credential", &credential.to_string());
    let plugin = home.write("plugin", "#!/bin/sh\necho run >> runs\ncat credential\n");
    restrict(&plugin, 0o700);
    let user = "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never}";
    assert_eq!(authorization(&home, user), None);
    assert_eq!(std::fs::read_to_string(home.path("runs")).unwrap(), "run\n");
}

#[test]
fn a_server_is_trusted_for_the_kubeconfig_s_certificate_authority_alone() {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = |name: &str| {
        let params = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.self_signed(&key).unwrap()
    };
    let (ours, other_name) = (certificate("127.0.0.1"), certificate("example.org"));
    let other_key = rcgen::KeyPair::generate().unwrap();
    let other = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()])
        .unwrap()
        .self_signed(&other_key)
        .unwrap();

    let run = |server: &FakeServer, authority: &rcgen::Certificate, more: &str| {
        let home = Home::empty();
        let cluster = format!(
            "{}\n    certificate-authority-data: {}{more}",
            server.url(),
            base64(authority.pem().as_bytes())
        );
        home.write("config", &kubeconfig(&cluster, "token: x"));
        let mut outcome = home.run(&["list"]);
        outcome.stderr = outcome.stderr.replace(&server.url(), "SERVER");
        outcome
    };

    let server = FakeServer::with_tls(&ours, &key, [Reply::secrets(&[])]);
    run(&server, &ours, "").is(0, "", "");
    server.asked();

    let server = FakeServer::with_tls(&ours, &key, []);
    let outcome = run(&server, &other, "");
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.starts_with(
            "error: failed to list bootstrap tokens: the API server's certificate is not trusted"
        ),
        "{}",
        outcome.stderr
    );
    assert!(
        outcome.stderr.ends_with(
            "help: the certificate authority in DIR/config is not that of SERVER: use that cluster's own kubeconfig\n"
        ),
        "{}",
        outcome.stderr
    );
    assert!(server.asked().is_empty());

    let server = FakeServer::with_tls(&other_name, &key, []);
    let outcome = run(&server, &other_name, "");
    assert!(
        outcome.stderr.ends_with(
            "help: use a name that stands in the certificate instead of SERVER, or tls-server-name, in DIR/config\n"
        ),
        "{}",
        outcome.stderr
    );
    let server = FakeServer::with_tls(&other_name, &key, [Reply::secrets(&[])]);
    run(&server, &other_name, "\n    tls-server-name: example.org").is(0, "", "");
    server.asked();
}

#[test]
fn without_a_certificate_authority_those_of_the_system_are_trusted() {
    let (system, stranger) = (Authority::new("system"), Authority::new("stranger"));
    for (authority, code) in [(&system, 0), (&stranger, 1)] {
        let server = authority.server("127.0.0.1", [Reply::secrets(&[])]);
        let home = Home::empty();
        home.write("config", &kubeconfig(&server.url(), "token: x"));
        home.write("system.pem", &system.pem);
        let mut command = home.command(&["list"]);
        command.env("SSL_CERT_FILE", home.path("system.pem"));
        let output = command.output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{stderr}");
        assert_eq!(server.was_asked(), code == 0);
        assert_eq!(
            stderr.contains("certificate is not trusted"),
            code != 0,
            "{stderr}"
        );
    }
}

#[test]
fn a_connection_that_is_not_checked_is_warned_of() {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::new(vec!["example.org".to_owned()])
        .unwrap()
        .self_signed(&key)
        .unwrap();
    let server = FakeServer::with_tls(&certificate, &key, [Reply::secrets(&[])]);
    let home = Home::empty();
    let cluster = format!("{}\n    insecure-skip-tls-verify: true", server.url());
    home.write("config", &kubeconfig(&cluster, "token: x"));
    home.watched(&["list"]).is(
        0,
        "",
        "warning: DIR/config has insecure-skip-tls-verify for cluster \"fake\": whoever sits between can read the token\n",
    );
    server.asked();
}

#[cfg(unix)]
#[test]
fn half_a_certificate_is_no_credential() {
    for half in ["clientCertificateData", "clientKeyData"] {
        for more in ["", r#","token":"x""#] {
            let home = Home::empty();
            let plugin = home.write(
                "plugin",
                &format!("#!/bin/sh\necho '{{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{{\"{half}\":\"PEM\"{more}}}}}'\n"),
            );
            restrict(&plugin, 0o700);
            let user = "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never}";
            home.write("config", &kubeconfig("https://127.0.0.1:1", user));
            home.run(&["list"]).fails_with(
                "error: failed to create API client configuration from kubeconfig: DIR/config, user \"tester\": its exec plugin gave no credential that can be read\n\
                 help: run the plugin by hand: it should print an ExecCredential\n",
            );
        }
    }
}
