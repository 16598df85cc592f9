//! How many copies of a token secret stand in the memory of a command that waits for an answer, and who may read it.

mod copies;
mod private;
mod waiting;

use crate::discover::support::{Authority, home, kubeconfig, signed};
use crate::fake_server::{Asked, FakeServer, Reply, protobuf_page, token};
use crate::process::Home;
use crate::sign::{cluster_info, signing};
use copies::Copies;
use waiting::Waiting;

const SECRET: &str = "9r2c3d4e5f6g7h8i";
const TOKEN: &str = "abcdef.9r2c3d4e5f6g7h8i";
const OTHER: &str = "f395accd246ae52d";

/// A server that answers this, and nothing after it; and a home with its kubeconfig and a token.
fn cluster(replies: impl IntoIterator<Item = Reply>) -> (FakeServer, Home) {
    let server = FakeServer::new(replies.into_iter().chain([Reply::Silence]));
    let home = Home::new(&server);
    home.write("token", TOKEN);
    (server, home)
}

/// The token where it was read to, and the request, which is kept until it is answered.
const SENT: Copies = Copies::new(1, 1);
/// The token where it was read to.
const KEPT: Copies = Copies::new(1, 0);
const NONE: Copies = Copies::new(0, 0);

#[test]
fn create_holds_the_token_and_its_request() {
    for args in [
        &["create", "-"][..],
        &["create", "--token-file", "-"],
        &["create", "--token-file", "token"],
        &["create", TOKEN],
        &["create", "-", "-o", "json"],
        &["create", "-", "-o", "yaml"],
    ] {
        let (server, home) = cluster([]);
        let waiting = Waiting::start(&home, args, TOKEN, || server.was_asked());
        waiting.holds(SECRET, SENT);
    }
}

/// Also when the first ID that was drawn is taken.
#[test]
fn create_holds_the_token_that_it_draws() {
    let taken = Reply::refusal(409, "AlreadyExists", "it exists");
    let another = Reply::ok(token("abcdef.0123456789abcdef", &[]));
    for replies in [vec![], vec![taken, another]] {
        let count = replies.len() + 1;
        let (server, home) = cluster(replies);
        let waiting = Waiting::start(&home, &["create"], "", || server.times_asked() == count);
        let asked = server.asked();
        for (at, asked) in asked
            .iter()
            .enumerate()
            .filter(|(_, asked)| !asked.body.is_empty())
        {
            let expected = if at + 1 == count { SENT } else { NONE };
            waiting.holds(&secret_in(asked), expected);
        }
    }
}

/// That of the Secret in a request.
fn secret_in(asked: &Asked) -> String {
    use base64::Engine as _;

    let body: serde_json::Value = serde_json::from_str(&asked.body).unwrap();
    let secret = body["data"]["token-secret"].as_str().unwrap();
    let decoded = base64::engine::general_purpose::STANDARD.decode(secret);
    String::from_utf8(decoded.unwrap()).unwrap()
}

#[test]
fn create_holds_the_tokens_of_a_configuration() {
    let (server, home) = cluster([Reply::Whole(201, "", "{}".to_owned())]);
    let config = format!(
        "apiVersion: kubeadm.k8s.io/v1beta4\nkind: InitConfiguration\nbootstrapTokens:\n\
         - token: {TOKEN}\n- token: ghijkl.{OTHER}\n- token: mnopqr.0p1q2r3s4t5u6v7w\n"
    );
    home.write("config.yaml", &config);
    let args = ["create", "--config", "config.yaml"];
    let waiting = Waiting::start(&home, &args, "", || server.times_asked() == 2);
    waiting.holds(SECRET, KEPT);
    waiting.holds(OTHER, SENT);
    waiting.holds("0p1q2r3s4t5u6v7w", KEPT);
}

#[test]
fn create_holds_nothing_once_it_has_failed() {
    let server = FakeServer::new([Reply::refusal(403, "Forbidden", "no")]);
    let home = Home::new(&server);
    let mut waiting = Waiting::without_a_reader(&home, &["create", "-"], TOKEN);
    waiting.holds(SECRET, NONE);
    assert!(server.was_asked());
    let said = waiting.read_on();
    assert!(
        said.contains("error: failed to create bootstrap token"),
        "{said}"
    );
}

#[test]
fn delete_holds_no_secret() {
    let (server, home) = cluster([]);
    let waiting = Waiting::start(&home, &["delete", TOKEN], "", || server.was_asked());
    waiting.holds(SECRET, NONE);
}

