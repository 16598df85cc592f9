//! Who is told what next to the result: a person all, after the result; a program what the result lacks, and that not in
//! the result's own pipe or file. `docs/DIFFERENCES.md` has the rule.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::process::Command;

use crate::discover::support::{Authority, TOKEN, info, kubeconfig, signed};
use crate::fake_server::{FakeServer, Reply, base64, secret, token};
use crate::join_command::{cluster, home};
use crate::process::{self, Home, restrict};
use crate::{pty, sign};

/// What a run says.
struct Said<'a> {
    home: &'a Home,
    args: &'a [&'a str],
    /// Lines for persons.
    advice: &'a [&'a str],
    /// Lines for programs too.
    findings: &'a [&'a str],
}

fn text(bytes: Vec<u8>, home: &Home) -> String {
    let here = home.path("");
    let here = here.to_str().unwrap().trim_end_matches('/');
    String::from_utf8(bytes).unwrap().replace(here, "DIR")
}

fn in_one_pipe(mut command: Command) -> Vec<u8> {
    let (mut reader, writer) = std::io::pipe().unwrap();
    command.stdout(writer.try_clone().unwrap()).stderr(writer);
    let mut child = command.spawn().unwrap();
    drop(command);
    let mut both = Vec::new();
    reader.read_to_end(&mut both).unwrap();
    child.wait().unwrap();
    both
}

fn in_one_file(mut command: Command) -> Vec<u8> {
    let mut file = tempfile::tempfile().unwrap();
    command
        .stdout(file.try_clone().unwrap())
        .stderr(file.try_clone().unwrap());
    command.status().unwrap();
    let mut both = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut both).unwrap();
    both
}

fn on_one_terminal(command: Command) -> Vec<u8> {
    let run = pty::run_on(command, |command, terminal: File| {
        command
            .stdout(terminal.try_clone().unwrap())
            .stderr(terminal);
    });
    run.screen
}

impl Said<'_> {
    /// Runs four times: the server replies to each.
    #[track_caller]
    fn is_told(&self) {
        let Self { home, args, .. } = self;
        let lines = |lines: &[&str]| -> String {
            let ended = lines.iter().flat_map(|line| [*line, "\n"]);
            ended.collect()
        };
        let (advice, findings) = (lines(self.advice), lines(self.findings));
        assert!(!(advice + &findings).is_empty());

        let two_pipes = home.run(args);
        two_pipes.is(0, &two_pipes.stdout, &findings);
        let result = &two_pipes.stdout;
        assert!(!result.is_empty());
        assert_eq!(
            text(in_one_pipe(home.command(args)), home),
            *result,
            "one pipe"
        );
        assert_eq!(
            text(in_one_file(home.command(args)), home),
            *result,
            "one file"
        );
        let screen = text(on_one_terminal(home.command(args)), home).replace("\r\n", "\n");
        let told = screen.strip_prefix(result.as_str());
        let mut told: Vec<_> = told.expect("the result comes first").lines().collect();
        told.sort_unstable();
        let mut all = [self.advice, self.findings].concat();
        all.sort_unstable();
        assert_eq!(told, all, "a terminal");
    }
}

const FOR_EVER: &str =
    "warning: the token will never expire; delete it when it has served its purpose";

fn created(head: &'static str) -> FakeServer {
    FakeServer::new(vec![Reply::Whole(201, head, secret("abcdef", &[])); 4])
}

