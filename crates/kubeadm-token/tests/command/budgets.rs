//! Servers that send much, or without end: 256 MiB of address space are enough to say so, or to do what was asked.

use std::fmt::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::process::Command;
use std::thread;

use crate::discover::support::{Authority, TOKEN, info, kubeconfig};
use crate::fake_server::{FakeServer, Reply, base64, field, protobuf, secret, token};
use crate::limits::limited;
use crate::process::Home;

const MEMORY: &str = "ulimit -v 262144";
/// What a page may be long.
const PAGE: usize = 8 << 20;

/// How the run ended, and its two streams.
fn run(server: &FakeServer, args: &[&str]) -> (i32, String, String) {
    let home = Home::new(server);
    home.write("token", TOKEN);
    let output = limited(&home, MEMORY, args);
    let stderr = String::from_utf8(output.stderr).unwrap();
    let status = output.status;
    assert_eq!(status.signal(), None, "{args:?}: {stderr}");
    let code = status.code().unwrap();
    assert!(matches!(code, 0 | 1), "{args:?}: {code}: {stderr}");
    assert!(!stderr.contains("internal error"), "{args:?}: {stderr}");
    (code, String::from_utf8(output.stdout).unwrap(), stderr)
}

#[track_caller]
fn fails(server: &FakeServer, args: &[&str], says: &str) {
    let (code, _, stderr) = run(server, args);
    assert!(stderr.contains(says), "{args:?}: {stderr}");
    assert_eq!(code, 1, "{args:?}: {stderr}");
}

/// As often as it is asked for.
fn again(reply: &Reply) -> FakeServer {
    FakeServer::new(vec![reply.clone(); 5])
}

fn page_of(item: &str, bytes: usize) -> Reply {
    Reply::page(&vec![item.to_owned(); bytes / (item.len() + 1)], "")
}

