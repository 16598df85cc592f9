//! API servers, what they serve, and their certificates.

use serde_json::{Value, json};

use super::{Arrives, HOSTILE, Rows, filled, line, yaml};
use crate::discover::support::{Authority, TOKEN, info, kubeconfig, signed};
use crate::fake_server::{FakeServer, NOBODY, Reply, base64, token};
use crate::process::{self, Home};

use Arrives::{Nowhere, Stderr, Stdout};

/// The kubeconfig of an administrator, who trusts the authority, and the token, for servers that reply so.
fn home(ca: &Authority, name: &str, replies: Vec<Reply>) -> (Home, String) {
    let server = ca.server(name, replies);
    let url = server.url();
    let home = Home::empty();
    let trusted = format!(
        "{url}\n    certificate-authority-data: {}",
        base64(ca.pem.as_bytes())
    );
    home.write("config", &process::kubeconfig(&trusted, "token: x"));
    home.write("token", TOKEN);
    (home, url)
}

/// Every verb that asks a server. `PIN` is its CA's, and `SERVER` itself, which is another at each run.
const VERBS: &[&[&str]] = &[
    &["list"],
    &["list", "--sort-by=token"],
    &["list", "--dry-run"],
    &["create"],
    &["create", TOKEN],
    &["create", TOKEN, "--dry-run"],
    &["create", TOKEN, "-o", "yaml"],
    &["delete", "abcdef"],
    &["sign"],
    &["sign", "--write"],
    &["pin", "--cluster"],
    &["diagnose", "abcdef"],
    &[
        "discover",
        "SERVER",
        "--ca-pin=PIN",
        "--token-file=token",
        "--timeout=1s",
    ],
    &[
        "diagnose",
        "--token-file=token",
        "--server=SERVER",
        "--ca-pin=PIN",
    ],
];

/// Runs a verb at a server of `ca`'s.
fn runs(
    rows: &mut Rows,
    ca: &Authority,
    name: &str,
    replies: &[Reply],
    verb: &[&str],
    arrives: Arrives,
) {
    let pin = ca.pin();
    let home = || {
        let (home, url) = home(ca, name, replies.to_vec());
        let word = |word: &&str| word.replace("PIN", &pin).replace("SERVER", &url);
        (home, verb.iter().map(word).collect())
    };
    rows.run(home, arrives);
}

/// An answer to any request.
fn refusals() -> Vec<(Reply, Arrives)> {
    let status = |code: u16, reason: &str, message: &str| {
        let status = json!({
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "code": code,
            "reason": reason, "message": message, "details": {"kind": HOSTILE, "name": HOSTILE},
        });
        Reply::Whole(code, "", status.to_string())
    };
    vec![
        (status(403, "Forbidden", HOSTILE), Stderr),
        (status(422, "Invalid", HOSTILE), Stderr),
        (status(400, HOSTILE, HOSTILE), Stderr),
        (status(404, HOSTILE, "x"), Nowhere),
        (Reply::Whole(403, "", HOSTILE.to_owned()), Nowhere),
        (
            Reply::Whole(302, "location: /\u{202e}run%20this\r\n", HOSTILE.to_owned()),
            Nowhere,
        ),
        (Reply::ok(HOSTILE), Nowhere),
        (
            Reply::ok(json!({"kind": HOSTILE, "apiVersion": HOSTILE}).to_string()),
            Nowhere,
        ),
    ]
}

#[test]
fn every_refusal_to_every_verb() {
    let mut rows = Rows::default();
    let ca = Authority::new("kubernetes");
    for (reply, arrives) in refusals() {
        for verb in VERBS {
            // What a server says that nobody vouches for is not repeated.
            let unverified = verb.iter().any(|word| word.contains("SERVER"));
            let arrives = if unverified { Nowhere } else { arrives };
            runs(
                &mut rows,
                &ca,
                "127.0.0.1",
                &vec![reply.clone(); 40],
                verb,
                arrives,
            );
        }
    }
    rows.end();
}

/// The path of a server's URL may hold what is not ASCII.
#[test]
fn every_part_of_a_server_s_url() {
    let mut rows = Rows::default();
    for (verb, arrives) in [
        (&["list"][..], Stderr),
        (&["create"], Stderr),
        (&["pin", "--cluster"], Stderr),
        (&["delete", "abcdef"], Nowhere),
        (&["sign"], Nowhere),
        (&["diagnose", "abcdef"], Nowhere),
    ] {
        let home = || {
            let status = r#"{"kind":"Status","apiVersion":"v1","code":404}"#;
            let server = FakeServer::new(vec![Reply::Whole(404, "", status.to_owned()); 40]);
            let path: String = HOSTILE.chars().filter(|c| *c > '\u{9f}').collect();
            let url = yaml(&format!("{}/evil{path}", server.url()));
            let home = Home::empty();
            home.write("config", &process::kubeconfig(&url, "token: x"));
            (home, line(verb))
        };
        rows.run(home, arrives);
    }
    rows.end();
}

/// A certificate holds ASCII in a name, and control characters with it.
#[test]
fn every_name_in_a_certificate() {
    let mut rows = Rows::default();
    let ca = Authority::new("kubernetes");
    let name: String = HOSTILE.chars().filter(char::is_ascii).collect();
    for verb in VERBS {
        let info = signed(&kubeconfig(&ca.pem), TOKEN);
        let arrives = match verb {
            // A diagnosis is made, and the certificate is what it finds.
            ["diagnose", "--token-file=token", ..] => Stdout,
            _ => Stderr,
        };
        runs(&mut rows, &ca, &name, &[info], verb, arrives);
    }
    rows.end();
}

