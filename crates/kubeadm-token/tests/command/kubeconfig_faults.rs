//! What may be wrong with a kubeconfig: each fault by its name, with the next step, and nothing of the
//! file's content.

use crate::fake_server::base64;
use crate::process::{Home, kubeconfig, run};

const LOAD: &str = "error: failed to load admin kubeconfig: ";
const CREATE: &str = "error: failed to create API client configuration from kubeconfig: ";
const MEND_CLUSTER: &str =
    "help: mend the entry of that cluster, or use another kubeconfig with --kubeconfig\n";
const MEND_USER: &str =
    "help: mend the entry of that user, or use another kubeconfig with --kubeconfig\n";

/// Runs list with this kubeconfig.
#[track_caller]
fn fails(content: &str, says: &str) {
    let home = Home::empty();
    home.write("config", content);
    home.run(&["list"]).fails_with(says);
}

#[test]
fn missing_or_a_directory_or_forbidden() {
    let home = Home::empty();
    home.run(&["create"]).fails_with(&format!(
        "{LOAD}open DIR/config: no such file or directory\n\
         help: name one with --kubeconfig or KUBECONFIG; on a control-plane node it is /etc/kubernetes/admin.conf\n"
    ));
    home.run(&["delete", "abcdef", "--kubeconfig=/"]).fails_with(&format!(
        "{LOAD}read /: is a directory\nhelp: name a kubeconfig file with --kubeconfig or KUBECONFIG\n"
    ));
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_may_not_be_read() {
    // What even root may not read.
    let odd = std::path::Path::new("/proc/self/mem");
    let outcome = run(&["list", "--kubeconfig", odd.to_str().unwrap()]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.starts_with(LOAD), "{}", outcome.stderr);

    let home = Home::empty();
    let path = home.write("config", "");
    crate::process::restrict(&path, 0);
    if std::fs::read(&path).is_err() {
        home.run(&["list"]).fails_with(&format!(
            "{LOAD}open DIR/config: permission denied\n\
             help: run this as a user who may read it, which often is root only\n"
        ));
    }
}

#[cfg(unix)]
#[test]
fn without_a_home_the_working_directory_is_none() {
    let home = Home::empty();
    std::fs::create_dir(home.path(".kube")).unwrap();
    let plugin = home.write("plugin", "#!/bin/sh\necho run >> runs\n");
    crate::process::restrict(&plugin, 0o700);
    let user = "exec: {apiVersion: client.authentication.k8s.io/v1, command: ../plugin, interactiveMode: Never}";
    home.write(".kube/config", &kubeconfig("https://127.0.0.1:1", user));
    let list = |at_home: Option<&str>| {
        let mut command = home.command(&["list"]);
        command.env_remove("KUBECONFIG").env_remove("HOME");
        if let Some(at_home) = at_home {
            command.env("HOME", at_home);
        }
        command.output().unwrap()
    };
    for at_home in [None, Some(""), Some(".")] {
        let output = list(at_home);
        assert_eq!(output.status.code(), Some(1));
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains("/etc/kubernetes/admin.conf"), "{stderr}");
        assert!(!home.path("runs").exists(), "{at_home:?}");
    }
    list(home.path("").to_str());
    assert!(home.path("runs").exists());
}

#[test]
fn not_yaml_and_not_a_kubeconfig() {
    let mend = "help: mend it there, or use another one with --kubeconfig\n";
    fails(
        "a: b: secret-1\n",
        &format!(
            "{LOAD}DIR/config is not the YAML of a kubeconfig from line 1 column 5 on\n{mend}"
        ),
    );
    fails(
        "just-a-secret-1\n",
        &format!(
            "{LOAD}DIR/config is not the YAML of a kubeconfig from line 1 column 1 on\n{mend}"
        ),
    );
    fails(
        "users: secret-1\n",
        &format!(
            "{LOAD}DIR/config is not the YAML of a kubeconfig from line 1 column 8 on\n{mend}"
        ),
    );
    let home = Home::empty();
    std::fs::write(home.path("config"), b"\xFF\xFF").unwrap();
    home.run(&["list"]).fails_with(&format!(
        "{LOAD}open DIR/config: invalid UTF-8\nhelp: name a kubeconfig file with --kubeconfig or KUBECONFIG\n"
    ));
}