fn with_metadata(item: &str, metadata: &str) -> String {
    item.replacen(
        r#""metadata":{"#,
        &format!(r#""metadata":{{{metadata},"#),
        1,
    )
}

fn managed_fields(bytes: usize) -> String {
    format!(r#""managedFields":[{}]"#, vec!["{}"; bytes / 3].join(","))
}

/// Pages of as many bytes as a page may have, each made to take more memory than that.
fn pages() -> Vec<(&'static str, Reply)> {
    let good = token(TOKEN, &[("usage-bootstrap-signing", b"true")]);
    let long = PAGE - (64 << 10);
    let mut keys = String::new();
    for key in 0..long / 16 {
        write!(keys, r#""{key:09}":"","#).unwrap();
    }
    let nested = format!(r#""x":{}{}"#, "[".repeat(long / 2), "]".repeat(long / 2));
    let metadata = field(1, &[]);
    let nothing = vec![[0x12, 0]; 3 << 19].concat();
    let of_nothing = [&metadata[..], &nothing].concat();
    let entries = field(2, &[field(1, &field(1, b"x")), nothing].concat());
    vec![
        (
            "fields of managers",
            Reply::secrets(&[with_metadata(&good, &managed_fields(long))]),
        ),
        (
            "lists in lists",
            Reply::secrets(&[with_metadata(&good, &nested)]),
        ),
        (
            "keys",
            Reply::secrets(&[good.replacen(r#""data":{"#, &format!(r#""data":{{{keys}"#), 1)]),
        ),
        (
            "entries of nothing",
            protobuf("SecretList", &[metadata.clone(), entries].concat()),
        ),
        ("items of nothing", protobuf("SecretList", &of_nothing)),
        ("strings", page_of("\"\"", PAGE - 1024)),
        ("spaces", Reply::ok(" ".repeat(PAGE + 1))),
        ("no end", Reply::Endless),
    ]
}

#[test]
fn a_page_takes_no_more_memory_than_its_bytes() {
    let verbs: [&[&str]; 5] = [
        &["list"],
        &["list", "--sort-by", "description"],
        &["list", "--dry-run"],
        &["sign"],
        &["diagnose", "zzzzzz"],
    ];
    for (what, page) in pages() {
        let is_too_long = matches!(what, "spaces" | "no end");
        for verb in verbs.iter().take(if is_too_long { 1 } else { verbs.len() }) {
            let cluster_info = info("apiVersion: v1\nkind: Config\n", &[]);
            let server = match verb[0] {
                "sign" => FakeServer::new([vec![cluster_info], vec![page.clone(); 6]].concat()),
                "diagnose" => {
                    let not_found = Reply::refusal(404, "NotFound", "not found");
                    let rest = vec![page.clone(); 20];
                    FakeServer::new([vec![not_found, cluster_info], rest].concat())
                }
                _ => again(&page),
            };
            let (code, stdout, stderr) = run(&server, verb);
            let is_read = matches!(what, "fields of managers" | "lists in lists");
            if is_read && verb[0] == "list" {
                assert!(
                    code == 0 && stdout.contains("abcdef"),
                    "{what}, {verb:?}: {stderr}"
                );
            }
            if matches!(what, "keys" | "strings" | "spaces" | "no end") && verb[0] != "diagnose" {
                assert_eq!(code, 1, "{what}, {verb:?}: {stdout}");
            }
        }
    }
}

#[test]
fn every_format_of_a_page_of_nothing() {
    let formats = "text wide name json yaml kyaml go-template={{.token}} jsonpath={.token}";
    let of_nothing = page_of("{}", 64 << 10);
    for format in formats.split(' ') {
        let (code, stdout, stderr) = run(&again(&of_nothing), &["list", "-o", format]);
        assert_eq!((code, &*stdout), (0, ""));
        let named = "Secret \"\" in kube-system is not a readable bootstrap token: its data has no \"token-id\"\n";
        let more = (64 << 10) / 3 - 1_000;
        let expected = format!(
            "{}{more} more Secrets in kube-system are not readable bootstrap tokens\n",
            named.repeat(1_000)
        );
        assert_eq!(stderr, expected, "{format}");
    }
}

#[test]
fn a_list_that_is_held_is_no_longer_than_what_there_is_room_for() {
    let page = |at: usize, position: &str| {
        let id = format!("{at:06}");
        let item = token(&format!("{id}.9r2c3d4e5f6g7h8i"), &[]);
        let Reply::Whole(code, headers, body) = Reply::page(&[item], position) else {
            unreachable!("a page is whole");
        };
        Reply::Whole(code, headers, body + &" ".repeat(7 << 20))
    };
    let pages = |count: usize| {
        let goes_on = (1..count).map(|at| page(at, &format!("c{at}")));
        FakeServer::new(goes_on.chain([page(count, "")]))
    };
    for args in [
        &["list", "--sort-by", "token", "-o", "name"][..],
        &["list", "--dry-run", "-o", "name"],
    ] {
        let (code, stdout, stderr) = run(&pages(9), args);
        assert_eq!((code, &*stderr), (0, ""));
        assert_eq!(stdout.matches("secret/").count(), 9);
        fails(
            &pages(10),
            args,
            "error: failed to list bootstrap tokens: the list does not fit into the 64 MiB that are held of it\n\
             help: list without --sort-by and --dry-run, and sort what is printed\n",
        );
    }
}

#[test]
fn pages_without_end_come_to_one() {
    let page = |ids: &[usize], position: &str| {
        let items: Vec<_> = ids
            .iter()
            .map(|id| {
                token(
                    &format!("{id:06}.9r2c3d4e5f6g7h8i"),
                    &[("usage-bootstrap-signing", b"true")],
                )
            })
            .collect();
        Reply::page(&items, position)
    };
    let lists: [(&str, Vec<Reply>); 3] = [
        (
            "the API server's list goes backwards",
            (0..40)
                .map(|at| page(&[at % 2], ["a", "b"][at % 2]))
                .collect(),
        ),
        (
            "the API server's list goes backwards",
            (0..40).map(|at| page(&[1, 2], &format!("c{at}"))).collect(),
        ),
        (
            "the API server's list has no end: 1000 pages in a row without a Secret",
            (0..1_001).map(|at| page(&[], &format!("c{at}"))).collect(),
        ),
    ];
    for (says, replies) in lists {
        let is_long = replies.len() > 1_000;
        let lists = [
            &["list"][..],
            &["list", "--sort-by", "token"],
            &["list", "--dry-run"],
        ];
        for verb in lists.iter().take(if is_long { 1 } else { lists.len() }) {
            fails(&FakeServer::new(replies.clone()), verb, says);
        }
        let cluster_info = info("apiVersion: v1\nkind: Config\n", &[]);
        let replies = [vec![cluster_info], replies].concat();
        for verb in [&["sign"][..], &["sign", "--write", "--danger-skip-ca-pin"]] {
            fails(&FakeServer::new(replies.clone()), verb, says);
        }
    }
}

#[test]
fn what_is_written_asks_for_no_reply() {
    let long = Reply::ok("[".repeat(16 << 20));
    for reply in [long, Reply::Endless] {
        for args in [&["create", TOKEN][..], &["delete", "abcdef"]] {
            let (code, _, stderr) = run(&again(&reply), args);
            assert_eq!((code, &*stderr), (0, ""), "{args:?}");
        }
    }
    let refusal = Reply::Whole(409, "", "[".repeat(16 << 20));
    for args in [&["create", TOKEN][..], &["delete", "abcdef"]] {
        fails(&again(&refusal), args, "409");
    }
}

#[test]
fn cluster_info_takes_no_more_memory_than_its_bytes() {
    let long = (2 << 20) - (64 << 10);
    let ca = Authority::new("x");
    let map = |data: &str, metadata: &str| {
        let map = format!(
            r#"{{"kind":"ConfigMap","apiVersion":"v1","metadata":{{"name":"cluster-info",{metadata}}},"data":{{{data}}}}}"#
        );
        Reply::ok(map)
    };
    let mut signatures = String::from(r#""kubeconfig":"x""#);
    for id in 0..long / 32 {
        write!(signatures, r#","jws-kubeconfig-{id:06}":"""#).unwrap();
    }
    let mut keys = String::from(r#""kubeconfig":"x""#);
    for key in 0..long / 13 {
        write!(keys, r#","{key:07}":"""#).unwrap();
    }
    let entries = [
        field(1, &field(6, b"7")),
        vec![[0x12, 0]; long / 2].concat(),
    ]
    .concat();
    for reply in [
        map(r#""kubeconfig":"x""#, &managed_fields(long)),
        map(&signatures, r#""uid":"x""#),
        map(&keys, r#""uid":"x""#),
        protobuf("ConfigMap", &entries),
        Reply::Endless,
    ] {
        let server = ca.server("127.0.0.1", vec![reply.clone(); 2]);
        let address = server.url().replace("https://", "");
        let home = Home::empty();
        home.write("token", TOKEN);
        let args = [
            "discover",
            &address,
            "--token-file",
            "token",
            "--ca-pin",
            &ca.pin(),
            "--timeout",
            "1s",
        ];
        let output = limited(&home, MEMORY, &args);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{stderr}");
        assert!(
            stderr.starts_with("error: cannot discover the cluster: "),
            "{stderr}"
        );
        for verb in ["sign", "diagnose"] {
            let server =
                FakeServer::new([vec![reply.clone()], vec![Reply::secrets(&[]); 20]].concat());
            run(&server, &[verb]);
        }
    }
    let whole = map(
        &format!(
            r#""kubeconfig":{}"#,
            serde_json::Value::from(kubeconfig(&ca.pem))
        ),
        &managed_fields(1 << 20),
    );
    // What is honest is read.
    let (_, stdout, stderr) = run(
        &FakeServer::new([
            whole,
            Reply::secrets(&[secret("badbad", &[("x", base64(b"x").as_bytes())])]),
        ]),
        &["sign"],
    );
    assert_eq!((&*stdout, &*stderr), ("TOKEN ID   SIGNATURE   WHY\n", ""));
}

/// Nothing is asked for that would have to be unpacked, and nothing is.
#[test]
fn a_compressed_body_is_not_unpacked() {
    let packed = Command::new("sh")
        .args(["-c", "head -c 1048576 /dev/zero | gzip -c"])
        .output()
        .unwrap();
    // Members in a row are one file: half a gigabyte.
    let body = packed.stdout.repeat(512);
    let head = format!(
        "HTTP/1.1 200 X\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let reply = Reply::Raw([head.into_bytes(), body].concat());
    for verb in ["list", "sign"] {
        let server = again(&reply);
        fails(&server, &[verb], "not the JSON object it should be");
        let asked = server.asked_first();
        assert_eq!(asked.header("accept-encoding"), None);
    }
}

#[test]
fn a_flood_of_headers_ends() {
    let mut lines = String::from("HTTP/1.1 200 X\r\n");
    for at in 0..400_000 {
        write!(lines, "x-{at}: {at}\r\n").unwrap();
    }
    let long = format!("HTTP/1.1 200 X\r\nx-long: {}", "x".repeat(16 << 20));
    let runs = [(lines, &["list"][..]), (long, &["delete", "abcdef"])];
    thread::scope(|scope| {
        for (head, args) in runs {
            scope.spawn(move || {
                let server = FakeServer::new(vec![Reply::Raw(head.into_bytes()); 100]);
                fails(&server, args, "message head is too large");
            });
        }
    });
}
