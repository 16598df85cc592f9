//! The API server dies, in the middle of what we do, and comes back, or does not.

use std::thread;
use std::time::{Duration, Instant};

use bootstrap_token::Token;
use conformance::control_plane::Component::{ApiServer, Etcd};
use conformance::secrets;
use conformance::suite::Test;
use conformance::tests;

use crate::etcd;
use crate::support::{
    complaint, created_as_it_says, is_a_beginning, is_complete, ours_admin, plane, secret_of,
    start_list, with_description,
};

pub(crate) const TESTS: &[Test] = tests!["killed":
    a_list_goes_on_after_a_restart,
    a_list_goes_on_in_the_present_when_the_past_is_forgotten,
    a_list_ends_when_the_server_does_not_come_back,
    a_list_outlives_a_server_that_dies_while_it_answers,
    a_create_says_what_became_of_it,
];

/// Half of the deadline of a call. A restart that took longer, on a busy machine, proves nothing.
const IN_TIME: Duration = Duration::from_secs(5);

fn a_list_goes_on_after_a_restart() {
    let list = start_list();
    plane().kill(ApiServer);
    plane().restart(ApiServer);
    is_complete(&list.wait());
}

/// A new API server has no old state in its cache, and etcd has none either: 410 Gone.
fn a_list_goes_on_in_the_present_when_the_past_is_forgotten() {
    let list = start_list();
    // Something new, so that the present is another state than the list's.
    ours_admin(&["create"]).prints_token().run().success();
    plane().kill(ApiServer);
    etcd::compact();
    plane().restart(ApiServer);
    let list = list.wait();
    assert!(list.stderr.contains("410"), "{}", list.stderr);
    is_complete(&list);
}

fn a_list_ends_when_the_server_does_not_come_back() {
    let list = start_list();
    plane().kill(ApiServer);
    let list = list.wait();
    plane().restart(ApiServer);
    let says = complaint(&list);
    assert!(
        says.starts_with("error: failed to list bootstrap tokens: no connection to the API server"),
        "{says}"
    );
    assert!(
        says.contains("onnection refused") && says.contains("deadline"),
        "{says}"
    );
    assert!(says.contains("\nhelp: is the API server at "), "{says}");
    is_a_beginning(&list);
}

fn a_list_outlives_a_server_that_dies_while_it_answers() {
    for _ in 0..8 {
        let list = start_list();
        plane().stop(ApiServer);
        let list = thread::spawn(|| list.wait());
        // Time enough for it to ask for its second page, which nobody answers.
        thread::sleep(Duration::from_millis(500));
        let began = Instant::now();
        plane().kill(ApiServer);
        plane().restart(ApiServer);
        let outage = began.elapsed();
        let list = list.join().unwrap();
        if list.code == Some(0) {
            is_complete(&list);
            return;
        }
        is_a_beginning(&list);
        assert!(
            outage > IN_TIME,
            "the server was back after {outage:?}: {}",
            complaint(&list)
        );
    }
    panic!("the server never was back within {IN_TIME:?}, so nothing was seen");
}

fn a_create_says_what_became_of_it() {
    // Before, during and after the write, wherever that is on this machine: no case may lie.
    for milliseconds in [0, 30] {
        killed_during_create(|| thread::sleep(Duration::from_millis(milliseconds)), || {});
    }
    // The request is with a server that never reads it.
    killed_during_create(
        || {
            plane().stop(ApiServer);
            thread::sleep(Duration::from_millis(500));
        },
        || {},
    );
    // It is with a store that may carry it out after the server is gone.
    killed_during_create(
        || {
            plane().stop(Etcd);
            thread::sleep(Duration::from_millis(500));
        },
        || plane().cont(Etcd),
    );
}

/// Creates a given token and a generated one, while the API server is killed between two other things.
fn killed_during_create(before: impl FnOnce(), after: impl FnOnce()) {
    let token = secrets::token();
    let given = ours_admin(&["create", "-"])
        .stdin(token.expose().to_string())
        .prints_token()
        .start();
    let mark = secrets::token().id().to_string();
    let generated = ours_admin(&["create", "--description", &mark])
        .prints_token()
        .start();
    before();
    let began = Instant::now();
    plane().kill(ApiServer);
    after();
    plane().restart(ApiServer);
    let in_time = began.elapsed() < IN_TIME;
    let (given, generated) = (given.wait(), generated.wait());
    created_as_it_says(&given, &token);
    let written = with_description(&mark);
    if generated.code == Some(0) {
        let token: Token = generated.stdout.trim_end().parse().unwrap();
        assert_eq!(
            written,
            [token.id().to_string()],
            "it and no other: {generated:?}"
        );
        assert_eq!(
            secret_of(token.id()).as_deref(),
            Some(token.secret().expose())
        );
    } else {
        for id in written {
            let unknown = format!("it is not known whether it was created: look for the ID {id}");
            assert!(complaint(&generated).contains(&unknown), "{generated:?}");
        }
    }
    for output in [given, generated] {
        assert!(
            output.code == Some(0) || !in_time,
            "the server was back in time: {output:?}"
        );
    }
}
