//! As a plugin of the real kubectl, which runs and completes it.

use std::os::unix::fs::symlink;

use conformance::command::{Command, Program, kubectl, ours};
use conformance::suite::Test;
use conformance::tests;
use tempfile::TempDir;

use crate::support::{create, plane};

pub(crate) const TESTS: &[Test] = tests!["plugin":
    kubectl_runs_it_for_a_context,
    kubectl_completes_it,
];

/// As `make install` puts it on the path.
fn installed() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in [
        "kubectl-bootstrap_token",
        "kubectl_complete-bootstrap_token",
    ] {
        symlink(Program::Ours.file(), folder.path().join(name)).unwrap();
    }
    folder
}

fn run(folder: &TempDir, arguments: &[&str]) -> Command {
    kubectl(arguments)
        .env("PATH", folder.path())
        .env("KUBECONFIG", plane().kubeconfig())
}

fn kubectl_runs_it_for_a_context() {
    let (folder, token) = (installed(), create(&[]));
    let context = kubectl(["config", "current-context"])
        .kubeconfig(plane().kubeconfig())
        .run();
    let context = context.success().trim_end();
    let list = [
        "bootstrap-token",
        "--context",
        context,
        "list",
        "-o",
        "name",
    ];
    let list = run(&folder, &list).run();
    let name = format!("secret/bootstrap-token-{}", token.id());
    assert!(list.success().lines().any(|line| line == name), "{list:?}");

    let none = ["bootstrap-token", "--context=none", "list"];
    let none = run(&folder, &none).run();
    let named = format!("\nhelp: name one that it has behind --context: {context:?}\n");
    assert!(none.failure().ends_with(&named), "{none:?}");

    // kubectl takes both spellings of its name.
    let version = run(&folder, &["bootstrap_token", "--version"]).run();
    assert!(
        version.success().starts_with("kubeadm-token "),
        "{version:?}"
    );

    // What `list -o name` prints is taken as it is.
    let delete = run(&folder, &["bootstrap-token", "delete", &name]).run();
    let said = format!("bootstrap token \"{}\" deleted\n", token.id());
    assert_eq!(delete.success(), said);
}

fn kubectl_completes_it() {
    let (folder, token) = (installed(), create(&["--description", "rack 7"]));
    let completed = |words: &[&str]| {
        let all = [&["__complete", "bootstrap-token"], words].concat();
        run(&folder, &all).run().success().to_owned()
    };
    assert_eq!(
        completed(&["gen"]),
        "generate\tGenerate and print a bootstrap token, but do not create it on the server\n:4\n"
    );
    assert_eq!(completed(&["create", "-o", ""]), "text\njson\nyaml\n:4\n");
    let ids = completed(&["delete", ""]);
    assert!(ids.contains(&format!("{}\track 7\n", token.id())), "{ids}");
    assert!(!ids.contains(token.secret().expose()), "a secret");
    // kubectl itself offers the plugin.
    let plugin = run(&folder, &["__complete", "bootstrap-t"]).run();
    assert!(
        plugin.success().starts_with("bootstrap-token\t"),
        "{plugin:?}"
    );
    ours(["delete", token.id().as_str()])
        .kubeconfig(plane().kubeconfig())
        .run()
        .success();
}
