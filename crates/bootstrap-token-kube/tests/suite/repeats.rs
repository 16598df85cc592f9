//! Clients that repeat requests: kube's default client over a socket, and a different one.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::Duration;

use bootstrap_token::Token;
use bootstrap_token_kube::{BootstrapTokens, Deletion, Error, Policy};
use bootstrap_token_secret::BootstrapToken;
use http::{Request, Response};
use kube::client::Body;
use kube::{Client, Config};
use serde_json::{Value, json};

use crate::text::{id, predicates, text, token};

/// The answers of a server, in order. It stores the first posted object whatever it answers.
struct Script(&'static [(&'static str, &'static str)]);

/// Answers a GET with the stored object.
const KEPT: (&str, &str) = ("200 OK", "KEPT");
const TIMEOUT: (&str, &str) = ("504 Gateway Timeout", "");
const UNAVAILABLE: (&str, &str) = ("503 Service Unavailable", "");
const TAKEN: (&str, &str) = (
    "409 Conflict",
    r#"{"kind":"Status","reason":"AlreadyExists","message":"it already exists"}"#,
);
const NO_QUOTA: (&str, &str) = (
    "403 Forbidden",
    r#"{"kind":"Status","reason":"Forbidden","message":"secrets is forbidden: exceeded quota: q, requested: secrets=1"}"#,
);
const NOT_FOUND: (&str, &str) = (
    "404 Not Found",
    r#"{"kind":"Status","reason":"NotFound","message":"not found"}"#,
);
const CREATED: (&str, &str) = ("201 Created", "{}");

struct Asked {
    methods: Vec<String>,
    kept: Option<Value>,
}

impl Asked {
    /// Returns the name of the stored Secret.
    fn name(&self) -> &str {
        self.kept.as_ref().unwrap()["metadata"]["name"]
            .as_str()
            .unwrap()
    }
}

impl Script {
    /// Returns the URL, and the requests once all are answered.
    fn run(self) -> (String, JoinHandle<Asked>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let mut kept = None;
            let mut asked = Vec::new();
            for (code, body) in self.0 {
                let (mut stream, _) = listener.accept().unwrap();
                let (line, sent) = read(&mut stream);
                if line.starts_with("POST") && kept.is_none() {
                    kept = Some(sent);
                }
                asked.push(line);
                let body = match *body {
                    "KEPT" => kept.as_ref().unwrap().to_string(),
                    body => body.to_owned(),
                };
                let answer = format!(
                    "HTTP/1.1 {code}\r\ncontent-type: application/json\r\nconnection: close\r\n\
                     content-length: {}\r\n\r\n{body}",
                    body.len()
                );
                stream.write_all(answer.as_bytes()).unwrap();
            }
            Asked {
                methods: asked,
                kept,
            }
        });
        (url, server)
    }
}

/// Reads the method and body of a request.
fn read(stream: &mut TcpStream) -> (String, Value) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte).unwrap();
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head
        .lines()
        .find_map(|line| {
            line.to_lowercase()
                .strip_prefix("content-length: ")?
                .parse()
                .ok()
        })
        .unwrap_or(0_usize);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    let method = head.split(' ').next().unwrap();
    (
        method.to_owned(),
        serde_json::from_slice(&body).unwrap_or(json!(null)),
    )
}

/// Uses kube's default client.
fn over_kube(url: &str) -> BootstrapTokens {
    let config = Config::new(url.parse().unwrap());
    assert!(config.default_retry);
    BootstrapTokens::new(Client::try_from(config).unwrap())
}

async fn create_generated(
    tokens: &BootstrapTokens,
    mut token: BootstrapToken,
) -> Result<BootstrapToken, Error> {
    tokens.create_generated(&mut token).await.map(|_| token)
}

fn generated() -> BootstrapToken {
    token().with_token(Token::generate().unwrap())
}