#[test]
fn of_a_token_that_is_made() {
    for args in [
        &["create", TOKEN, "--ttl=0"][..],
        &["create", TOKEN, "--ttl=0", "-o", "json"],
        &["manifest", TOKEN, "--ttl=0"],
        &["manifest", TOKEN, "--ttl=0", "-o", "json"],
    ] {
        let server = created("");
        let home = &Home::new(&server);
        let advice = &[FOR_EVER];
        Said {
            home,
            args,
            advice,
            findings: &[],
        }
        .is_told();
    }

    let there = cluster(vec![Reply::Whole(201, "", secret("abcdef", &[])); 4]);
    let authority = format!(
        "certificate-authority-data: {}",
        base64(there.pem.as_bytes())
    );
    let home = &home(&there, &authority);
    let itself = format!(
        "warning: the join command names {}: there each machine looks for the API server on itself",
        there.server.url().replace("https://", "")
    );
    let help = "help: write an address there that other machines reach; `kubectl -n kube-public get configmap cluster-info -o yaml` shows the one that the cluster publishes";
    let args = &["create", TOKEN, "--ttl=0", "--print-join-command"];
    Said {
        home,
        args,
        advice: &[FOR_EVER, &itself, help],
        findings: &[],
    }
    .is_told();
}

#[test]
fn of_a_dry_run() {
    let no = Reply::refusal(404, "NotFound", "none");
    let server = FakeServer::new(vec![no; 8]);
    let home = &Home::new(&server);
    home.write(
        "f",
        &format!(
            "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n\
             bootstrapTokens: [{{token: {TOKEN}, ttl: 0s}}, {{token: ghijkl.9r2c3d4e5f6g7h8i, ttl: 0s}}]\n"
        ),
    );
    let args = &["create", "--config=f", "--dry-run"];
    // Nothing is created.
    Said {
        home,
        args,
        advice: &[FOR_EVER, FOR_EVER],
        findings: &[],
    }
    .is_told();
    server.asked();
}

#[test]
fn of_a_configuration() {
    let server = created("");
    let home = &Home::new(&server);
    let config = format!(
        "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n\
         bootstrapTokens: [{{token: {TOKEN}, groops: [x]}}]\n"
    );
    restrict(&home.write("f", &config), 0o644);
    Said {
        home,
        args: &["create", "--config=f"],
        advice: &["warning: other users may read the tokens in f: `chmod 600 f`"],
        findings: &[
            "warning: f: InitConfiguration: strict decoding error: unknown field \"bootstrapTokens[0].groops\" (ignored)",
        ],
    }
    .is_told();
}

#[track_caller]
fn is_told_of_a_clock(told: &str) {
    let dead = " is already expired: the API server's clock shows 2115-01-01T00:00:00Z, this machine's shows ";
    let help = "help: correct the clock that is wrong, then create another token\n";
    assert!(told.starts_with("warning: the token "), "{told}");
    assert!(
        told.contains(dead) && told.contains("Z, and it expires at "),
        "{told}"
    );
    assert!(told.ends_with(help) && told.lines().count() == 2, "{told}");
}

/// The token is of no use to whoever asked for it.
#[test]
fn of_a_clock_by_which_a_new_token_is_dead() {
    let server = FakeServer::new(vec![
        Reply::Whole(
            201,
            "date: Tue, 01 Jan 2115 00:00:00 GMT\r\n",
            secret("abcdef", &[]),
        );
        5
    ]);
    let home = Home::new(&server);
    for args in [&["create"][..], &["create", TOKEN, "--ttl=1h"]] {
        let outcome = home.run(args);
        assert_eq!(outcome.code, 0);
        assert_eq!(outcome.stdout.len(), TOKEN.len() + 1);
        is_told_of_a_clock(&outcome.stderr);
    }
    let on_terminal = home.watched(&["create", TOKEN]);
    assert_eq!(on_terminal.stdout, format!("{TOKEN}\n"));
    is_told_of_a_clock(&on_terminal.stderr);
    let merged = text(in_one_pipe(home.command(&["create", TOKEN])), &home);
    assert_eq!(merged, format!("{TOKEN}\n"));
    // It never expires.
    home.run(&["create", TOKEN, "--ttl=0"])
        .is(0, &format!("{TOKEN}\n"), "");
    let server = created("date: Tue, 01 Jan 2019 00:00:00 GMT\r\n");
    Home::new(&server)
        .run(&["create", TOKEN])
        .is(0, &format!("{TOKEN}\n"), "");
}

