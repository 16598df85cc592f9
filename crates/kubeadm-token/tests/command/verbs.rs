//! What create, list and delete ask of the API server, and what they print when all goes well.

use serde_json::{Value, json};

use crate::fake_server::{Asked, FakeServer, Reply, base64, secret, token};
use crate::process::{Home, Outcome, restrict};

const SECRETS: &str = "/api/v1/namespaces/kube-system/secrets";
const TOKEN: &str = "abcdef.9r2c3d4e5f6g7h8i";

/// Runs create against a server that agrees, and gives the Secret that was sent.
fn created(args: &[&str], stdin: &[u8]) -> (Outcome, Asked, Value) {
    let server = FakeServer::new([Reply::Whole(201, "", secret("abcdef", &[]))]);
    let home = Home::new(&server);
    home.write("token", &format!("{TOKEN}\n"));
    let outcome = home.watched_with(&[&["create"], args].concat(), stdin);
    let [asked] = &server.asked()[..] else {
        panic!("{outcome:?}")
    };
    let sent = serde_json::from_str(&asked.body).unwrap();
    (outcome, asked.clone(), sent)
}

fn text(sent: &Value, key: &str) -> Option<String> {
    use base64::Engine as _;
    let value = sent["data"][key].as_str()?;
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(value)
        .unwrap();
    Some(String::from_utf8(bytes).unwrap())
}

#[test]
fn the_whole_secret_of_a_token_given_with_all_flags() {
    let (outcome, asked, sent) = created(
        &[
            TOKEN,
            "--ttl=0",
            "--description",
            "- x",
            "--usages",
            "authentication",
            "--groups",
            "system:bootstrappers:a,\"system:bootstrappers:b\"",
            "--groups=system:bootstrappers:c",
        ],
        b"",
    );
    outcome.is(
        0,
        "abcdef.9r2c3d4e5f6g7h8i\n",
        "warning: the token will never expire; delete it when it has served its purpose\n",
    );
    assert!(
        asked.line.starts_with(&format!("POST {SECRETS}")),
        "{}",
        asked.line
    );
    assert_eq!(
        sent,
        json!({
            "apiVersion": "v1",
            "kind": "Secret",
            "metadata": {"name": "bootstrap-token-abcdef", "namespace": "kube-system"},
            "type": "bootstrap.kubernetes.io/token",
            "data": {
                "token-id": base64(b"abcdef"),
                "token-secret": base64(b"9r2c3d4e5f6g7h8i"),
                "description": base64(b"- x"),
                "usage-bootstrap-authentication": base64(b"true"),
                "auth-extra-groups": base64(b"system:bootstrappers:a,system:bootstrappers:b,system:bootstrappers:c"),
            },
        })
    );
}

#[test]
fn a_token_is_generated_and_defaults_are_kubeadm_s() {
    let before = seconds();
    for args in [&[][..], &["--usages=", "--groups", "", "--ttl", "24h"]] {
        let (outcome, _, sent) = created(args, b"");
        let id = text(&sent, "token-id").unwrap();
        let secret = text(&sent, "token-secret").unwrap();
        outcome.is(0, &format!("{id}.{secret}\n"), "");
        assert_eq!(sent["metadata"]["name"], format!("bootstrap-token-{id}"));
        assert_eq!(text(&sent, "usage-bootstrap-signing").unwrap(), "true");
        assert_eq!(
            text(&sent, "usage-bootstrap-authentication").unwrap(),
            "true"
        );
        assert_eq!(
            text(&sent, "auth-extra-groups").unwrap(),
            "system:bootstrappers:kubeadm:default-node-token"
        );
        assert_eq!(text(&sent, "description"), None);
        let expiration: bootstrap_token_secret::Expiration =
            text(&sent, "expiration").unwrap().parse().unwrap();
        let ttl = expiration.unix_seconds() - before;
        assert!((86_400..86_460).contains(&ttl), "{ttl}");
    }
}

