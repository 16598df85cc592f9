//! With an administrator's kubeconfig: how much is asked, and API servers that stop answering on the way.

use std::thread;
use std::time::{Duration, Instant};

use crate::discover::support::{Authority, TOKEN, info, kubeconfig, signed};
use crate::fake_server::{FakeServer, NOBODY, Reply, token};
use crate::process::{Home, Outcome};
use serde_json::json;

use super::way::silence;

const ID: &str = "abcdef";

/// The one deadline, and what a busy machine adds to it.
const DEADLINE: Duration = Duration::from_secs(10);
const BY_FAR: Duration = Duration::from_secs(15);

/// The server that cluster-info names, as a machine meets it that has no credentials.
fn named(ca: &Authority, replies: Vec<Reply>) -> FakeServer {
    ca.server("127.0.0.1", replies)
}

/// All that is asked about a token with which nothing is wrong, in order.
pub(crate) fn healthy(ca: &Authority, named: &FakeServer) -> Vec<Reply> {
    let review = |field: &str| Reply::ok(format!(r#"{{"status":{{"{field}":true}}}}"#));
    let kubeconfig = kubeconfig(&ca.pem).replace("https://cp.example:6443", &named.url());
    let lease = r#"{"spec":{"holderIdentity":"cp","leaseDurationSeconds":15,"renewTime":"2120-01-02T03:04:05.000000Z"}}"#;
    vec![
        Reply::ok(token(
            TOKEN,
            &[
                ("usage-bootstrap-signing", b"true"),
                ("usage-bootstrap-authentication", b"true"),
            ],
        )),
        signed(&kubeconfig, TOKEN),
        review("authenticated"),
        review("allowed"),
        review("allowed"),
        review("allowed"),
        Reply::ok(lease),
    ]
}

fn diagnose(replies: impl IntoIterator<Item = Reply>) -> (FakeServer, Outcome, Duration) {
    let server = FakeServer::new(replies);
    let home = Home::new(&server);
    let before = Instant::now();
    let outcome = home.run(&["diagnose", ID]);
    let elapsed = before.elapsed();
    (server, outcome, elapsed)
}

#[test]
fn eight_requests_where_nothing_is_wrong() {
    let ca = Authority::new("kubernetes");
    let named = named(
        &ca,
        vec![Reply::ok(
            r#"{"kind":"ConfigMap","apiVersion":"v1","data":{}}"#,
        )],
    );
    let (server, outcome, _) = diagnose(healthy(&ca, &named));
    outcome.is(0, "healthy: a machine can join by the token abcdef, if its secret is right, which was not given\n", "");
    assert_eq!(
        server.lines(),
        [
            "GET /api/v1/namespaces/kube-system/secrets/bootstrap-token-abcdef",
            "GET /api/v1/namespaces/kube-public/configmaps/cluster-info",
            "POST /apis/authentication.k8s.io/v1/tokenreviews",
            "POST /apis/authorization.k8s.io/v1/subjectaccessreviews",
            "POST /apis/authorization.k8s.io/v1/subjectaccessreviews",
            "POST /apis/authorization.k8s.io/v1/subjectaccessreviews",
            "GET /apis/coordination.k8s.io/v1/namespaces/kube-system/leases/kube-controller-manager",
        ]
    );
    let [asked] = &named.asked()[..] else {
        panic!("one request there");
    };
    assert_eq!(
        asked.line,
        "GET /api/v1/namespaces/kube-public/configmaps/cluster-info"
    );
    assert_eq!(asked.header("authorization"), None);
}

/// At the server that cluster-info names, though the one of the kubeconfig does all that it should.
#[test]
fn what_keeps_machines_from_the_server_that_cluster_info_names() {
    let (ca, other) = (Authority::new("kubernetes"), Authority::new("other"));
    let refused = |code| vec![Reply::refusal(code, "No", "no")];
    let broken = |named: FakeServer, code: &str| {
        let (_, outcome, _) = diagnose(healthy(&ca, &named));
        assert!(outcome.stdout.starts_with(code), "{outcome:?}");
        assert!(outcome.stdout.contains(&named.url()), "{outcome:?}");
        assert_eq!((outcome.code, outcome.stdout.lines().count()), (1, 1));
    };
    broken(named(&ca, refused(401)), "anonymous-off: ");
    broken(named(&ca, refused(403)), "cluster-info-not-public: ");
    broken(named(&other, vec![]), "server-other-ca: ");
    broken(ca.server("cp.example", vec![]), "server-wrong-name: ");

    // Where the kubeconfig does not go itself, what is met there is a likely cause, unless it may pass.
    let nobody =
        kubeconfig(&ca.pem).replace("https://cp.example:6443", &format!("https://{NOBODY}"));
    let mut replies = healthy(&ca, &named(&ca, vec![]));
    replies[1] = signed(&nobody, TOKEN);
    let (server, outcome, _) = diagnose(replies);
    let elsewhere = format!(
        "server-unreachable: cluster-info sends machines elsewhere than this kubeconfig goes, which is {}: https://{NOBODY}: ",
        server.url(),
    );
    assert!(outcome.stdout.starts_with(&elsewhere), "{outcome:?}");
    assert_eq!(outcome.code, 1);

    let (_, outcome, _) = diagnose(healthy(&ca, &named(&ca, refused(503))));
    assert!(outcome.stdout.starts_with("unknown: "), "{outcome:?}");
    let unknown = "warning: not looked at: whether a machine without credentials can read cluster-info: https://";
    assert!(outcome.stderr.starts_with(unknown), "{outcome:?}");
    assert_eq!(outcome.code, 1);
}

#[test]
fn a_cluster_info_of_another_cluster() {
    let ca = Authority::new("kubernetes");
    let shown = |uid: &str| {
        let map =
            json!({"kind": "ConfigMap", "apiVersion": "v1", "metadata": {"uid": uid}, "data": {}});
        vec![Reply::ok(map.to_string())]
    };
    for (theirs, verdict) in [
        ("ours", "healthy: "),
        ("theirs", "cluster-info-of-another-cluster: "),
    ] {
        let named = named(&ca, shown(theirs));
        let mut replies = healthy(&ca, &named);
        let Reply::Whole(_, _, info) = &mut replies[1] else {
            panic!("cluster-info");
        };
        *info = info.replace(r#""metadata":{"#, r#""metadata":{"uid":"ours","#);
        let (_, outcome, _) = diagnose(replies);
        assert!(outcome.stdout.starts_with(verdict), "{outcome:?}");
    }
}

/// An API server that answers so many requests, and hangs at the next.
fn hangs_at(at: usize, hang: Reply) {
    let ca = Authority::new("kubernetes");
    let mut replies = healthy(&ca, &named(&ca, vec![]));
    replies.truncate(at);
    replies.push(hang);
    let (server, outcome, elapsed) = diagnose(replies);
    assert!(elapsed >= DEADLINE, "{at}: {elapsed:?}");
    assert!(elapsed < BY_FAR, "{at}: {elapsed:?}");
    assert_eq!(server.times_asked(), at + 1, "nothing after it");
    assert_eq!(outcome.code, 1, "{at}: {outcome:?}");
    assert!(
        outcome.stderr.contains(" within the deadline of 10s"),
        "{at}: {outcome:?}"
    );
    if at < 2 {
        assert_eq!(outcome.stdout, "", "{at}");
        let starts = outcome
            .stderr
            .starts_with("error: failed to look into it: ");
        assert!(starts, "{at}: {outcome:?}");
        let help = "\nhelp: the API server at http://127.0.0.1:";
        assert!(outcome.stderr.contains(help), "{at}: {outcome:?}");
    } else {
        let unknown = "unknown: nothing was found, and not all could be looked at\n";
        assert_eq!(outcome.stdout, unknown, "{at}");
        assert!(
            outcome
                .stderr
                .starts_with("warning: not looked at: whether "),
            "{at}: {outcome:?}"
        );
        assert!(
            outcome.stderr.ends_with(
                "error: it is not known whether a machine can join\n\
                 help: each warning says what was not looked at, and why: mend that, and ask again\n"
            ),
            "{at}: {outcome:?}"
        );
    }
}

/// A deadline for each request would take seven times as long; and what was not answered is not healthy.
#[test]
fn one_deadline_wherever_the_api_server_hangs() {
    let hangs = [
        Reply::Silence,
        Reply::Unfinished("{".to_owned()),
        Reply::Dripping,
    ];
    let runs: Vec<_> = (0..7)
        .flat_map(|at| hangs.clone().map(|hang| (at, hang)))
        .map(|(at, hang)| thread::spawn(move || hangs_at(at, hang)))
        .collect();
    let failed = runs.into_iter().filter_map(|run| run.join().err()).count();
    assert_eq!(failed, 0);
}

/// From both sides, the one does not wait for the other.
#[test]
fn one_deadline_for_both_sides() {
    let ca = Authority::new("kubernetes");
    let inside = FakeServer::new([Reply::Silence]);
    let cluster_info = signed(&kubeconfig(&ca.pem), TOKEN);
    let met = ca.server("127.0.0.1", [cluster_info, Reply::Silence]);
    let home = Home::new(&inside);
    let config = home.path("config").display().to_string();
    let before = Instant::now();
    let args = [
        "diagnose",
        "-",
        "--server",
        &met.url(),
        "--kubeconfig",
        &config,
    ];
    let outcome = home.run_with(&args, TOKEN.as_bytes());
    assert!(before.elapsed() < BY_FAR, "{:?}", before.elapsed());
    // What was found is told all the same.
    assert!(
        outcome.stdout.starts_with("server-too-slow: "),
        "{outcome:?}"
    );
    assert!(
        outcome.stderr.starts_with(
            "warning: not looked at: whether the API server takes a token: the machine did not get so far\n\
             error: failed to look into it: "
        ),
        "{outcome:?}"
    );
    assert_eq!(outcome.code, 1);
}

#[test]
fn what_one_may_not_look_at_is_not_taken_for_health() {
    let ca = Authority::new("kubernetes");
    let answers = vec![Reply::ok(r#"{"kind":"ConfigMap","apiVersion":"v1","data":{}}"#); 2];
    let mut replies = healthy(&ca, &named(&ca, answers));
    replies[5] = Reply::refusal(403, "Forbidden", "no");
    let (_, outcome, _) = diagnose(replies.clone());
    outcome.is(
        1,
        "unknown: nothing was found, and not all could be looked at\n",
        "warning: not looked at: whether a machine without credentials can read cluster-info: cannot look into it: the API server answered 403 Forbidden: no\n\
         error: it is not known whether a machine can join\n\
         help: each warning says what was not looked at, and why: mend that, and ask again\n",
    );
    let server = FakeServer::new(replies);
    let json = Home::new(&server).run(&["diagnose", ID, "-o", "json"]);
    assert!(
        json.stdout.contains("\"verdict\": \"unknown\""),
        "{}",
        json.stdout
    );
}

/// The help names the object that was refused.
#[test]
fn who_may_not_read_cluster_info_is_told_so() {
    let refused = "configmaps \"cluster-info\" is forbidden";
    let server = FakeServer::new([Reply::refusal(403, "Forbidden", refused)]);
    let outcome = Home::new(&server).run(&["diagnose"]);
    assert!(
        outcome
            .stderr
            .contains(" needs rights on the ConfigMap cluster-info in the namespace kube-public: "),
        "{outcome:?}"
    );
}

/// The controller manager writes when it was there by its own clock, and the API server notes when that came.
#[test]
fn the_clock_that_the_lease_was_written_by_does_not_count() {
    const LEASE: &str = r#""spec":{"holderIdentity":"cp","leaseDurationSeconds":15,"renewTime":"2020-01-02T03:04:05.000000Z"}"#;
    const NOTED: &str = r#""metadata":{"managedFields":[{"time":"2120-01-02T03:04:05Z","fieldsV1":{"f:spec":{"f:renewTime":{}}}}]}"#;
    const LABELLED: &str = r#""metadata":{"managedFields":[{"time":"2120-01-02T03:04:05Z","fieldsV1":{"f:metadata":{}}}]}"#;

    let ca = Authority::new("kubernetes");
    for (lease, verdict) in [
        (format!("{{{LEASE}}}"), "controller-manager-not-running: "),
        (format!("{{{NOTED},{LEASE}}}"), "healthy: "),
        // By somebody else.
        (
            format!("{{{LABELLED},{LEASE}}}"),
            "controller-manager-not-running: ",
        ),
    ] {
        let info = Reply::ok(r#"{"kind":"ConfigMap","apiVersion":"v1","data":{}}"#);
        let mut replies = healthy(&ca, &named(&ca, vec![info]));
        replies[6] = Reply::ok(lease);
        let (_, outcome, _) = diagnose(replies);
        assert!(outcome.stdout.starts_with(verdict), "{outcome:?}");
    }
}

/// Whether nobody signs or somebody who may not, is not known where that was not looked at.
#[test]
fn a_reason_that_was_not_looked_at_is_none() {
    let ca = Authority::new("kubernetes");
    let forbidden = || Reply::refusal(403, "Forbidden", "leases is forbidden");
    for (lease, may) in [
        (forbidden(), r#"{"status":{"allowed":true}}"#),
        (Reply::ok("{}"), "{}{"),
    ] {
        let mut replies = healthy(&ca, &named(&ca, vec![]));
        let Reply::Whole(_, _, secret) = &mut replies[0] else {
            panic!("a Secret");
        };
        let made = r#""metadata":{"creationTimestamp":"2020-01-02T03:04:05Z","#;
        *secret = secret.replace(r#""metadata":{"#, made);
        replies[1] = info(&kubeconfig(&ca.pem), &[]);
        replies[6] = lease;
        replies.push(Reply::ok(may));
        let (_, outcome, _) = diagnose(replies);
        let said = "not-signed: cluster-info is not signed by abcdef, and why that is so, could not be looked at";
        assert!(outcome.stdout.starts_with(said), "{outcome:?}");
        assert!(
            outcome.stderr.starts_with("warning: not looked at: "),
            "{outcome:?}"
        );
    }
}

/// Where the kubeconfig does not go itself, silence may be so from here only.
#[cfg(target_os = "linux")]
#[test]
fn nobody_answers_where_machines_are_sent() {
    let ca = Authority::new("kubernetes");
    let (_full, address) = silence();
    let kubeconfig = kubeconfig(&ca.pem).replace("cp.example:6443", &address);
    let mut replies = healthy(&ca, &named(&ca, vec![]));
    replies[1] = signed(&kubeconfig, TOKEN);
    let (_, outcome, elapsed) = diagnose(replies);
    assert!(outcome.stdout.starts_with("unknown: "), "{outcome:?}");
    let warned = format!(
        "warning: not looked at: whether a machine without credentials can read cluster-info: \
         cluster-info sends machines to https://{address}, which is not to be reached from here; "
    );
    assert!(outcome.stderr.starts_with(&warned), "{outcome:?}");
    assert!(elapsed < BY_FAR, "{elapsed:?}");
}

/// It says nothing of that server, nor who refused.
#[test]
fn a_proxy_of_the_administrator_s_own_that_is_not_there() {
    let ca = Authority::new("kubernetes");
    let kubeconfig = kubeconfig(&ca.pem).replace("cp.example", "192.0.2.7");
    let mut replies = healthy(&ca, &named(&ca, vec![]));
    replies[1] = signed(&kubeconfig, TOKEN);
    let server = FakeServer::new(replies);
    let home = Home::new(&server);
    let mut command = home.command(&["diagnose", ID]);
    let output = command.env("HTTPS_PROXY", NOBODY).output().unwrap();
    let (stdout, stderr) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert!(stdout.starts_with("unknown: "), "{stdout}{stderr}");
    let warned = "cluster-info sends machines to https://192.0.2.7:6443, which is not to be reached from here; ";
    assert!(stderr.contains(warned), "{stderr}");
}