/// One token is stored, and that one is returned.
#[tokio::test]
async fn a_generated_token_that_kube_posts_twice_is_one_token() {
    for trouble in [TIMEOUT, UNAVAILABLE] {
        let answers: &'static [_] = Box::leak(Box::new([trouble, trouble, TAKEN, KEPT]));
        let (url, server) = Script(answers).run();
        let written = create_generated(&over_kube(&url), generated())
            .await
            .unwrap();
        let asked = server.join().unwrap();
        assert_eq!(asked.methods, ["POST", "POST", "POST", "GET"]);
        assert_eq!(asked.name(), written.secret_name());
    }
}

/// kube returns only the last answer.
#[tokio::test]
async fn a_token_that_kube_posts_twice_is_recognized() {
    let (url, server) = Script(&[TIMEOUT, TAKEN, KEPT]).run();
    over_kube(&url).create(&token()).await.unwrap();
    assert_eq!(server.join().unwrap().methods, ["POST", "POST", "GET"]);
}

/// The first request may have been carried out and have used up the quota.
#[tokio::test]
async fn a_refusal_after_a_post_that_kube_repeated_leaves_it_uncertain() {
    let (url, server) = Script(&[TIMEOUT, NO_QUOTA]).run();
    let error = create_generated(&over_kube(&url), generated())
        .await
        .unwrap_err();
    assert_eq!(predicates(&error), ["forbidden", "uncertain"]);
    assert_eq!(server.join().unwrap().methods, ["POST", "POST"]);
    // Without server errors, the outcome is certain.
    let (url, _server) = Script(&[NO_QUOTA]).run();
    let error = create_generated(&over_kube(&url), generated())
        .await
        .unwrap_err();
    assert_eq!(predicates(&error), ["forbidden"]);
}

#[tokio::test]
async fn a_delete_that_kube_repeats_returns_gone() {
    for (answers, found) in [
        (&[TIMEOUT, NOT_FOUND] as &[_], Deletion::Gone),
        (&[NOT_FOUND], Deletion::NotThere),
    ] {
        let (url, _server) = Script(answers).run();
        assert_eq!(over_kube(&url).delete(id()).await.unwrap(), found);
    }
}

/// A client that hides its retries: it builds each request anew.
#[tokio::test]
async fn a_hidden_repeated_post() {
    for generated_here in [true, false] {
        let (url, server) = Script(&[TIMEOUT, TAKEN, KEPT]).run();
        let inner = Client::try_from({
            let mut config = Config::new(url.parse().unwrap());
            config.default_retry = false;
            config
        })
        .unwrap();
        let service = tower::service_fn(move |request: Request<Body>| {
            let inner = inner.clone();
            async move {
                let (head, body) = request.into_parts();
                let body = body.collect_bytes().await?;
                loop {
                    let request = Request::builder()
                        .method(head.method.clone())
                        .uri(head.uri.clone())
                        .body(Body::from(body.clone()));
                    let response: Response<Body> = inner.send(request.unwrap()).await?;
                    if !response.status().is_server_error() {
                        return Ok::<_, kube::Error>(response);
                    }
                }
            }
        });
        let tokens = BootstrapTokens::new(Client::new(service, "default"))
            .with_policy(Policy::default().with_deadline(Duration::from_secs(5)));
        if generated_here {
            let written = create_generated(&tokens, generated()).await.unwrap();
            let asked = server.join().unwrap();
            assert_eq!(asked.methods, ["POST", "POST", "GET"]);
            assert_eq!(asked.name(), written.secret_name());
        } else {
            let error = tokens.create(&token()).await.unwrap_err();
            assert_eq!(predicates(&error), ["already_exists", "uncertain"]);
            assert!(text(&error).contains("it may be the one that was to be created"));
        }
    }
}

/// A token that was never written does not count as written.
#[tokio::test]
async fn somebody_elses_id_is_drawn_again() {
    let (url, server) = Script(&[CREATED, TAKEN, KEPT, CREATED]).run();
    let tokens = over_kube(&url);
    let first = create_generated(&tokens, generated()).await.unwrap();
    let template = first
        .clone()
        .with_token(format!("{}.0123456789abcdef", first.id()).parse().unwrap());
    let second = create_generated(&tokens, template).await.unwrap();
    assert_ne!(first.id(), second.id());
    assert_eq!(
        server.join().unwrap().methods,
        ["POST", "POST", "GET", "POST"]
    );
}