fn seconds() -> i64 {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

#[test]
fn a_token_from_standard_input_or_a_file_needs_not_stand_in_argv() {
    let line = format!("{TOKEN}\n");
    for (args, stdin) in [
        (&["-"][..], &*line),
        (&["-"], TOKEN),
        (&["--token-file", "-"], TOKEN),
        (&["--token-file", "token"], ""),
        (&["--token-file=/none", "--token-file=token"], ""),
    ] {
        let (outcome, _, sent) = created(args, stdin.as_bytes());
        outcome.is(0, &line, "");
        assert_eq!(text(&sent, "token-secret").unwrap(), "9r2c3d4e5f6g7h8i");
    }
}

#[test]
fn only_one_line_break_is_taken_off_and_no_more_is_read_than_needed() {
    let says = |fault: &str| {
        format!(
            "error: the bootstrap token was not of the form \"\\\\A([a-z0-9]{{6}})\\\\.([a-z0-9]{{16}})\\\\z\": {fault}\n\
             help: give the token there and nothing else: six characters, a dot, sixteen characters, and a line break at most\n"
        )
    };
    let home = Home::empty();
    for (stdin, fault) in [
        (
            format!("{TOKEN}\n\n"),
            "character 17 of the token secret is white space or a line break",
        ),
        (
            format!(" {TOKEN}"),
            "character 1 of the token ID is white space or a line break",
        ),
        ("\n".to_owned(), "the token is empty"),
        (String::new(), "the token is empty"),
        (
            "x".repeat(1 << 20),
            "the token has no dot between its ID and its secret",
        ),
    ] {
        home.run_with(&["create", "-"], stdin.as_bytes())
            .fails_with(&says(fault));
    }
    home.run(&["create", "--token-file", "/dev/zero"])
        .fails_with(
            &says("the token has no dot between its ID and its secret")
                .replace("token was", "token in the file /dev/zero was"),
        );
}

/// By what it is, in which file, and without the token.
#[test]
fn what_people_have_in_a_token_file_is_named() {
    let utf16: Vec<u8> = TOKEN.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let join = format!(
        "kubeadm join 10.0.0.1:6443 --token {TOKEN} --discovery-token-ca-cert-hash sha256:00\n"
    );
    for (content, fault, help) in [
        (
            format!("{TOKEN}\r\n").into_bytes(),
            "it ends with a Windows line end (CR LF)",
            "save it with Unix line ends",
        ),
        (
            format!("\u{feff}{TOKEN}\n").into_bytes(),
            "it begins with a byte order mark",
            "save it as UTF-8 without",
        ),
        (
            [&b"\xff\xfe"[..], &utf16].concat(),
            "it is UTF-16",
            "save it as UTF-8 or ASCII",
        ),
        (utf16.clone(), "it is UTF-16", "save it as UTF-8 or ASCII"),
        (
            format!("\"{TOKEN}\"\n").into_bytes(),
            "it begins with a quotation mark",
            "leave the quotation marks out",
        ),
        (
            format!("TOKEN={TOKEN}\n").into_bytes(),
            "it has a name before the token",
            "give what stands behind the name",
        ),
        (
            join.into_bytes(),
            "it is a `kubeadm join` command",
            "give only what stands behind --token",
        ),
        (
            format!("K10c2f1a7b8c9d0e1f2a3b4c5d6e7f::{TOKEN}\n").into_bytes(),
            "it is a token of k3s",
            "give only what stands behind the last `::`",
        ),
        (
            format!("K10c2f1a7b::{TOKEN}\n").into_bytes(),
            "it is a token of k3s",
            "give only",
        ),
    ] {
        let home = Home::empty();
        std::fs::write(home.path("my.token"), &content).unwrap();
        for args in [
            &["create", "--token-file", "my.token"][..],
            &["manifest", "--token-file", "my.token"],
            &[
                "discover",
                "a",
                "--danger-skip-ca-pin",
                "--token-file",
                "my.token",
            ],
        ] {
            let outcome = home.run(args);
            let expected = format!(
                "error: the bootstrap token in the file my.token was not of the form \"\\\\A([a-z0-9]{{6}})\\\\.([a-z0-9]{{16}})\\\\z\": {fault}"
            );
            let stderr = outcome
                .stderr
                .lines()
                .filter(|line| !line.starts_with("warning: "));
            let stderr = stderr.collect::<Vec<_>>().join("\n");
            assert!(stderr.starts_with(&expected), "{args:?}: {stderr}");
            assert!(
                stderr.contains(&format!("\nhelp: {help}")),
                "{args:?}: {stderr}"
            );
            assert!(!stderr.contains(&TOKEN[7..]), "{args:?}: {stderr}");
            assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{args:?}");
        }
    }
}

#[test]
fn a_token_file_is_named_when_it_cannot_be_read_or_others_can() {
    let home = Home::empty();
    home.run(&["create", "--token-file", "."])
        .fails_with(
            "error: cannot read the token file: open .: is a directory\n\
             help: name a file that you may read, with the token and nothing else in it, or `-` for standard input\n",
        );

    let server = FakeServer::new([Reply::Whole(201, "", secret("abcdef", &[]))]);
    let home = Home::new(&server);
    restrict(&home.write("token", TOKEN), 0o644);
    home.watched(&["create", "--token-file", "token"]).is(
        0,
        "abcdef.9r2c3d4e5f6g7h8i\n",
        "warning: other users may read the token file token: `chmod 600 token`\n",
    );
}

#[test]
fn dangerous_choices_get_one_line_each() {
    let (outcome, _, _) = created(&["abcdef.0123456789abcdef", "--ttl", "10ms"], b"");
    outcome.is(
        0,
        "abcdef.0123456789abcdef\n",
        "warning: token \"abcdef\" is easy to guess: its secret is an example from public documentation; leave it out to have a random one\n\
         warning: the token will have expired before it can be used: whole seconds are stored\n",
    );
    let (outcome, _, _) = created(&[""], b"");
    outcome.is(
        0,
        &outcome.stdout,
        "warning: the token given is empty: a random one is generated\n",
    );
}

#[test]
fn a_generated_id_that_is_taken_is_drawn_again() {
    let taken = Reply::refusal(409, "AlreadyExists", "secrets \"x\" already exists");
    let another = Reply::ok(token("abcdef.0123456789abcdef", &[]));
    let server = FakeServer::new([
        taken.clone(),
        another.clone(),
        taken,
        another,
        Reply::Whole(201, "", secret("x", &[])),
    ]);
    let outcome = Home::new(&server).run(&["create"]);
    let ids: std::collections::HashSet<_> = server
        .asked()
        .iter()
        .filter(|asked| !asked.body.is_empty())
        .map(|asked| {
            let sent: Value = serde_json::from_str(&asked.body).unwrap();
            text(&sent, "token-id").unwrap()
        })
        .collect();
    assert_eq!(ids.len(), 3);
    outcome.is(0, &outcome.stdout, "");
}

#[test]
fn pages_are_printed_as_one_table_and_the_header_only_if_there_is_a_token() {
    let server = FakeServer::new([Reply::secrets(&[])]);
    Home::new(&server).run(&["list"]).is(0, "", "");

    let server = FakeServer::new([
        Reply::page(&[], "a"),
        Reply::page(&[token("aaaaaa.9r2c3d4e5f6g7h8i", &[])], "b"),
        Reply::secrets(&[token(
            "bbbbbb.9r2c3d4e5f6g7h8i",
            &[
                ("expiration", b"2020-01-01T00:00:00Z"),
                ("usage-bootstrap-signing", b"true"),
                ("description", "é".as_bytes()),
            ],
        )]),
    ]);
    Home::new(&server).run(&["list"]).is(
        0,
        "TOKEN                     TTL         EXPIRES   USAGES                   DESCRIPTION                                                EXTRA GROUPS\n\
         aaaaaa.9r2c3d4e5f6g7h8i   <forever>   <never>   <none>                   <none>                                                     <none>\n\
         bbbbbb.9r2c3d4e5f6g7h8i   <invalid>   2020-01-01T00:00:00Z   signing                  é                                                          <none>\n",
        "",
    );
    let lines = server.lines();
    assert_eq!(lines.len(), 3);
    assert!(
        lines[0].contains("fieldSelector=type%3Dbootstrap.kubernetes.io%2Ftoken"),
        "{lines:?}"
    );
    assert!(lines[2].contains("continue=b"), "{lines:?}");
}

#[test]
fn json_and_yaml_print_an_object_for_each_token() {
    let items = [
        token("aaaaaa.9r2c3d4e5f6g7h8i", &[("description", b"yes")]),
        token(
            "bbbbbb.9r2c3d4e5f6g7h8i",
            &[("auth-extra-groups", b"system:bootstrappers:a")],
        ),
    ];
    for (format, expected) in [
        (
            "json",
            "{\n    \"kind\": \"BootstrapToken\",\n    \"apiVersion\": \"output.kubeadm.k8s.io/v1alpha3\",\n    \"token\": \"aaaaaa.9r2c3d4e5f6g7h8i\",\n    \"description\": \"yes\"\n}\n\
             {\n    \"kind\": \"BootstrapToken\",\n    \"apiVersion\": \"output.kubeadm.k8s.io/v1alpha3\",\n    \"token\": \"bbbbbb.9r2c3d4e5f6g7h8i\",\n    \"groups\": [\n        \"system:bootstrappers:a\"\n    ]\n}\n",
        ),
        (
            "yaml",
            "apiVersion: output.kubeadm.k8s.io/v1alpha3\ndescription: \"yes\"\nkind: BootstrapToken\ntoken: aaaaaa.9r2c3d4e5f6g7h8i\n---\n\
             apiVersion: output.kubeadm.k8s.io/v1alpha3\ngroups:\n- system:bootstrappers:a\nkind: BootstrapToken\ntoken: bbbbbb.9r2c3d4e5f6g7h8i\n",
        ),
    ] {
        let server = FakeServer::new([Reply::secrets(&items)]);
        Home::new(&server)
            .run(&["list", "-o", format])
            .is(0, expected, "");
    }
}

#[test]
fn delete_takes_ids_and_tokens_and_stops_at_the_first_that_is_not_there() {
    let gone = Reply::ok(r#"{"kind":"Status","apiVersion":"v1","status":"Success"}"#);
    let missing = Reply::refusal(
        404,
        "NotFound",
        "secrets \"bootstrap-token-cccccc\" not found",
    );
    let server = FakeServer::new([gone.clone(), gone, missing]);
    Home::new(&server)
        .run(&["delete", "aaaaaa", "bbbbbb.9r2c3d4e5f6g7h8i", "cccccc", "dddddd"])
        .is(
            1,
            "bootstrap token \"aaaaaa\" deleted\nbootstrap token \"bbbbbb\" deleted\n",
            "error: failed to delete bootstrap token \"cccccc\": secrets \"bootstrap-token-cccccc\" not found\n\
             help: it may have expired or been deleted before; see what is there with `kubeadm-token list`\n",
        );
    let paths: Vec<_> = server
        .lines()
        .iter()
        .map(|line| line.split('?').next().unwrap().to_owned())
        .collect();
    assert_eq!(
        paths,
        ["aaaaaa", "bbbbbb", "cccccc"].map(|id| format!("DELETE {SECRETS}/bootstrap-token-{id}"))
    );
}

/// `list -o name | xargs delete`.
#[test]
fn delete_takes_what_list_prints_as_names() {
    let gone = Reply::ok(r#"{"kind":"Status","apiVersion":"v1","status":"Success"}"#);
    let list = Reply::secrets(&[token("aaaaaa.9r2c3d4e5f6g7h8i", &[])]);
    let server = FakeServer::new([list, gone.clone(), gone]);
    let home = Home::new(&server);
    let names = home.run(&["list", "-o", "name"]).stdout;
    assert_eq!(names, "secret/bootstrap-token-aaaaaa\n");
    home.run(&["delete", names.trim_end(), "bootstrap-token-bbbbbb"])
        .is(
            0,
            "bootstrap token \"aaaaaa\" deleted\nbootstrap token \"bbbbbb\" deleted\n",
            "",
        );
    for name in [
        "secret/aaaaaa",
        "pod/bootstrap-token-aaaaaa",
        "bootstrap-token-aaaaa",
        "secret/bootstrap-token-",
    ] {
        let outcome = Home::empty().run(&["delete", name]);
        assert!(
            outcome.stderr.contains("given token didn't match pattern"),
            "{outcome:?}"
        );
    }
}

#[test]
fn a_list_without_secrets_in_any_format() {
    for (format, shown) in [
        ("text", "abcdef.****************   <forever>"),
        ("json", r#""token": "abcdef.****************""#),
        ("yaml", "token: abcdef.****************\n"),
        ("kyaml", r#"token: "abcdef.****************","#),
        ("jsonpath={.token}", "abcdef.****************"),
        ("jsonpath-as-json={.token}", r#""abcdef.****************""#),
        ("go-template={{.token}}", "abcdef.****************"),
    ] {
        let server = FakeServer::new([Reply::secrets(&[token(TOKEN, &[])])]);
        let outcome = Home::new(&server).run(&["list", "--redact", "-o", format]);
        outcome.is(0, &outcome.stdout, "");
        assert!(outcome.stdout.contains(shown), "{}", outcome.stdout);
        assert!(!outcome.stdout.contains(&TOKEN[7..]), "{format}");
    }
}

#[test]
fn a_list_for_scripts() {
    let list = |args: &[&str]| {
        let server = FakeServer::new([Reply::secrets(&[
            token(TOKEN, &[]),
            token("abcdeg.9r2c3d4e5f6g7h8i", &[]),
        ])]);
        let outcome = Home::new(&server).run(&[&["list"], args].concat());
        outcome.is(0, &outcome.stdout, "");
        outcome.stdout
    };
    assert_eq!(
        list(&["-o", "name"]),
        "secret/bootstrap-token-abcdef\nsecret/bootstrap-token-abcdeg\n"
    );
    let whole = list(&[]);
    let (header, rows) = whole.split_once('\n').unwrap();
    assert!(header.starts_with("TOKEN "));
    assert_eq!(list(&["--no-headers"]), rows);
}

#[test]
fn a_list_with_what_is_wrong_and_in_order() {
    let list = |args: &[&str]| {
        let soon = token(TOKEN, &[("expiration", b"2099-01-01T00:00:00Z")]);
        let over = token(
            "abcdeg.9r2c3d4e5f6g7h8i",
            &[
                ("expiration", b"2019-01-01T00:00:00Z"),
                ("usage-bootstrap-signing", b"true"),
                ("usage-bootstrap-authentication", b"true"),
            ],
        );
        let server = FakeServer::new([
            Reply::page(&[token("abcdee.9r2c3d4e5f6g7h8i", &[]), soon], "more"),
            Reply::secrets(&[over]),
        ]);
        let outcome = Home::new(&server).run(&[&["list"], args].concat());
        outcome.is(0, &outcome.stdout, "");
        outcome.stdout
    };
    let name = |id: &str| format!("secret/bootstrap-token-{id}\n");
    let [early, late, never] = ["abcdeg", "abcdef", "abcdee"].map(name);
    assert_eq!(
        list(&["-o", "name", "--sort-by", "{.expires}"]),
        format!("{early}{late}{never}")
    );
    assert_eq!(
        list(&["-o", "name", "--sort-by="]),
        format!("{never}{late}{early}")
    );
    let wide = list(&["-o", "wide", "--sort-by=expires"]);
    let lines: Vec<_> = wide.lines().collect();
    assert!(lines[0].ends_with("   DEFECTS"), "{wide}");
    assert!(
        lines[1].ends_with("   it expired at 2019-01-01T00:00:00Z"),
        "{wide}"
    );
    assert!(
        lines[2].contains("; it may not be used for signing: "),
        "{wide}"
    );
    assert_eq!(lines.len(), 4);
}

#[test]
fn an_order_that_no_token_has_is_found_before_any_is_asked_for() {
    let server = FakeServer::new([]);
    Home::new(&server)
        .run(&["list", "--sort-by", "metadata.name"])
        .fails_with(
            "error: cannot sort by \"metadata.name\": metadata is not found\n\
             help: name what `kubeadm-token list -o json` has: token, description, expires, usages, groups\n",
        );
    assert!(!server.was_asked());
}