#[test]
fn contexts_clusters_and_users_that_are_not_there() {
    let good = kubeconfig("http://127.0.0.1:1", "token: x");
    fails(
        "",
        &format!(
            "{CREATE}DIR/config has no current-context\nhelp: it has no context at all: use another one with --kubeconfig\n"
        ),
    );
    fails(
        &good.replace("current-context: here\n", ""),
        &format!(
            "{CREATE}DIR/config has no current-context\n\
             help: choose one by `kubectl config use-context NAME --kubeconfig DIR/config`: it has \"here\"\n"
        ),
    );
    fails(
        &good.replace("current-context: here", "current-context: there"),
        &format!(
            "{CREATE}DIR/config has no context \"there\", which is its current-context\n\
             help: choose one by `kubectl config use-context NAME --kubeconfig DIR/config`: it has \"here\"\n"
        ),
    );
    for (kind, from, to) in [
        ("cluster", "cluster: fake", "cluster: lost"),
        ("user", "user: tester", "user: lost"),
    ] {
        fails(
            &good.replace(from, to),
            &format!(
                "{CREATE}DIR/config has no {kind} \"lost\", which its context \"here\" asks for\n\
                 help: add the {kind}, name another in the context, or use another kubeconfig with --kubeconfig\n"
            ),
        );
    }
}

#[test]
fn clusters() {
    for (cluster, says) in [
        ("''", "it has no server"),
        ("'http://a b'", "its server is not a URL"),
        (
            "https://x\n    certificate-authority: none.crt",
            "its certificate-authority: open DIR/none.crt: no such file or directory",
        ),
        (
            "https://x\n    certificate-authority-data: '%%%'",
            "its certificate-authority-data is not base64",
        ),
        (
            "https://x\n    certificate-authority-data: aGVsbG8=",
            "its certificate authority holds no certificate",
        ),
        (
            "https://x\n    certificate-authority: config",
            "its certificate authority holds no certificate",
        ),
    ] {
        fails(
            &kubeconfig(cluster, "token: x"),
            &format!("{CREATE}DIR/config, cluster \"fake\": {says}\n{MEND_CLUSTER}"),
        );
    }
}

#[test]
fn proxies() {
    fails(
        &kubeconfig("https://x\n    proxy-url: 'ftp://proxy'", "token: x"),
        &format!(
            "{CREATE}DIR/config, cluster \"fake\": its proxy-url: unsupported scheme \"ftp\"\n\
             help: write it as http://HOST:PORT, or with https: or socks5: in place of http:\n"
        ),
    );
}

#[test]
fn users() {
    for (user, says) in [
        (
            "tokenFile: none",
            "its tokenFile: open DIR/none: no such file or directory",
        ),
        ("tokenFile: /dev/null", "its tokenFile /dev/null is empty"),
        (
            "token: \"a\\nb\"",
            "its token holds characters that cannot be sent",
        ),
        (
            "auth-provider: {name: oidc2}",
            "its way of authentication is not supported",
        ),
    ] {
        fails(
            &kubeconfig("http://127.0.0.1:1", user),
            &format!("{CREATE}DIR/config, user \"tester\": {says}\n{MEND_USER}"),
        );
    }
}

