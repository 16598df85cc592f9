//! Kubeconfigs that lead nowhere: the cause is named, and the next step.

use std::path::Path;

use conformance::command::{Command, ours};
use conformance::kubeconfig::Kubeconfig;
use conformance::suite::Test;
use conformance::{pki, secrets, tests};
use serde_json::json;

use crate::support::{create, plane, rows};

pub(crate) const TESTS: &[Test] = tests!["kubeconfig":
    a_file_that_is_of_no_use_says_why,
    a_cluster_that_is_another_is_not_trusted,
    an_expired_certificate_is_told_with_its_date,
    the_file_is_found_as_kubeadm_finds_it,
];

#[track_caller]
fn refused(kubeconfig: &Path, causes: &[&str]) {
    for arguments in [["list"], ["create"]] {
        let output = ours(arguments).kubeconfig(kubeconfig).run();
        let text = output.failure();
        for cause in causes {
            assert!(text.contains(cause), "want {cause:?}: {output:?}");
        }
        assert!(
            text.starts_with("error: ") && text.contains("\nhelp: "),
            "{output:?}"
        );
        assert_eq!(output.stdout, "");
    }
}

fn a_file_that_is_of_no_use_says_why() {
    let plane = plane();
    let good = std::fs::read_to_string(plane.kubeconfig()).unwrap();
    secrets::register_text("hunter2-of-a-kubeconfig");
    let text = |text: &str, causes: &[&str]| refused(&Kubeconfig::from_text(text).path(), causes);

    refused(
        Path::new("/there/is/none"),
        &["/there/is/none", "no such file or directory"],
    );
    refused(Path::new("/"), &["is a directory"]);
    text("", &["current-context"]);
    text(
        "a: [b\npassword: hunter2-of-a-kubeconfig",
        &["is not the YAML of a kubeconfig"],
    );
    text(
        "- hunter2-of-a-kubeconfig",
        &["is not the YAML of a kubeconfig"],
    );
    text(
        &good.replace("current-context: ", "current-context: hunter-"),
        &["has no context \"hunter-"],
    );
    text(
        &good.replace("    cluster: kubernetes", "    cluster: elsewhere"),
        &["has no cluster \"elsewhere\""],
    );
    text(
        &good.replace("    user: kubernetes", "    user: somebody-"),
        &["has no user \"somebody-"],
    );
    text(
        &good.replace(
            "certificate-authority-data: ",
            "certificate-authority-data: '%' #",
        ),
        &["certificate-authority-data is not base64"],
    );
    text(
        &good.replace("client-key-data: ", "x: "),
        &["it has a client certificate and no key"],
    );
    text(
        &good.replace("server: https://127", "server: ht tps://127"),
        &["its server is not a URL"],
    );

    let cluster = json!({"server": plane.server(), "certificate-authority": "gone.crt"});
    refused(
        &Kubeconfig::new(&cluster, &json!({})).path(),
        &["gone.crt", "no such file or directory"],
    );
}

fn a_cluster_that_is_another_is_not_trusted() {
    let plane = plane();
    let other = pki::another_authority(&plane);
    let cluster =
        json!({"server": plane.server(), "certificate-authority": other.path().join("ca.crt")});
    secrets::register_text("credential-for-another-cluster");
    let kubeconfig = Kubeconfig::new(
        &cluster,
        &json!({"token": "credential-for-another-cluster"}),
    );
    refused(&kubeconfig.path(), &["certificate", "is not that of"]);
    // Without an authority there is nothing to trust, and no trust store of the machine's helps.
    let cluster = json!({"server": plane.server()});
    let kubeconfig = Kubeconfig::new(
        &cluster,
        &json!({"token": "credential-for-another-cluster"}),
    );
    refused(&kubeconfig.path(), &["certificate"]);
}

fn an_expired_certificate_is_told_with_its_date() {
    let kubeconfig = pki::expired_user(&plane());
    refused(&kubeconfig.path(), &["its client certificate expired at 2"]);
}

fn the_file_is_found_as_kubeadm_finds_it() {
    let plane = plane();
    let token = create(&[]);
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join(".kube")).unwrap();
    std::fs::copy(plane.kubeconfig(), home.path().join(".kube/config")).unwrap();
    let finds = |command: Command| {
        let output = command.prints_token().run();
        assert_eq!(rows(output.success(), token.id()).len(), 1);
    };
    finds(ours(["list"]).env("KUBECONFIG", plane.kubeconfig()));
    finds(ours(["list"]).env("HOME", home.path()));
    // The flag wins over the variable.
    finds(
        ours(["list"])
            .env("KUBECONFIG", "/there/is/none")
            .kubeconfig(plane.kubeconfig()),
    );
    let output = ours(["list"])
        .env("KUBECONFIG", "/there/is/none")
        .env("HOME", home.path())
        .run();
    assert!(output.failure().contains("/there/is/none"), "{output:?}");
}
