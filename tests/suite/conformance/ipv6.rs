//! IPv6 from end to end: every verb on an API server that listens on `[::1]` alone, directly and through a proxy.

use std::ffi::OsStr;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{self, Stdio};

use bootstrap_token::Token;
use conformance::command::{
    Command, Program, folder_of_kubeadm, kubeadm, kubeadm_discover, kubectl, ours,
};
use conformance::control_plane::ControlPlane;
use conformance::kubeconfig::Kubeconfig;
use conformance::proxy::Proxy;
use conformance::suite::{Test, Trial, trial};
use conformance::{tests, wait};
use serde_json::{Value, json};

use crate::support::{created, pin_of, plane};

pub(crate) const TESTS: &[Test] = tests!["ipv6":
    every_verb_directly_and_through_a_proxy,
];

/// The address of the API server's certificate that exists nowhere: no proxy is asked for a loopback address.
const PROXIED: &str = "[2001:db8::7]";

/// How the API server is reached.
struct Way {
    plane: ControlPlane,
    /// `[ADDRESS]:PORT`.
    server: String,
    kubeconfig: PathBuf,
    proxy: String,
}

fn every_verb_directly_and_through_a_proxy() {
    TcpListener::bind("[::1]:0").expect("IPv6 is on: ::1 is an address of this machine");
    let plane = ControlPlane::start_with(&["--listen", "::1"]);
    let server = plane.server().replace("https://", "");
    assert!(server.starts_with("[::1]:"), "{server}");
    let text = fs::read_to_string(plane.kubeconfig()).unwrap();
    let kubeconfig = plane.kubeconfig().to_owned();
    let mut way = Way {
        plane,
        server: server.clone(),
        kubeconfig,
        proxy: String::new(),
    };
    all_verbs(&way);

    let proxy = Proxy::to(server.parse::<SocketAddr>().unwrap());
    let proxied = server.replace("[::1]", PROXIED);
    let kubeconfig = Kubeconfig::from_text(&text.replace("[::1]", PROXIED));
    way.server.clone_from(&proxied);
    way.kubeconfig = kubeconfig.path();
    way.proxy = proxy.url();
    all_verbs(&way);
    let asked = proxy.asked();
    assert!(asked.len() > 10, "{asked:?}");
    assert!(asked.iter().all(|asked| *asked == proxied), "{asked:?}");
}

fn all_verbs(way: &Way) {
    let pin = pin_of(way.plane.ca_file());
    let pinned = way.admin(&["pin", "--cluster"]).run();
    assert_eq!(pinned.success(), format!("{pin}\n"));
    let token = created(way.admin(&["create"]));
    the_join_command_is_kubeadm_s(way);
    let list = way.admin(&["list", "-o", "name"]).run();
    let name = format!("bootstrap-token-{}", token.id());
    assert!(list.success().contains(&name), "{list:?}");
    wait::until_true("the controller manager signs", || {
        let key = format!("jws-kubeconfig-{}", token.id());
        way.plane.admin().cluster_info().contains_key(&key)
    });
    way.admin(&["sign"]).run().success();
    discovered(way, &token, &pin);
    let healthy = way.admin(&["diagnose", "-"]);
    healthy.stdin(token.expose().as_bytes()).run().success();
    let met = way.ours(&["diagnose", "-", "--server", &way.server, "--ca-pin", &pin]);
    met.stdin(token.expose().as_bytes()).run().success();
    way.admin(&["delete", token.id().as_str()]).run().success();
    let list = way.admin(&["list", "-o", "name"]).run();
    assert!(!list.success().contains(&name), "{list:?}");
}

/// Where it leads the joining machine to itself, that is told.
fn the_join_command_is_kubeadm_s(way: &Way) {
    let join = ["create", "--print-join-command"];
    let ours = way.admin(&join).args(["-v=1"]).prints_token().run();
    let theirs = way.with_proxy(kubeadm(join).kubeconfig(&way.kubeconfig));
    let theirs = theirs.prints_token().run();
    let start = format!("kubeadm join {} --token ", way.server);
    assert!(ours.success().starts_with(&start), "{ours:?}");
    assert!(theirs.success().starts_with(&start), "{theirs:?}");
    let warning = format!("warning: the join command names {}: ", way.server);
    assert_eq!(ours.stderr.contains(&warning), way.proxy.is_empty());
}

