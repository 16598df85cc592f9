//! Secrets of a megabyte, with what is worst for one printer or another, under a limit of memory: the token behind
//! each is shown as ever. Other formats and contents are in the tests of `src/fuzzing/printers.rs`.

use std::process::{Command, Output, Stdio};

use crate::fake_server::{FakeServer, Reply, token};
use crate::process::{BINARY, Home};

const GOOD: &str = "zzzzzz.f395accd246ae52d";
const ROW: &str = "zzzzzz.f395accd246ae52d   <forever>   <never>   <none>                   <none>                                                     <none>\n";

/// As much address space as the whole program may take.
const MEBIBYTES: usize = 256;

fn run(server: &FakeServer, args: &[&str]) -> Output {
    let home = Home::new(server);
    let mut command = Command::new("sh");
    command.arg("-c");
    command.arg(format!("ulimit -v {}; exec \"$0\" \"$@\"", MEBIBYTES << 10));
    command.arg(BINARY).args(args);
    command.env_clear().env("KUBECONFIG", home.path("config"));
    command.current_dir(home.path("")).stdin(Stdio::null());
    command.output().unwrap()
}

fn descriptions_and_groups() -> Vec<(&'static str, Vec<u8>)> {
    let wide = ["a".repeat(1 << 19), "\t\nb".repeat(1 << 17)].concat();
    vec![
        ("description", ["\n", &"\t".repeat(75_000)].concat().into()),
        ("description", vec![b'\t'; 1 << 20]),
        ("description", "\n\t".repeat(1 << 19).into()),
        ("description", wide.into()),
        ("description", vec![0; 1 << 20]),
        (
            "auth-extra-groups",
            ["a", &",".repeat(1 << 20)].concat().into(),
        ),
        (
            "auth-extra-groups",
            "system:bootstrappers:a,".repeat(45_000).into(),
        ),
    ]
}

#[test]
fn the_token_behind_a_large_one_is_listed() {
    for (format, shown) in [
        ("text", ROW),
        ("wide", "zzzzzz.f395accd246ae52d   <forever>   <never> "),
        ("json", "\"token\": \"zzzzzz.f395accd246ae52d\""),
        (
            "go-template={{.token}} {{.description}}{{range .groups}}{{.}}{{end}}\n",
            GOOD,
        ),
        ("jsonpath={.token} {.groups[*,*,*]}\n", GOOD),
    ] {
        for (key, value) in descriptions_and_groups() {
            let odd = token("aaaaaa.f395accd246ae52d", &[(key, &value)]);
            let server = FakeServer::new([Reply::secrets(&[odd, token(GOOD, &[])])]);
            let output = run(&server, &["list", "-o", format]);
            let stderr = String::from_utf8_lossy(&output.stderr);
            let what = format!("{format}, {key} {:?}", &value[..8]);
            assert_eq!(output.status.code(), Some(0), "{what}: {stderr}");
            let stdout = String::from_utf8(output.stdout).unwrap();
            assert!(stdout.len() < 24 << 20, "{what}: {} bytes", stdout.len());
            let tail: String = stdout.chars().rev().take(4000).collect();
            let tail: String = tail.chars().rev().collect();
            assert!(tail.contains(shown), "{what}: {tail}");
        }
    }
}

/// Each ends at a limit of the engine, before the memory does.
#[test]
fn a_template_that_asks_for_too_much_is_an_error() {
    let groups = ["a", &",".repeat(1 << 20)].concat();
    let odd = token(
        "aaaaaa.f395accd246ae52d",
        &[("auth-extra-groups", groups.as_bytes())],
    );
    let steps = "template needs too many steps";
    let results = "template has too many results at once";
    for (template, item, says) in [
        ("{range @}".repeat(60), token(GOOD, &[]), steps),
        (
            "{range .groups[*,*,*]}{..}{..}{..}{..}{end}".to_owned(),
            odd.clone(),
            steps,
        ),
        ("{.groups[*,*,*,*,*]}".to_owned(), odd, results),
    ] {
        let server = FakeServer::new([Reply::secrets(&[item])]);
        let output = run(&server, &["list", "-o", &format!("jsonpath={template}")]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        let start: String = template.chars().take(40).collect();
        assert!(stderr.contains(says), "{start}: {stderr}");
        assert_eq!(output.status.code(), Some(1), "{start}: {stderr}");
    }
}

#[test]
fn a_million_bad_groups_are_one_cause() {
    let groups = ["a", &",".repeat(1 << 20)].concat();
    let on: &[(&str, &[u8])] = &[
        ("usage-bootstrap-signing", b"true"),
        ("usage-bootstrap-authentication", b"true"),
        ("auth-extra-groups", groups.as_bytes()),
    ];
    let odd = token("aaaaaa.f395accd246ae52d", on);
    for format in ["text", "json", "yaml"] {
        let server = FakeServer::new([Reply::ok(odd.clone())]);
        server.then(vec![Reply::refusal(404, "NotFound", "no"); 100]);
        let output = run(&server, &["diagnose", "aaaaaa", "-o", format]);
        let stdout = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            stdout.contains("1048577 of its extra groups"),
            "{stdout}{stderr}"
        );
        assert!(stdout.len() < 10_000, "{}", stdout.len());
        assert_eq!(output.status.code(), Some(1));
    }
}

/// The width of a column was one that the standard library cannot write.
#[test]
fn a_key_of_cluster_info_that_is_longer_than_any_column() {
    let long = format!("jws-kubeconfig-{}", "-".repeat(70_000));
    let map = |keys: &str| {
        Reply::ok(format!(
            r#"{{"kind":"ConfigMap","apiVersion":"v1","metadata":{{"name":"cluster-info"}},"data":{{{keys}}}}}"#
        ))
    };
    let others: Vec<_> = (0..2000)
        .map(|n| format!(r#""jws-kubeconfig-a{n:05}":"x","#))
        .collect();
    let keys = format!(r#"{}"{long}":"x","kubeconfig":"x""#, others.concat());
    for format in ["text", "json", "yaml"] {
        let server = FakeServer::new([map(&keys), Reply::secrets(&[])]);
        let output = run(&server, &["sign", "-o", format]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(stderr.contains("2001 dead"), "{stderr}");
        let stdout = String::from_utf8(output.stdout).unwrap();
        assert!(stdout.contains("a01999"), "{stdout}");
        assert!(stdout.len() < 1 << 20, "{}", stdout.len());
    }
}
