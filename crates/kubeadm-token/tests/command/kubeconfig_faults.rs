//! What may be wrong with a kubeconfig: each fault by its name, with the next step, and nothing of the
//! file's content.

use crate::fake_server::{FakeServer, Reply, base64};
use crate::process::{Home, kubeconfig, run};

const LOAD: &str = "error: failed to load admin kubeconfig: ";
const CREATE: &str = "error: failed to create API client configuration from kubeconfig: ";
const MEND_CLUSTER: &str =
    "help: correct the entry of that cluster, or use another kubeconfig with --kubeconfig\n";
const MEND_USER: &str =
    "help: correct the entry of that user, or use another kubeconfig with --kubeconfig\n";

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
    let mend = "help: correct it there, or use another one with --kubeconfig\n";
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
        "{LOAD}DIR/config is not the YAML of a kubeconfig from line 1 column 1 on\n{mend}"
    ));
    for head in ["kind: Secret\n", "kind: Config\napiVersion: v2\n"] {
        fails(
            &kubeconfig("https://127.0.0.1:1", "token: x")
                .replace("kind: Config\napiVersion: v1\n", "")
                .replace("apiVersion: v1\nkind: Config\n", head),
            &format!(
                "{LOAD}DIR/config is not a kubeconfig: its apiVersion is not v1, or its kind is not Config\n\
                 help: name a kubeconfig file with --kubeconfig or KUBECONFIG\n"
            ),
        );
    }
}