#[test]
fn discover_and_diagnose_hold_the_token() {
    let ca = Authority::new("kubernetes");
    for args in [
        &["discover", "SERVER", "--ca-pin", "PIN", "--token", "-"][..],
        &["discover", "SERVER", "--ca-pin", "PIN", "--token", TOKEN],
        &[
            "discover",
            "SERVER",
            "--ca-pin",
            "PIN",
            "--token-file",
            "token",
        ],
        &["diagnose", "--server", "SERVER", "--ca-pin", "PIN", "-"],
        &["diagnose", "--server", "SERVER", "--ca-pin", "PIN", TOKEN],
        &[
            "diagnose",
            "--server",
            "SERVER",
            "--ca-pin",
            "PIN",
            "--token-file",
            "token",
        ],
    ] {
        // Before the signature is checked, and after it.
        let info = kubeconfig(&ca.pem);
        for replies in [vec![], vec![signed(&info, TOKEN)]] {
            let count = replies.len() + 1;
            let server = ca.server("127.0.0.1", replies.into_iter().chain([Reply::Silence]));
            let args = args.iter().map(|arg| {
                let arg = arg.replace("SERVER", &server.url());
                arg.replace("PIN", &ca.pin())
            });
            let args: Vec<_> = args.collect();
            let asked = || server.times_asked() == count;
            let waiting = Waiting::start(&home(), &args, TOKEN, asked);
            waiting.holds(SECRET, KEPT);
        }
    }
}

/// The administrator's side: next to the token that was given there is the Secret as it was read, and the token that was
/// made of it.
#[test]
fn diagnose_holds_the_token_and_the_secret() {
    for given in ["-", "abcdef"] {
        let (server, home) = cluster([Reply::ok(token(TOKEN, &[]))]);
        let asked = || server.times_asked() == 2;
        let waiting = Waiting::start(&home, &["diagnose", given], TOKEN, asked);
        let is_given = usize::from(given == "-");
        waiting.holds_next_to_the_reply(SECRET, Copies::new(1 + is_given, 1));
    }
}

/// Each page is signed with as soon as it is there, and nothing is left of it, while the next is read or signatures are
/// written.
#[test]
fn sign_holds_no_page_that_it_has_signed_with() {
    let info = || cluster_info(&[("kubeconfig", "apiVersion: v1\nkind: Config\n")]);
    let (server, home) = cluster([info(), Reply::page(&[signing("abcdef")], "more")]);
    let waiting = Waiting::start(&home, &["sign"], "", || server.times_asked() == 3);
    waiting.holds_next_to_the_reply(SECRET, NONE);

    let (server, home) = cluster([info(), Reply::secrets(&[signing("abcdef")])]);
    let args = ["sign", "--write", "--danger-skip-ca-pin"];
    let waiting = Waiting::start(&home, &args, "", || server.times_asked() == 3);
    waiting.holds_next_to_the_reply(SECRET, NONE);
}

/// In a discovery file there may be an administrator's own private key.
#[test]
fn discover_holds_nothing_of_a_discovery_file() {
    const KEY: &str = "LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0tLS0tCk1IY0NBUUVFSU";

    let ca = Authority::new("kubernetes");
    let server = ca.server("127.0.0.1", [Reply::Silence]);
    let home = home();
    // Twice and far apart, lest chance has something else written over it.
    let users = format!(
        "users:\n- name: admin\n  user:\n    client-key-data: {KEY}\n    # {}\n    token: {KEY}\n",
        "x".repeat(100_000),
    );
    let text = kubeconfig(&ca.pem)
        .replace("https://cp.example:6443", &server.url())
        .replace("users: null\n", "");
    home.write("file", &(users + &text));
    let args = ["discover", "--token-file=token", "--discovery-file=file"];
    let waiting = Waiting::start(&home, &args, "", || server.was_asked());
    waiting.holds(KEY, NONE);
    // The token is the credential: the client's header, and what was written to the connection.
    waiting.holds(SECRET, Copies::new(3, 0));
}

#[test]
fn list_holds_no_printed_page() {
    let first = "aaaaaa.0p1q2r3s4t5u6v7w";
    for page in [
        Reply::page(&[token(first, &[]), token(TOKEN, &[])], "more"),
        protobuf_page(&[first, TOKEN], "more"),
    ] {
        let (server, home) = cluster([page]);
        let args = ["list", "--redact"];
        let waiting = Waiting::start(&home, &args, "", || server.times_asked() == 2);
        waiting.holds_next_to_the_reply(SECRET, NONE);
    }
}