/// What is in cluster-info, and where it is told of by `sign`, `sign -o yaml`, `pin --cluster` and `discover`.
fn cluster_infos(ca: &Authority) -> Vec<(Reply, [Arrives; 4])> {
    let hostile = yaml(HOSTILE);
    let good = kubeconfig(&ca.pem).replace("cp.example:6443", NOBODY);
    let with = |from: &str, to: &str| signed(&good.replace(from, &filled(to, &hostile)), TOKEN);
    vec![
        (
            info(&good, &[(HOSTILE, "x")]),
            [Stdout, Stdout, Nowhere, Nowhere],
        ),
        (info(&good, &[("abcdef", HOSTILE)]), [Nowhere; 4]),
        (with(&format!("https://{NOBODY}"), "{H}"), [Nowhere; 4]),
        (with("name: \"\"", "name: {H}"), [Nowhere; 4]),
        (
            with("current-context: \"\"", "current-context: {H}"),
            [Nowhere; 4],
        ),
        (
            with("users: null", "users: [{name: {H}, user: {token: {H}}}]"),
            [Nowhere; 4],
        ),
        (with("kind: Config", "kind: {H}"), [Nowhere; 4]),
        (info(HOSTILE, &[]), [Nowhere; 4]),
    ]
}

#[test]
fn every_place_in_cluster_info() {
    let mut rows = Rows::default();
    let ca = Authority::new("kubernetes");
    for (info, arrives) in cluster_infos(&ca) {
        let verbs = [
            &["sign"][..],
            &["sign", "-o", "yaml"],
            &["pin", "--cluster"],
            &[
                "discover",
                "SERVER",
                "--ca-pin=PIN",
                "--token-file=token",
                "--timeout=1s",
            ],
        ];
        let signing: &[(&str, &[u8])] = &[("usage-bootstrap-signing", b"true")];
        let replies = [
            info.clone(),
            Reply::secrets(&[token(TOKEN, signing)]),
            info.clone(),
            info,
        ];
        for (verb, arrives) in verbs.into_iter().zip(arrives) {
            runs(&mut rows, &ca, "127.0.0.1", &replies, verb, arrives);
        }
    }
    rows.end();
}

/// Each row is one of the replies that `diagnose ID` asks for, and where its text is told.
fn diagnosed(ca: &Authority) -> Vec<(usize, Value, Arrives)> {
    let secret = |data: &[(&str, &[u8])]| {
        let more = [data, &[("usage-bootstrap-signing", b"true" as &[u8])]].concat();
        serde_json::from_str::<Value>(&token(TOKEN, &more)).unwrap()
    };
    let mut typed = secret(&[("usage-bootstrap-authentication", b"true")]);
    typed["type"] = HOSTILE.into();
    let _ = ca;
    vec![
        (0, secret(&[("description", HOSTILE.as_bytes())]), Nowhere),
        (
            0,
            secret(&[
                ("auth-extra-groups", HOSTILE.as_bytes()),
                ("usage-bootstrap-authentication", b"true"),
            ]),
            Stdout,
        ),
        (0, secret(&[("expiration", HOSTILE.as_bytes())]), Nowhere),
        (
            0,
            secret(&[("usage-bootstrap-authentication", HOSTILE.as_bytes())]),
            Nowhere,
        ),
        (0, typed, Stdout),
        (
            2,
            json!({"status": {"authenticated": false, "error": HOSTILE}}),
            Nowhere,
        ),
        (
            2,
            json!({"status": {"authenticated": true, "user": {"username": HOSTILE, "groups": [HOSTILE]}}}),
            Nowhere,
        ),
        (
            3,
            json!({"status": {"allowed": false, "reason": HOSTILE, "evaluationError": HOSTILE}}),
            Nowhere,
        ),
        (
            6,
            json!({"spec": {"holderIdentity": HOSTILE, "leaseDurationSeconds": 15, "renewTime": "2020-01-02T03:04:05.000000Z"}}),
            Nowhere,
        ),
    ]
}

#[test]
fn every_place_in_what_a_diagnosis_reads() {
    let mut rows = Rows::default();
    let ca = Authority::new("kubernetes");
    let named = kubeconfig(&ca.pem).replace("cp.example:6443", NOBODY);
    let good = [
        ("usage-bootstrap-signing", b"true" as &[u8]),
        ("usage-bootstrap-authentication", b"true"),
    ];
    for (place, hostile, arrives) in diagnosed(&ca) {
        let review = |field: &str| Reply::ok(json!({"status": {field: true}}).to_string());
        let lease = json!({"spec": {"holderIdentity": "cp", "leaseDurationSeconds": 15, "renewTime": "2120-01-02T03:04:05.000000Z"}});
        let mut replies = vec![
            Reply::ok(token(TOKEN, &good)),
            signed(&named, TOKEN),
            review("authenticated"),
            review("allowed"),
            review("allowed"),
            review("allowed"),
            Reply::ok(lease.to_string()),
        ];
        replies[place] = Reply::ok(hostile.to_string());
        for verb in [
            &["diagnose", "abcdef"][..],
            &["diagnose", "abcdef", "-o", "json"],
            &["diagnose", "abcdef", "-o", "yaml"],
        ] {
            runs(&mut rows, &ca, "127.0.0.1", &replies, verb, arrives);
        }
    }
    rows.end();
}
