//! Remedies that could do harm, done as the docs tell: what was there before is there still.

pub(crate) mod rights;

use std::fs;
use std::net::Ipv6Addr;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use conformance::command::{Command, Program, ours};
use conformance::suite::Test;
use conformance::tests;

use crate::support::{
    admin, cluster_info, create, delete, found, plane, signed, without_controllers,
};

pub(crate) const TESTS: &[Test] = tests!["remedies":
    a_certificate_gets_a_name_and_keeps_those_it_has,
    a_cluster_info_written_anew_is_signed_anew,
];

fn kubeadm(arguments: &[&str]) -> conformance::command::Output {
    Command::new(Program::Kubeadm, ["init", "phase"])
        .args(arguments)
        .run()
}

/// `server-wrong-name`.
fn a_certificate_gets_a_name_and_keeps_those_it_has() {
    let dir = tempfile::tempdir().unwrap();
    let there = plane().ca_file().parent().unwrap().to_owned();
    let get = ["-n", "kube-system", "get", "configmap", "kubeadm-config"];
    let configuration = "jsonpath={.data.ClusterConfiguration}";
    let configuration = admin(&[&get[..], &["-o", configuration]].concat());
    let before = names(&there.join("apiserver.crt"));
    assert!(before.len() > 5, "{before:?}");
    // It would be looked for on the network.
    let version = configuration
        .lines()
        .find_map(|line| line.strip_prefix("kubernetesVersion: "));
    let version = format!("--kubernetes-version={}", version.unwrap());

    let made = |configuration: Option<&str>| {
        for file in ["ca.crt", "ca.key"] {
            fs::copy(there.join(file), dir.path().join(file)).unwrap();
        }
        for file in ["apiserver.crt", "apiserver.key"] {
            let _ = fs::remove_file(dir.path().join(file));
        }
        let path = dir.path().join("c.yaml").display().to_string();
        let folder = format!("--cert-dir={}", dir.path().display());
        let by = match configuration {
            Some(text) => {
                // The test's own folder in the place of /etc/kubernetes/pki.
                let [from, to] = [&there, dir.path()].map(|path| path.display().to_string());
                assert!(text.contains(&from), "{text}");
                fs::write(&path, text.replace(&from, &to)).unwrap();
                ["--config", &path]
            }
            None => [&*version, &folder],
        };
        kubeadm(&[&["certs", "apiserver"][..], &by].concat()).success();
        names(&dir.path().join("apiserver.crt"))
    };
    let mut all = before.clone();
    all.push("lb.example".to_owned());
    let (head, tail) = configuration.split_once("\n  certSANs:").unwrap();
    let sans = all.join("\n  - ");
    let added = made(Some(&format!("{head}\n  certSANs:\n  - {sans}{tail}")));
    for name in &all {
        assert!(added.contains(name), "{name} in {added:?}");
    }

    // What keeps them: the configuration for some, and what the old certificate shows for the others.
    let lost = |kept: &[String]| before.iter().filter(|name| !kept.contains(name)).count();
    let (of_defaults, of_configuration) = (made(None), made(Some(&configuration)));
    assert!(lost(&of_defaults) > lost(&of_configuration));
    assert!(lost(&of_configuration) > 0);
}

/// The names and addresses that a certificate is for.
fn names(path: &Path) -> Vec<String> {
    const ALTERNATIVE_NAMES: [u8; 5] = [0x06, 0x03, 0x55, 0x1d, 0x11];

    let pem = fs::read_to_string(path).unwrap();
    let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(base64).unwrap();
    let mut at = der
        .windows(5)
        .position(|some| some == ALTERNATIVE_NAMES)
        .unwrap()
        + 5;
    // An octet string with a sequence in it.
    at = content(&der, at).0;
    let (mut at, length) = content(&der, at);
    let end = at + length;
    let mut names = Vec::new();
    while at < end {
        let (from, length) = content(&der, at);
        let value = &der[from..from + length];
        names.push(match (der[at], value) {
            (0x82, name) => String::from_utf8(name.to_vec()).unwrap(),
            (0x87, &[a, b, c, d]) => format!("{a}.{b}.{c}.{d}"),
            (0x87, bytes) => Ipv6Addr::from(<[u8; 16]>::try_from(bytes).unwrap()).to_string(),
            other => panic!("{other:?}"),
        });
        at = from + length;
    }
    names
}

/// Where the content of an element begins, and how long it is.
fn content(der: &[u8], at: usize) -> (usize, usize) {
    match der[at + 1] {
        length @ ..=0x7f => (at + 2, length.into()),
        0x81 => (at + 3, der[at + 2].into()),
        0x82 => (
            at + 4,
            u16::from_be_bytes([der[at + 2], der[at + 3]]).into(),
        ),
        other => panic!("{other:#x}"),
    }
}

/// `kubeadm init phase bootstrap-token`, as several remedies have it: no signature is left by it alone.
fn a_cluster_info_written_anew_is_signed_anew() {
    let token = create();
    let before = signed(&token);
    let key = format!("jws-kubeconfig-{}", token.id());
    let config = plane()
        .ca_file()
        .parent()
        .unwrap()
        .with_file_name("kubeadm.yaml");
    let phase = || {
        let by = ["--config", config.to_str().unwrap(), "--kubeconfig"];
        let admin = plane().kubeconfig().display().to_string();
        kubeadm(&[&["bootstrap-token"][..], &by, &[&admin]].concat())
    };
    without_controllers(|| {
        phase().success();
        assert!(!cluster_info().contains_key(&key));
        // In the controller manager's place.
        let done = ours(["sign", "--write"])
            .kubeconfig(plane().kubeconfig())
            .run();
        done.success();
        assert_eq!(cluster_info()[&key], before);
        phase().success();
        assert!(!cluster_info().contains_key(&key));
    });
    // It runs again.
    assert_eq!(signed(&token), before);
    assert_eq!(found(&token), [""; 0]);
    delete(&token);
    // What kubeadm makes beside it.
    let configuration = plane().kubeadm_config();
    let (_, beside) = configuration.split_once("- token: ").unwrap();
    plane()
        .admin()
        .delete_secret(&format!("bootstrap-token-{}", &beside[..6]));
}