#[test]
fn client_certificates() {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = |from: i32, to: i32| {
        let mut params = rcgen::CertificateParams::new(vec![]).unwrap();
        params.not_before = rcgen::date_time_ymd(from, 1, 1);
        params.not_after = rcgen::date_time_ymd(to, 1, 1);
        base64(params.self_signed(&key).unwrap().pem().as_bytes())
    };
    let key_data = base64(key.serialize_pem().as_bytes());
    let renew = "help: renew it (`kubeadm certs renew admin.conf` on a control-plane node), or set this machine's clock\n";
    let anew = "help: write the kubeconfig anew, or use another one with --kubeconfig\n";
    let good = certificate(2020, 2999);
    for (user, says, help) in [
        (
            format!(
                "client-certificate-data: {}\nclient-key-data: {key_data}",
                certificate(2019, 2020)
            ),
            "its client certificate expired at 2020-01-01T00:00:00Z",
            renew,
        ),
        (
            format!(
                "client-certificate-data: {}\nclient-key-data: {key_data}",
                certificate(2998, 2999)
            ),
            "its client certificate is not valid before 2998-01-01T00:00:00Z",
            renew,
        ),
        (
            "client-certificate-data: '%%%'".to_owned(),
            "its client-certificate-data is not base64",
            anew,
        ),
        (
            "client-certificate-data: aGVsbG8=".to_owned(),
            "its client certificate: there is no PEM section CERTIFICATE",
            anew,
        ),
        (
            "client-certificate: none.crt".to_owned(),
            "its client-certificate: open DIR/none.crt: no such file or directory",
            anew,
        ),
        (
            format!("client-certificate-data: {good}\nclient-key: none.key"),
            "its client-key: open DIR/none.key: no such file or directory",
            anew,
        ),
        (
            format!("client-certificate-data: {good}\nclient-key-data: '%%%'"),
            "its client-key-data is not base64",
            MEND_USER,
        ),
        (
            format!("client-certificate-data: {good}"),
            "it has a client certificate and no key",
            MEND_USER,
        ),
        (
            format!("client-certificate-data: {good}\nclient-key-data: aGVsbG8="),
            "its client-key is not PEM",
            MEND_USER,
        ),
    ] {
        fails(
            &kubeconfig("https://127.0.0.1:1", &user),
            &format!("{CREATE}DIR/config, user \"tester\": {says}\n{help}"),
        );
    }
}

#[cfg(unix)]
#[test]
fn credential_plugins() {
    let hand = "help: run the plugin by hand: it should print an ExecCredential\n";
    for (exec, says, help) in [
        (
            "command: /none/plugin, installHint: \"get it\\nthere\"",
            "its exec plugin \"/none/plugin\" cannot be run: no such file or directory",
            "help: get it there\n",
        ),
        (
            "command: /none/plugin",
            "its exec plugin \"/none/plugin\" cannot be run: no such file or directory",
            "help: install it, or use another kubeconfig with --kubeconfig\n",
        ),
        (
            "command: sh, args: [-c, 'echo secret-1; exit 3']",
            "its exec plugin \"sh\" failed (exit status: 3)",
            "help: log in with the plugin's own tool, or run the plugin by hand to see what it says\n",
        ),
        (
            "command: echo, args: ['secret-1: [']",
            "its exec plugin gave no credential that can be read",
            hand,
        ),
        (
            "command: echo, args: ['{\"status\":{}}']",
            "its exec plugin gave no credential that can be read",
            hand,
        ),
        (
            "args: [x]",
            "its exec plugin has no command",
            "help: add the command, or use another kubeconfig with --kubeconfig\n",
        ),
        (
            "command: echo, interactiveMode: Always",
            "its exec plugin \"echo\" needs a terminal to talk to its user",
            "help: run this on a terminal, or use another kubeconfig with --kubeconfig\n",
        ),
    ] {
        fails(
            &kubeconfig(
                "http://127.0.0.1:1",
                &format!("exec: {{apiVersion: client.authentication.k8s.io/v1, {exec}}}"),
            ),
            &format!("{CREATE}DIR/config, user \"tester\": {says}\n{help}"),
        );
    }
}
