//! What a shell is told: the script it reads, and the words that may come next.

use crate::fake_server::{FakeServer, Reply, token};
use crate::process::{BINARY, Home, kubeconfig, restrict};

const ASKS: &str = "KUBEADM_TOKEN_COMPLETE";

/// What bash is told for the last of the words.
fn candidates(home: &Home, words: &[&str]) -> Vec<String> {
    let output = home
        .command(&[&["--", "kubeadm-token"], words].concat())
        .env(ASKS, "bash")
        .env("_CLAP_COMPLETE_INDEX", words.len().to_string())
        .env("_CLAP_COMPLETE_COMP_TYPE", "9")
        .env("_CLAP_IFS", "\n")
        .output()
        .unwrap();
    assert!(output.status.success());
    assert_eq!(output.stderr, b"");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn each_shell_gets_a_script_that_asks_the_program() {
    for (shell, part) in [
        ("bash", "complete -o nospace"),
        ("zsh", "#compdef kubeadm-token"),
        ("fish", "complete --keep-order"),
    ] {
        let output = Home::empty()
            .command(&[] as &[&str])
            .env(ASKS, shell)
            .output()
            .unwrap();
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success());
        assert!(script.contains(part), "{script}");
        assert!(script.contains(ASKS), "{script}");
        assert!(!script.contains(BINARY), "a path of this machine: {script}");
    }
    let output = Home::empty()
        .command(&["list"])
        .env(ASKS, "tcsh")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("unknown shell"));
}

#[test]
fn verbs_and_flags_are_completed() {
    let home = Home::empty();
    assert_eq!(candidates(&home, &["gen"]), ["generate"]);
    assert_eq!(candidates(&home, &["create", "--tt"]), ["--ttl"]);
    assert_eq!(candidates(&home, &["list", "--kubec"]), ["--kubeconfig"]);
}

#[test]
fn values_and_files_are_completed() {
    let home = Home::empty();
    home.write("token", "");
    assert_eq!(
        candidates(&home, &["create", "-o", ""]),
        ["text", "json", "yaml"]
    );
    let mut formats = candidates(&home, &["list", "-o", ""]);
    formats.sort();
    assert_eq!(
        formats.join(" "),
        "go-template go-template-file json jsonpath jsonpath-as-json jsonpath-file kyaml name template templatefile text wide yaml"
    );
    assert_eq!(
        candidates(&home, &["list", "--output=jsonpath-f"]),
        ["--output=jsonpath-file"]
    );
    assert_eq!(candidates(&home, &["create", "--usages", "s"]), ["signing"]);
    assert_eq!(
        candidates(&home, &["create", "--token-file", "tok"]),
        ["token"]
    );
    assert_eq!(
        candidates(&home, &["list", "--kubeconfig", "tok"]),
        ["token"]
    );
}

#[cfg(unix)]
#[test]
fn a_shell_neither_runs_a_plugin_nor_waits_for_a_pipe() {
    let home = Home::empty();
    let plugin = home.write("plugin", "#!/bin/sh\necho run >> runs\n");
    restrict(&plugin, 0o700);
    let user = "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./plugin, interactiveMode: Never}";
    home.write("config", &kubeconfig("https://127.0.0.1:1", user));
    let offered = candidates(&home, &["delete", ""]);
    assert!(
        offered.iter().all(|word| word.starts_with("--")),
        "{offered:?}"
    );
    assert!(!home.path("runs").exists());

    // Nobody writes to it: without a limit this test does not end.
    let pipe = Home::empty();
    let made = std::process::Command::new("mkfifo")
        .arg(pipe.path("config"))
        .status();
    assert!(made.unwrap().success());
    let offered = candidates(&pipe, &["delete", ""]);
    assert!(
        offered.iter().all(|word| word.starts_with("--")),
        "{offered:?}"
    );
}

#[test]
fn ids_to_delete_come_from_the_cluster_and_secrets_do_not() {
    let page = || {
        Reply::secrets(&[
            token("07401b.f395accd246ae52d", &[("description", b"rack 7")]),
            token("07402c.9r2c3d4e5f6g7h8i", &[]),
            token("abcdef.9r2c3d4e5f6g7h8i", &[("expiration", b"never")]),
        ])
    };
    let server = FakeServer::new([page(), page(), page()]);
    let home = Home::new(&server);
    assert_eq!(
        candidates(&home, &["delete", ""])[..2],
        ["07401b", "07402c"]
    );
    assert_eq!(candidates(&home, &["delete", "07402"]), ["07402c"]);
    let config = home.path("config");
    let config = config.to_str().unwrap();
    let elsewhere = Home::empty();
    let typed = ["--kubeconfig", config, "delete", "0"];
    assert_eq!(candidates(&elsewhere, &typed), ["07401b", "07402c"]);
    let nowhere = candidates(&elsewhere, &["delete", ""]);
    assert!(!nowhere.iter().any(|word| word.starts_with("074")));
}