#[test]
fn contexts_clusters_and_users_that_are_not_there() {
    let good = kubeconfig("https://127.0.0.1:1", "token: x");
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
fn a_name_stands_for_one_entry() {
    let good = kubeconfig("https://127.0.0.1:1", "token: x");
    for (kind, name, entry) in [
        ("cluster", "fake", "clusters:\n"),
        ("user", "tester", "users:\n"),
        ("context", "here", "contexts:\n"),
    ] {
        fails(
            &good.replace(entry, &format!("{entry}- name: {name}\n")),
            &format!(
                "{LOAD}DIR/config has two entries for the {kind} \"{name}\"\nhelp: take one of them out, or give it another name\n"
            ),
        );
    }
}

/// Nothing is sent over a connection that others can read, nor after a password that others can see.
#[test]
fn servers_that_no_secret_is_sent_to() {
    let proxied = "http://127.0.0.1:1\n    proxy-url: http://127.0.0.1:1";
    let insecure = "https://127.0.0.1:1\n    insecure-skip-tls-verify: true\n    ";
    let home = Home::empty();
    let plugin = home.write("plugin", "#!/bin/sh\necho run >> runs\n");
    crate::process::restrict(&plugin, 0o700);
    let user = "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never}";
    for (server, says, help) in [
        (
            "http://10.0.0.1:6443",
            "its server is reached by plain HTTP, so that anybody in between can read the tokens",
            "write the server with https://",
        ),
        (
            proxied,
            "its server is reached by plain HTTP, so that anybody in between can read the tokens",
            "write the server with https://",
        ),
        (
            "10.0.0.1:6443",
            "its server has no scheme, which means plain HTTP: anybody in between can read the tokens",
            "write the server with https://",
        ),
        (
            "https://ann:hunter2@127.0.0.1:1",
            "its server holds a user name or password",
            "take it out; the entry of a user has places for both, username and password",
        ),
        (
            "'http://hunter2@127.0.0.1:1/?x#y'",
            "its server holds a user name or password",
            "take it out; the entry of a user has places for both, username and password",
        ),
        (
            "ftp://x",
            "its server is not a URL",
            "write it with https://",
        ),
        (
            "https://fd00::1:6443",
            "its server is not a URL",
            "write it as https://[fd00::1]:6443, or https://[fd00::1:6443]",
        ),
        (
            "https://[10.0.0.1]:6443",
            "its server is not a URL",
            "write it as https://10.0.0.1:6443",
        ),
        (
            "https://bücher.example",
            "its server is not a URL",
            "write it as https://xn--bcher-kva.example",
        ),
        (
            &*format!("{insecure}certificate-authority: config"),
            "it has insecure-skip-tls-verify and a certificate authority",
            "take insecure-skip-tls-verify out",
        ),
        (
            &*format!("{insecure}certificate-authority-data: aGVsbG8="),
            "it has insecure-skip-tls-verify and a certificate authority",
            "take insecure-skip-tls-verify out",
        ),
    ] {
        home.write("config", &kubeconfig(server, user));
        for verb in [
            &["list"][..],
            &["create", "-v10"],
            &["create", "--print-join-command"],
            &["delete", "abcdef"],
            &["diagnose", "abcdef"],
        ] {
            let outcome = home.run(verb);
            let expected = format!("{CREATE}DIR/config, cluster \"fake\": {says}\nhelp: {help}\n");
            assert!(outcome.stderr.ends_with(&expected), "{verb:?}: {outcome:?}");
            assert!(!format!("{outcome:?}").contains("hunter2"), "{outcome:?}");
            assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{verb:?}");
        }
        assert!(!home.path("runs").exists(), "{server}");
    }
}

/// With no more address space than 256 MiB, each thing that is read may go on for ever.
#[cfg(target_os = "linux")]
#[test]
fn what_does_not_end() {
    let home = Home::empty();
    let list = |user: &str, cluster: &str| {
        home.write(
            "config",
            &kubeconfig(&format!("https://127.0.0.1:1{cluster}"), user),
        );
        limited(&home, "config")
    };
    let authority = "\n    certificate-authority: /dev/zero";
    let key = rcgen::KeyPair::generate().unwrap();
    let params = rcgen::CertificateParams::new(vec![]).unwrap();
    home.write("certificate", &params.self_signed(&key).unwrap().pem());
    let outcome = limited(&home, "/dev/zero");
    assert_eq!(
        outcome,
        format!(
            "{LOAD}/dev/zero is longer than 8 MiB\nhelp: name a kubeconfig file with --kubeconfig or KUBECONFIG\n"
        )
    );
    let plugin = |command: &str| {
        format!(
            "exec: {{apiVersion: client.authentication.k8s.io/v1, command: {command}, args: [/dev/zero], interactiveMode: Never}}"
        )
    };
    for (user, cluster, says) in [
        (
            "token: x",
            authority,
            "cluster \"fake\": its certificate-authority: /dev/zero is longer than 1 MiB",
        ),
        (
            "tokenFile: /dev/zero",
            "",
            "user \"tester\": its tokenFile: /dev/zero is longer than 1 MiB",
        ),
        (
            "client-certificate: /dev/zero\nclient-key: /dev/zero",
            "",
            "user \"tester\": its client-certificate: /dev/zero is longer than 1 MiB",
        ),
        (
            "client-certificate: certificate\nclient-key: /dev/zero",
            "",
            "user \"tester\": its client-key: /dev/zero is longer than 1 MiB",
        ),
        (
            &plugin("cat"),
            "",
            "user \"tester\": its exec plugin \"cat\" printed more than 1 MiB",
        ),
    ] {
        let said = list(user, cluster);
        assert!(
            said.starts_with(&format!("{CREATE}DIR/config, {says}\nhelp: ")),
            "{said}"
        );
    }
}

/// What `list` says with that much memory.
#[cfg(target_os = "linux")]
fn limited(home: &Home, config: &str) -> String {
    let output = std::process::Command::new("sh")
        .args([
            "-c",
            "ulimit -v 262144; exec \"$0\" list --kubeconfig \"$1\"",
        ])
        .arg(crate::process::BINARY)
        .arg(home.path("").join(config))
        .env_remove("HTTPS_PROXY")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let stderr = String::from_utf8(output.stderr).unwrap();
    stderr.replace(home.path("").to_str().unwrap().trim_end_matches('/'), "DIR")
}

/// Somebody else's process may feed it: `--kubeconfig <(sops -d config)`.
#[cfg(unix)]
#[test]
fn a_pipe_is_read_as_a_file() {
    let home = Home::empty();
    let made = std::process::Command::new("mkfifo")
        .arg(home.path("config"))
        .status();
    assert!(made.unwrap().success());
    let pipe = home.path("config");
    let text = kubeconfig("https://127.0.0.1:1", "tokenFile: none");
    let writer = std::thread::spawn(move || std::fs::write(pipe, text).unwrap());
    home.run(&["list"]).fails_with(&format!(
        "{CREATE}DIR/config, user \"tester\": its tokenFile: open DIR/none: no such file or directory\n{MEND_USER}"
    ));
    writer.join().unwrap();
}

#[test]
fn clusters() {
    for (cluster, says) in [
        ("''", "it has no server"),
        ("'https://a b'", "its server is not a URL"),
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
    // What stands in the place of certificates has a name and a remedy of its own.
    let pkcs_7 = base64(b"-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n");
    fails(
        &kubeconfig(
            &format!("https://x\n    certificate-authority-data: {pkcs_7}"),
            "token: x",
        ),
        &format!(
            "{CREATE}DIR/config, cluster \"fake\": its certificate authority holds no certificate: it is PKCS#7, want PEM sections CERTIFICATE\n\
             help: `openssl pkcs7 -print_certs -in FILE` writes it as PEM; with `-inform der` if the file is DER\n"
        ),
    );
}

/// As in a container that has none.
#[cfg(target_os = "linux")]
#[test]
fn a_system_without_certificate_authorities() {
    let home = Home::empty();
    home.write("config", &kubeconfig("https://127.0.0.1:1", "token: x"));
    let mut command = home.command(&["list"]);
    command
        .env("SSL_CERT_FILE", "/dev/null")
        .env_remove("SSL_CERT_DIR");
    let output = command.output().unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    let directory = home.path("");
    let directory = directory.to_str().unwrap().trim_end_matches('/');
    assert_eq!(
        stderr.replace(directory, "DIR"),
        format!(
            "{CREATE}DIR/config has no certificate authority for its cluster, and those of the system cannot be used: \
             unexpected error: No CA certificates were loaded from the system\n\
             help: add certificate-authority-data to the entry of the cluster, or install the certificate authorities \
             of the system\n"
        )
    );
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
            "tokenFile: ~/token",
            "its tokenFile: open DIR/~/token: no such file or directory (~ does not stand for the home directory here)",
        ),
        (
            "token: x\npassword: pw",
            "it has a token and a user name or password, of which it may have one",
        ),
        (
            "client-certificate: x",
            "it has a client certificate and no key",
        ),
        (
            "auth-provider: {name: a}\nexec: {command: a}",
            "it has both an auth-provider and an exec plugin",
        ),
        (
            "as-groups: [a]",
            "it impersonates a uid, groups or extra fields, and no user",
        ),
        ("client-key-data: '%'", "its client-key-data is not base64"),
    ] {
        fails(
            &kubeconfig("https://127.0.0.1:1", user),
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
    let other_key = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let other_key = base64(other_key.as_bytes());
    let clients = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/certificates/clients"
    );
    let file = |name: &str| base64(&std::fs::read(format!("{clients}/{name}.pem")).unwrap());
    let p224 = file("p224-pkcs8");
    let encrypted = file("rsa-2048-encrypted");
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
            MEND_USER,
        ),
        (
            "client-certificate-data: aGVsbG8=\nclient-key-data: eA==".to_owned(),
            "its client certificate: there is no PEM section CERTIFICATE",
            anew,
        ),
        (
            "client-certificate: none.crt\nclient-key: none.key".to_owned(),
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
        (
            format!("client-certificate-data: {good}\nclient-key-data: {good}"),
            "its client-key has no private key in its PEM",
            MEND_USER,
        ),
        (
            format!("client-certificate-data: {encrypted}\nclient-key-data: {encrypted}"),
            "its client-key has no unencrypted private key, but an ENCRYPTED PRIVATE KEY",
            "help: `openssl pkey -in FILE` asks for its passphrase and prints it without encryption\n",
        ),
        (
            format!("client-certificate-data: {good}\nclient-key-data: {other_key}"),
            "its client key is not that of its client certificate",
            MEND_USER,
        ),
        (
            format!("client-certificate-data: {p224}\nclient-key-data: {p224}"),
            "its client key is malformed or not supported; by its client certificate it is secp224r1",
            MEND_USER,
        ),
    ] {
        fails(
            &kubeconfig("https://127.0.0.1:1", &user),
            &format!("{CREATE}DIR/config, user \"tester\": {says}\n{help}"),
        );
    }
}

