//! The server does what it was asked, and its reply is lost on the way.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use bootstrap_token::Token;
use conformance::command::{Command, ours};
use conformance::kubeconfig::Kubeconfig;
use conformance::suite::Test;
use conformance::{secrets, tests, wait};

use crate::support::{complaint, plane, secret_of, with_description};

pub(crate) const TESTS: &[Test] = tests!["lost":
    a_create_that_was_carried_out_is_known_again,
    a_generated_token_is_not_created_twice,
    a_delete_that_was_carried_out_says_that_it_may_have_been,
];

fn a_create_that_was_carried_out_is_known_again() {
    let token = secrets::token();
    let id = token.id();
    let proxy = Proxy::new(move || secret_of(id).is_some());
    let create = proxy
        .run(&["create", "-"])
        .stdin(token.expose().to_string())
        .prints_token()
        .run();
    assert_eq!(create.success(), format!("{}\n", token.expose()));
    proxy.has_lost_one();
}

fn a_generated_token_is_not_created_twice() {
    let mark = secrets::token().id().to_string();
    let proxy = Proxy::new({
        let mark = mark.clone();
        move || !with_description(&mark).is_empty()
    });
    let create = proxy
        .run(&["create", "--description", &mark])
        .prints_token()
        .run();
    let token: Token = create.success().trim_end().parse().unwrap();
    assert_eq!(with_description(&mark), [token.id().to_string()]);
    assert_eq!(
        secret_of(token.id()).as_deref(),
        Some(token.secret().expose())
    );
    proxy.has_lost_one();
}

fn a_delete_that_was_carried_out_says_that_it_may_have_been() {
    let token = secrets::token();
    let id = token.id();
    ours(["create", "-"])
        .kubeconfig(plane().kubeconfig())
        .stdin(token.expose().to_string())
        .prints_token()
        .run()
        .success();
    let proxy = Proxy::new(move || secret_of(id).is_none());
    let delete = proxy.run(&["delete", id.as_str()]).run();
    // Whoever deletes the same token twice is told that it is not there; this one is told why that may be.
    let says = complaint(&delete);
    assert!(
        says.contains(&format!("secrets \"bootstrap-token-{id}\" not found\n")),
        "{says}"
    );
    assert!(
        says.contains(
            "\nhelp: an earlier attempt, whose outcome is not known, may have deleted it"
        ),
        "{says}"
    );
    proxy.has_lost_one();
}

/// Stands before the API server. Of the first connection it passes on all but the reply: once what was
/// asked for is done, it breaks it off. The others it passes on whole.
struct Proxy {
    kubeconfig: Kubeconfig,
    connections: Arc<AtomicUsize>,
}

impl Proxy {
    fn new(is_done: impl Fn() -> bool + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let here = format!("https://{}", listener.local_addr().unwrap());
        let there = plane().server().trim_start_matches("https://").to_owned();
        let kubeconfig = std::fs::read_to_string(plane().kubeconfig()).unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        thread::spawn({
            let connections = Arc::clone(&connections);
            move || {
                for client in listener.incoming().flatten() {
                    let server = TcpStream::connect(&there).unwrap();
                    if connections.fetch_add(1, Ordering::Relaxed) == 0 {
                        lose_the_reply(&client, &server, &is_done);
                    } else {
                        pass_on(&client, &server);
                    }
                }
            }
        });
        Self {
            kubeconfig: Kubeconfig::from_text(&kubeconfig.replace(plane().server(), &here)),
            connections,
        }
    }

    fn run(&self, arguments: &[&str]) -> Command {
        ours(arguments)
            .args(["-v=10"])
            .kubeconfig(&self.kubeconfig.path())
    }

    #[track_caller]
    fn has_lost_one(&self) {
        assert!(self.connections.load(Ordering::Relaxed) > 1);
    }
}

/// In TLS 1.3 the server's first flight is all that a client needs to say who it is and to send its
/// request; with the certificate that this takes, it is longer than anything before.
fn lose_the_reply(client: &TcpStream, server: &TcpStream, is_done: impl Fn() -> bool) {
    const LONGER_THAN_ANY_BEFORE: usize = 100;
    let (answered, asked) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    copy(client, server, {
        let (answered, asked) = (Arc::clone(&answered), Arc::clone(&asked));
        move |length| {
            if answered.load(Ordering::SeqCst) {
                asked.fetch_add(length, Ordering::SeqCst);
            }
            true
        }
    });
    copy(server, client, {
        let asked = Arc::clone(&asked);
        move |_| {
            answered.store(true, Ordering::SeqCst);
            asked.load(Ordering::SeqCst) < LONGER_THAN_ANY_BEFORE
        }
    });
    wait::until_true("it is done", is_done);
    for stream in [client, server] {
        let _ = stream.shutdown(Shutdown::Both);
    }
}

fn pass_on(client: &TcpStream, server: &TcpStream) {
    copy(client, server, |_| true);
    copy(server, client, |_| true);
}

/// Copies in the background what `passes` says of, by its length.
fn copy(from: &TcpStream, to: &TcpStream, passes: impl Fn(usize) -> bool + Send + 'static) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    thread::spawn(move || {
        let mut bytes = [0; 16_384];
        while let Ok(length @ 1..) = from.read(&mut bytes) {
            if passes(length) && to.write_all(&bytes[..length]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}
