//! At the highest verbosity, whatever happens: no secret in what is logged or said.

use crate::fake_server::{FakeServer, Reply, base64, secret, token};
use crate::process::{Home, kubeconfig};

const SECRET: &str = "9r2c3d4e5f6g7h8i";
const TOKEN: &str = "abcdef.9r2c3d4e5f6g7h8i";
const OTHER: &str = "f395accd246ae52d";
const BEARER: &str = "kubeconfig-bearer-token-1";
const PASSWORD: &str = "kubeconfig-password-1";
const PLUGIN: &str = "plugin-token-1";

/// Each of them as it is, and as it goes over the wire.
fn forms() -> Vec<String> {
    let mut forms = Vec::new();
    for secret in [SECRET, OTHER, BEARER, PASSWORD, PLUGIN] {
        forms.push(secret.to_owned());
        forms.push(base64(secret.as_bytes()));
    }
    forms.push(base64(format!("ann:{PASSWORD}").as_bytes()));
    forms
}

#[track_caller]
fn holds_no_secret(text: &str, what: &str) {
    for form in forms() {
        assert!(!text.contains(&form), "{what} shows {form}:\n{text}");
    }
}

/// Runs with `-v=10` to this exit code, and looks at standard error; at standard output too, unless tokens
/// belong there. The server has to be asked: a run that ends before it proves nothing.
#[track_caller]
fn check(replies: &[Reply], user: &str, args: &[&str], code: i32, prints_token: bool) {
    let (server, cluster) = FakeServer::trusted(replies.to_vec());
    let home = Home::empty();
    home.write("config", &kubeconfig(&cluster, user));
    home.write("token", TOKEN);
    let outcome = home.run_with(&[args, &["-v=10"]].concat(), TOKEN.as_bytes());
    let what = format!("{args:?} with {user:?}");
    assert_eq!(outcome.code, code, "{what}:\n{}", outcome.stderr);
    assert!(server.was_asked(), "{what}");
    holds_no_secret(&outcome.stderr, &what);
    if !prints_token {
        holds_no_secret(&outcome.stdout, &what);
    }
    // It did log, or the test would see nothing.
    assert!(
        outcome.stderr.contains("Using kubeconfig file: DIR/config"),
        "{}",
        outcome.stderr
    );
}

fn users() -> [String; 4] {
    [
        format!("token: {BEARER}"),
        format!("username: ann\npassword: {PASSWORD}"),
        format!(
            "exec: {{apiVersion: client.authentication.k8s.io/v1, command: echo, args: ['{{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\",\"status\":{{\"token\":\"{PLUGIN}\"}}}}'], interactiveMode: Never}}"
        ),
        format!("token: {BEARER}\ntokenFile: none"),
    ]
}

#[test]
fn when_all_goes_well() {
    let items = [
        token(TOKEN, &[]),
        secret(
            "badbad",
            &[
                ("token-id", b"badbad"),
                ("token-secret", b"F395accd246ae52d"),
            ],
        ),
    ];
    for user in users() {
        let created = [Reply::Whole(201, "", token(TOKEN, &[]))];
        check(&created, &user, &["create", "-"], 0, true);
        check(&created, &user, &["create", "--token-file=token"], 0, true);
        check(&[Reply::secrets(&items)], &user, &["list"], 0, true);
        let gone = [Reply::ok(token(TOKEN, &[]))];
        check(&gone, &user, &["delete", TOKEN], 0, false);
        check(
            &[Reply::ok(token(&format!("abcdef.{OTHER}"), &[]))],
            &user,
            &["create", "-", "--dry-run"],
            1,
            false,
        );
    }
}