#[test]
fn of_a_list() {
    let page = Reply::secrets(&[secret("badbad", &[]), token(TOKEN, &[])]);
    for args in [
        &["list"][..],
        &["list", "-o", "json"],
        &["list", "--sort-by=token"],
    ] {
        let server = FakeServer::new(vec![page.clone(); 4]);
        Said {
            home: &Home::new(&server),
            args,
            advice: &[],
            findings: &[
                "Secret \"bootstrap-token-badbad\" in kube-system is not a readable bootstrap token: its data has no \"token-id\"",
            ],
        }
        .is_told();
    }
}

#[test]
fn of_a_server_that_is_not_verified() {
    let gone = Reply::ok(r#"{"kind":"Status","apiVersion":"v1","status":"Success"}"#);
    for (args, reply) in [
        (&["list"][..], Reply::secrets(&[token(TOKEN, &[])])),
        (&["delete", "abcdef"], gone),
    ] {
        let there = cluster(vec![reply; 4]);
        Said {
            home: &home(&there, "insecure-skip-tls-verify: true"),
            args,
            advice: &[
                "warning: DIR/config has insecure-skip-tls-verify for cluster \"fake\": whoever sits between can read the token",
            ],
            findings: &[],
        }
        .is_told();
    }
}

#[test]
fn of_pins() {
    let outdated = Authority::valid("old", 2001, 2002);
    let home = &Home::empty();
    home.write("ca.pem", &outdated.pem);
    let warning = format!(
        "warning: the certificate in ca.pem with {} expired at 2002-01-01T00:00:00Z",
        outdated.pin()
    );
    for args in [&["pin", "ca.pem"][..], &["pin", "ca.pem", "-o", "yaml"]] {
        Said {
            home,
            args,
            advice: &[&warning],
            findings: &[],
        }
        .is_told();
    }

    // A pin that somebody may have put there is not handed out without a word.
    let (ca, other) = (Authority::new("kubernetes"), Authority::new("other"));
    let server = ca.server("127.0.0.1", []);
    let both = kubeconfig(&format!("{}{}", ca.pem, other.pem));
    let both = both.replace("https://cp.example:6443", &server.url());
    server.then(vec![info(&both, &[]); 4]);
    let home = &Home::empty();
    let trusted = format!(
        "{}\n    certificate-authority-data: {}",
        server.url(),
        base64(ca.pem.as_bytes())
    );
    home.write("config", &process::kubeconfig(&trusted, "token: x"));
    let warning = format!(
        "warning: {}: cluster-info has this CA, and the kubeconfig does not trust it",
        other.pin()
    );
    let args = &["pin", "--cluster"];
    Said {
        home,
        args,
        advice: &[],
        findings: &[
            &warning,
            "help: if the CA is being rotated, this pin is right; if not, give it to nobody, and run `kubeadm-token diagnose`",
        ],
    }
    .is_told();
}

/// A person reads it before anything is signed, a program what it cannot see in the result.
#[test]
fn of_what_is_signed() {
    let ca = Authority::new("kubernetes");
    let nothing = "apiVersion: v1\nkind: Config\n";
    let vouched = format!(
        "warning: whoever signs vouches for the server cp.example:6443 and the CA {}, which stand in cluster-info: see that they are this cluster's; \
         this kubeconfig knows no server by a CA, so that nothing was compared: --ca-pin or --ca-file does\n",
        ca.pin()
    );
    let useless =
        "warning: no machine can join by what is signed here: the kubeconfig names no cluster\n";
    let args = ["sign", "--write", "--danger-skip-ca-pin"];
    for (published, warning, finding) in [
        (&*kubeconfig(&ca.pem), &*vouched, ""),
        (nothing, useless, useless),
    ] {
        let once = [
            sign::cluster_info(&[("kubeconfig", published)]),
            Reply::secrets(&[sign::signing("miss00")]),
            Reply::ok("{}"),
        ];
        let server = FakeServer::new(vec![once; 4].concat());
        let home = Home::new(&server);
        let two_pipes = home.run(&args);
        let result =
            "TOKEN ID   SIGNATURE         WHY\nmiss00     missing, signed   there is none\n";
        two_pipes.is(0, result, finding);
        assert_eq!(text(in_one_pipe(home.command(&args)), &home), result);
        assert_eq!(text(in_one_file(home.command(&args)), &home), result);
        let screen = text(on_one_terminal(home.command(&args)), &home).replace("\r\n", "\n");
        assert_eq!(screen, format!("{warning}{result}"));
        server.asked();
    }
}

/// A right that the administrator does not have leaves a check out.
#[test]
fn of_a_check_that_was_not_made() {
    let ca = Authority::new("kubernetes");
    let no = Reply::refusal(403, "Forbidden", "no");
    let named = ca.server("127.0.0.1", vec![no; 8]);
    let published = kubeconfig(&ca.pem).replace("https://cp.example:6443", &named.url());
    let asked = ca.server("127.0.0.1", vec![signed(&published, TOKEN); 8]);
    let home = Home::empty();
    restrict(&home.write("token", TOKEN), 0o600);
    let (url, pin) = (asked.url(), ca.pin());
    let args = [
        "diagnose",
        "--token-file=token",
        "--server",
        &url,
        "--ca-pin",
        &pin,
    ];
    let two_pipes = home.run(&args);
    assert_eq!(two_pipes.code, 1);
    let warning = "warning: not looked at: whether a token's groups may ask for a certificate";
    assert!(two_pipes.stderr.starts_with(warning), "{two_pipes:?}");
    // The run fails, so that all is told in one pipe too.
    let both = format!("{}{}", two_pipes.stdout, two_pipes.stderr);
    assert_eq!(text(in_one_pipe(home.command(&args)), &home), both);
    assert_eq!(text(in_one_file(home.command(&args)), &home), both);
    let screen = text(on_one_terminal(home.command(&args)), &home);
    assert_eq!(screen.replace("\r\n", "\n"), both);
}

#[test]
fn of_a_cluster_that_is_trusted_without_a_pin() {
    let ca = Authority::new("kubernetes");
    let server = ca.server("127.0.0.1", vec![signed(&kubeconfig(&ca.pem), TOKEN); 4]);
    let home = &Home::empty();
    home.write("token", TOKEN);
    let url = server.url();
    let note = format!(
        "note: the kubeconfig leads to https://cp.example:6443, as cluster-info says, and not to {url}, which answered"
    );
    Said {
        home,
        args: &[
            "discover",
            &url,
            "--token-file=token",
            "--danger-skip-ca-pin",
        ],
        advice: &[
            "warning: without a pin, everybody who ever held the token can pass for the cluster",
            &note,
        ],
        findings: &[],
    }
    .is_told();
}

#[test]
fn whoever_asks_for_a_log_is_told_all() {
    let home = Home::empty();
    let args = ["manifest", TOKEN, "--ttl=0"];
    let quiet = home.run(&args);
    let logged = home.run(&[&args[..], &["-v=1"]].concat());
    logged.is(0, &quiet.stdout, &format!("{FOR_EVER}\n"));
}

/// An error is told everywhere, and what was done before it.
#[test]
fn of_a_failure() {
    let replies = [
        Reply::Whole(201, "", secret("abcdef", &[])),
        Reply::refusal(403, "Forbidden", "no"),
    ];
    let server = FakeServer::new([replies.clone(), replies].concat());
    let home = Home::new(&server);
    home.write(
        "f",
        &format!(
            "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\n\
             bootstrapTokens: [{{token: {TOKEN}, ttl: 0s}}, {{token: ghijkl.9r2c3d4e5f6g7h8i}}]\n"
        ),
    );
    let args = ["create", "--config=f"];
    let two_pipes = home.run(&args);
    assert_eq!(two_pipes.code, 1);
    let begin =
        "warning: created and not printed: abcdef; see them with `kubeadm-token list`\nerror: ";
    assert!(two_pipes.stderr.starts_with(begin), "{}", two_pipes.stderr);
    assert_eq!(
        text(in_one_pipe(home.command(&args)), &home),
        two_pipes.stderr
    );
    server.asked();
}