#[test]
fn pem_that_is_given_twice() {
    let twice = |name: &str| format!("{name}-data: eA==\n{name}: x");
    let says = |kind: &str, entry: &str, name: &str| {
        format!(
            "{CREATE}DIR/config, {kind} \"{entry}\": it has both {name} and {name}-data\nhelp: leave one of them out\n"
        )
    };
    let name = "client-certificate";
    let user = format!("{}\nclient-key: x", twice(name));
    fails(
        &kubeconfig("https://127.0.0.1:1", &user),
        &says("user", "tester", name),
    );
    let name = "certificate-authority";
    let cluster = format!(
        "https://127.0.0.1:1\n    {}",
        twice(name).replace('\n', "\n    ")
    );
    fails(
        &kubeconfig(&cluster, "token: x"),
        &says("cluster", "fake", name),
    );
}

#[cfg(unix)]
#[test]
fn credential_plugins() {
    let hand = "help: run the plugin by hand: it should print an ExecCredential\n";
    let anew = "help: write `apiVersion: client.authentication.k8s.io/v1`, and renew the plugin if it is too old for that\n";
    let answers = |version: &str| {
        format!(
            "command: echo, args: ['{{\"apiVersion\":\"client.authentication.k8s.io/{version}\",\"kind\":\"ExecCredential\",\"status\":{{\"token\":\"secret-1\"}}}}']"
        )
    };
    for (exec, says, help) in [
        (
            &*answers("v1alpha1"),
            "its exec plugin gave no credential that can be read",
            hand,
        ),
        (
            &*answers("v1beta1"),
            "its exec plugin answered in version client.authentication.k8s.io/v1beta1, and was asked for client.authentication.k8s.io/v1",
            "help: write the plugin's own version as the apiVersion of exec\n",
        ),
        (
            "command: echo, apiVersion: client.authentication.k8s.io/v1alpha1",
            "its exec plugin has no apiVersion that is still spoken",
            anew,
        ),
        (
            "command: echo, apiVersion: ''",
            "its exec plugin has no apiVersion that is still spoken",
            anew,
        ),
        (
            "command: echo, interactiveMode: ''",
            "its exec plugin has no interactiveMode",
            "help: write `interactiveMode: IfAvailable`, or Never or Always\n",
        ),
        (
            "command: echo, env: [{value: x}]",
            "its exec plugin has an env entry without a name",
            MEND_USER,
        ),
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
                "https://127.0.0.1:1",
                // The last of two keys counts.
                &format!(
                    "exec: {{apiVersion: client.authentication.k8s.io/v1, interactiveMode: IfAvailable, {exec}}}"
                ),
            ),
            &format!("{CREATE}DIR/config, user \"tester\": {says}\n{help}"),
        );
    }
}

/// In the place of the current one, as with kubectl.
#[test]
fn a_context_that_is_named_on_the_command_line() {
    let server = FakeServer::new([Reply::secrets(&[]), Reply::secrets(&[])]);
    let home = Home::new(&server);
    let text = kubeconfig(&server.url(), "token: x");
    home.write("config", &text.replace("current-context: here\n", ""));
    home.run(&["list", "--context", "here"]).is(0, "", "");
    home.run(&["--context=here", "list"]).is(0, "", "");
    let says = format!(
        "{CREATE}DIR/config has no context \"there\"\n\
         help: name one that it has behind --context: \"here\"\n"
    );
    for args in [&["list"][..], &["create"], &["sign"], &["pin"]] {
        home.run(&[args, &["--context=there"]].concat())
            .fails_with(&says);
        // An empty name chooses none.
        let none = home.run(&[args, &["--context="]].concat());
        let begin = format!("{CREATE}DIR/config has no current-context\n");
        assert!(none.stderr.starts_with(&begin), "{}", none.stderr);
    }
    assert_eq!(server.asked().len(), 2);
}