#[test]
fn when_the_server_repeats_them() {
    let user = &users()[0];
    let echo = format!(
        "admission webhook denied {{token-secret: {}}} {TOKEN} abcdef.{OTHER}",
        base64(SECRET.as_bytes())
    );
    for reply in [
        Reply::refusal(422, "Invalid", &echo),
        Reply::refusal(403, "Forbidden", &echo),
        Reply::refusal(500, "InternalError", &echo),
        Reply::Whole(200, "", format!("{echo} is not JSON")),
        Reply::Whole(400, "", echo.clone()),
        Reply::Whole(302, "location: http://127.0.0.1:1/\r\n", echo.clone()),
        Reply::ok(format!(
            r#"{{"kind":"SecretList","items":[{{"data":{{"token-secret":"{TOKEN}"}}}}]}}"#
        )),
        Reply::ok(format!(r#"{{"kind":"SecretList","items":"{TOKEN}"}}"#)),
        Reply::ok(format!(r#"{{"kind":"Secret","data":"{TOKEN}"}}"#)),
    ] {
        // A list is tried again where that may help.
        let replies = vec![reply; 64];
        // A create or a delete that is answered by 200 has been carried out, whatever else is said.
        let created = matches!(&replies[0], Reply::Whole(200, ..));
        check(
            &replies[..1],
            user,
            &["create", "-"],
            i32::from(!created),
            created,
        );
        if !matches!(&replies[0], Reply::Whole(500, ..)) {
            check(&replies, user, &["list"], 1, false);
            check(
                &replies,
                user,
                &["delete", TOKEN],
                i32::from(!created),
                false,
            );
        }
    }
}

#[test]
fn when_the_connection_breaks() {
    let user = &users()[0];
    let cut = Reply::CutOff(token(TOKEN, &[]));
    check(
        &[Reply::CutOff(token(TOKEN, &[]))],
        user,
        &["create", "-"],
        0,
        true,
    );
    check(&vec![cut; 64], user, &["list"], 1, false);
}

#[test]
fn when_the_arguments_are_wrong() {
    let home = Home::empty();
    home.write("config", &kubeconfig("https://127.0.0.1:1", "token: x"));
    let half = format!("abcdef.{SECRET}x");
    let flag = format!("--{TOKEN}");
    let file = format!("missing/{TOKEN}");
    let (comma, bracketed) = (format!("07401b,{OTHER}"), format!("[{OTHER}]"));
    for args in [
        &[TOKEN][..],
        &["create", &half],
        &["create", TOKEN, TOKEN],
        &["create", &flag],
        &["create", "--ttl", TOKEN],
        &["create", "--usages", TOKEN],
        &["create", "--groups", TOKEN],
        &["create", "--dry-run", TOKEN, "--token-file", "x"],
        &["create", "--token-file", TOKEN],
        &["create", "--token-file", &half],
        &["create", "--token-file", &file],
        &["list", "--kubeconfig", TOKEN],
        &["list", "--kubeconfig", &half],
        &["list", "--kubeconfig", &file],
        &["list", "--context", TOKEN],
        &["list", "--context", &half],
        &["list", "--rootfs", TOKEN],
        &["list", "--rootfs", &half],
        &["create", "--version=", TOKEN],
        &["delete", "--version=", TOKEN],
        &["list", TOKEN],
        &["list", "-o", TOKEN],
        &["delete", &half],
        &["generate", TOKEN],
        &["-v", TOKEN],
        &["discover", "--danger-skip-ca-pin", OTHER],
        &["discover", "--danger-skip-ca-pin", &comma],
        &["discover", "--danger-skip-ca-pin", &bracketed],
        &["diagnose", TOKEN, "--server", OTHER],
        &["diagnose", TOKEN, "--server", &comma],
        &["diagnose", TOKEN, "--server", &bracketed],
    ] {
        let outcome = home.run(&[args, &["-v=10"]].concat());
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{args:?}");
        holds_no_secret(&outcome.stderr, &format!("{args:?}"));
    }
}

/// The help of a kubeconfig's fault does not repeat it.
#[test]
fn when_a_server_in_a_kubeconfig_is_a_secret() {
    let home = Home::empty();
    for server in [
        format!("https://[{OTHER}]:6443"),
        format!("'[{OTHER}]'"),
        format!("https://{OTHER}:b\u{fc}cher"),
    ] {
        home.write("config", &kubeconfig(&server, "token: x"));
        let outcome = home.run(&["list", "-v=10"]);
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{server}");
        assert!(outcome.stderr.contains("its server is not a URL"));
        holds_no_secret(&outcome.stderr, &server);
    }
}

/// What kube, hyper and rustls log is not ours to vouch for: each line comes from a file of this workspace.
#[test]
fn nothing_of_the_libraries_is_logged() {
    let server = FakeServer::new([Reply::secrets(&[])]);
    let outcome = Home::new(&server).run(&["list", "-v=10"]);
    let crates = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let mut ours = std::collections::HashSet::new();
    let mut folders = vec![std::path::PathBuf::from(crates)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            if entry.file_type().unwrap().is_dir() {
                folders.push(entry.path());
            } else {
                ours.insert(entry.file_name().into_string().unwrap());
            }
        }
    }
    let files: Vec<_> = outcome
        .stderr
        .lines()
        .map(|line| {
            line.split([' ', ':'])
                .find(|part| part.strip_suffix(".rs").is_some())
                .unwrap()
        })
        .collect();
    assert!(files.len() >= 4, "{}", outcome.stderr);
    for file in files {
        assert!(
            ours.contains(file),
            "{file} is not ours:\n{}",
            outcome.stderr
        );
    }
}