fn discovered(way: &Way, token: &Token, pin: &str) {
    let discover = |more: &[&str]| {
        let command = way.ours(&["discover", &way.server, "--token", "-", "--ca-pin", pin]);
        command.args(more).stdin(token.expose().as_bytes())
    };
    let verdict = discover(&["-o", "json"]).run();
    let verdict: Value = serde_json::from_str(verdict.success()).unwrap();
    let published = way.plane.server().replace("https://", "");
    assert_eq!(verdict["apiServerEndpoint"], json!(published));
    assert_eq!(verdict["answeredBy"], json!(way.server));

    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bootstrap.conf");
    let written = discover(&["-v=1", "--out-file"]).args([&file]).run();
    written.success();
    let note = format!(
        "note: the kubeconfig leads to https://{published}, as cluster-info says, and not to https://{}, which answered\n",
        way.server
    );
    assert_eq!(written.stderr.contains(&note), published != way.server);
    let who = kubectl([
        "auth",
        "whoami",
        "-o",
        "jsonpath={.status.userInfo.username}",
    ]);
    let who = who.kubeconfig(&file).run();
    assert_eq!(who.success(), format!("system:bootstrap:{}", token.id()));

    let theirs = kubeadm_discover(&way.server, token, ["--timeout", "60s", "--pin", pin]);
    let theirs = way.with_proxy(theirs).run();
    let server = format!("server: https://{published}\n");
    assert!(theirs.success().contains(&server), "{theirs:?}");
}

/// In a namespace of its own, where a file lies over `/etc/hosts`.
const OVER: &str = "mount --bind \"$0\" /etc/hosts && exec \"$@\"";

fn over(hosts: &Path, program: impl AsRef<OsStr>) -> process::Command {
    let mut command = process::Command::new("unshare");
    command
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", OVER])
        .arg(hosts)
        .arg(program);
    command
}

/// A name with an address of each family, and nobody listens at the one that is tried first. Ignored, which is said, where
/// no such namespace is to be had.
pub(crate) fn a_name_with_an_address_that_is_dead() -> Trial {
    let folder = tempfile::tempdir().unwrap();
    let hosts = folder.path().join("hosts");
    fs::write(&hosts, "::1 localhost\n127.0.0.1 localhost\n").unwrap();
    let probe = over(&hosts, "true").stderr(Stdio::null()).status();
    let is_to_be_had = probe.is_ok_and(|done| done.success());
    let test = move || {
        let plane = plane();
        let text = fs::read_to_string(plane.kubeconfig()).unwrap();
        let by_name = text.replace("127.0.0.1", "localhost");
        assert_ne!(text, by_name);
        let kubeconfig = Kubeconfig::from_text(&by_name);
        for program in [Program::OursAsKubeadm, Program::Kubeadm] {
            let link = folder_of_kubeadm(program);
            let output = over(&folder.path().join("hosts"), link.path().join("kubeadm"))
                .args(["token", "list", "--kubeconfig"])
                .arg(kubeconfig.path())
                .output()
                .unwrap();
            // What it lists is secret. Another test's Secrets may be named on standard error.
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(0), "{program:?}: {said}");
            assert!(!said.contains("error: "), "{program:?}: {said}");
        }
    };
    trial("ipv6::a_name_with_an_address_that_is_dead", test).with_ignored_flag(!is_to_be_had)
}

impl Way {
    fn with_proxy(&self, command: Command) -> Command {
        command.env("HTTPS_PROXY", &self.proxy)
    }

    fn ours(&self, arguments: &[&str]) -> Command {
        self.with_proxy(ours(arguments))
    }

    fn admin(&self, arguments: &[&str]) -> Command {
        self.ours(arguments).kubeconfig(&self.kubeconfig)
    }
}
