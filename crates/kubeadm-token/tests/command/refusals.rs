//! An API server that refuses, is too busy, breaks, hangs, or is none: what came back and what to do next.

use std::time::{Duration, Instant};

use crate::fake_server::{FakeServer, NOBODY, Reply, secret, token};
use crate::process::{Home, kubeconfig};

const CREATE: [&str; 2] = ["create", "abcdef.9r2c3d4e5f6g7h8i"];

/// Runs against a server with these replies; its port is taken out of what is said.
#[track_caller]
fn fails(replies: impl IntoIterator<Item = Reply>, args: &[&str], stdout: &str, stderr: &str) {
    let server = FakeServer::new(replies);
    let mut outcome = Home::new(&server).run(args);
    server.asked();
    outcome.stderr = outcome.stderr.replace(&server.url(), "SERVER");
    outcome.is(1, stdout, stderr);
}

#[test]
fn refused_401() {
    let refusal = Reply::refusal(401, "Unauthorized", "Unauthorized");
    let (_server, cluster) = FakeServer::trusted([refusal]);
    let home = Home::empty();
    home.write("config", &kubeconfig(&cluster, "token: x"));
    home.run(&["list"]).fails_with(
        "error: failed to list bootstrap tokens: Unauthorized\n\
         help: the API server does not take the credentials of user \"tester\" in DIR/config: they may have expired or belong to another cluster\n",
    );
}

#[test]
fn refused_403() {
    fails(
        [Reply::refusal(
            403,
            "Forbidden",
            "secrets is forbidden: User \"x\" cannot create resource \"secrets\"",
        )],
        &CREATE,
        "",
        "error: failed to create bootstrap token with name bootstrap-token-abcdef: secrets is forbidden: User \"x\" cannot create resource \"secrets\"\n\
         help: user \"tester\" of DIR/config needs rights on Secrets in the namespace kube-system: use an administrator's kubeconfig\n",
    );
}

#[test]
fn refused_404_of_the_namespace() {
    fails(
        [Reply::refusal(
            404,
            "NotFound",
            "namespaces \"kube-system\" not found",
        )],
        &CREATE,
        "",
        "error: failed to create bootstrap token with name bootstrap-token-abcdef: namespaces \"kube-system\" not found\n\
         help: is SERVER, from DIR/config, a Kubernetes API server with the namespace kube-system?\n",
    );
}

#[test]
fn refused_409() {
    let taken = || {
        Reply::refusal(
            409,
            "AlreadyExists",
            "secrets \"bootstrap-token-abcdef\" already exists",
        )
    };
    let another = Reply::ok(token("abcdef.0123456789abcdef", &[]));
    fails(
        [taken(), another],
        &CREATE,
        "",
        "error: a token with id \"abcdef\" already exists\n\
         help: take another one, or delete it first: `kubeadm-token delete abcdef`\n",
    );
    for unlike_another in [
        Reply::ok(token("abcdef.9r2c3d4e5f6g7h8i", &[])),
        Reply::refusal(403, "Forbidden", "no"),
    ] {
        fails(
            [taken(), unlike_another],
            &CREATE,
            "",
            "error: a token with id \"abcdef\" already exists\n\
             help: it may be this very one, made before or just now: see `kubeadm-token list`, or delete it first: `kubeadm-token delete abcdef`\n",
        );
    }
}

#[test]
fn refused_422() {
    fails(
        [Reply::refusal(
            422,
            "Invalid",
            "Secret \"bootstrap-token-abcdef\" is invalid: metadata.labels: Required value",
        )],
        &CREATE,
        "",
        "error: failed to create bootstrap token with name bootstrap-token-abcdef: Secret \"bootstrap-token-abcdef\" is invalid: metadata.labels: Required value\n\
         help: an admission webhook or a policy of the cluster may be against it\n",
    );
}

#[test]
fn busy_429_is_waited_for_as_long_as_it_is_worth_it() {
    let server = FakeServer::new([
        Reply::Whole(429, "retry-after: 1\r\n", String::new()),
        Reply::Whole(201, "", secret("abcdef", &[])),
    ]);
    let before = Instant::now();
    Home::new(&server)
        .run(&CREATE)
        .is(0, "abcdef.9r2c3d4e5f6g7h8i\n", "");
    assert!(before.elapsed() >= Duration::from_secs(1));
    assert_eq!(server.asked().len(), 2);

    fails(
        [Reply::Whole(429, "retry-after: 3600\r\n", String::new())],
        &["list"],
        "",
        "error: failed to list bootstrap tokens: the answer was 429 Too Many Requests, which asks to wait 3600s\n\
         help: the API server is too busy: try again later\n",
    );
}

#[test]
fn troubled_500_of_a_create_may_have_created_it() {
    fails(
        [Reply::refusal(
            500,
            "InternalError",
            "etcdserver: request timed out",
        )],
        &CREATE,
        "",
        "error: failed to create bootstrap token with name bootstrap-token-abcdef: etcdserver: request timed out; it is not known whether it was created: look for the ID abcdef in the list, or delete it\n\
         help: the API server has trouble of its own, which its log tells: try again later\n",
    );
}

#[test]
fn not_a_kubernetes_api_server() {
    fails(
        [Reply::Whole(200, "", "<html>welcome</html>".to_owned())],
        &["list"],
        "",
        "error: failed to list bootstrap tokens: the API server's reply is not the JSON object it should be, from line 1 column 1\n\
         help: is SERVER a Kubernetes API server, with no proxy in between that changes or cuts its replies?\n",
    );
}

/// Tried again, or waited for, to the deadline: all at once, for the sake of who waits for this test.
#[test]
fn what_lasts_to_the_deadline() {
    let first = Reply::page(&[token("aaaaaa.f395accd246ae52d", &[])], "next");
    let cut = Reply::CutOff(r#"{"kind":"SecretList","items":[]"#.to_owned());
    let cut_off = [vec![first], vec![cut; 64]].concat();
    let frozen = "help: the API server at SERVER takes connections and does not answer: is it, or its etcd, overloaded or stopped?";
    let unreachable = "help: is the API server at SERVER up and reachable from here? That address is from DIR/config";
    let runs = [
        (
            vec![Reply::Silence],
            &["list"][..],
            0,
            "error: failed to list bootstrap tokens: the API server did not answer within the deadline of 10s",
            frozen,
        ),
        (
            vec![Reply::Silence],
            &CREATE,
            0,
            "error: failed to create bootstrap token with name bootstrap-token-abcdef: the API server did not answer within the deadline of 10s; it is not known whether it was created: look for the ID abcdef in the list, or delete it",
            frozen,
        ),
        // A list that is cut off is no shorter list; what came before is printed.
        (
            cut_off,
            &["list"],
            2,
            "error: failed to list bootstrap tokens: the API server's reply was cut off, tried again until the deadline of 10s",
            "help: is SERVER a Kubernetes API server, with no proxy in between that changes or cuts its replies?",
        ),
        (
            vec![],
            &["delete", "abcdef"],
            0,
            "error: failed to delete bootstrap token \"abcdef\": no connection to the API server, tried again until the deadline of 10s",
            unreachable,
        ),
    ];
    let threads = runs.map(|(replies, args, lines, error, help)| {
        std::thread::spawn(move || {
            let server = FakeServer::new(replies.clone());
            let home = Home::new(&server);
            let mut url = server.url();
            if replies.is_empty() {
                url = format!("http://{NOBODY}");
                home.write("config", &kubeconfig(&url, "token: x"));
            }
            let before = Instant::now();
            let outcome = home.run(args);
            let took = before.elapsed();
            let stderr = outcome.stderr.replace(&url, "SERVER");
            let said: Vec<_> = stderr.lines().collect();
            // What the operating system says in addition differs between systems.
            assert!(said[0].starts_with(error), "{stderr}");
            assert_eq!(said[1..], [help]);
            assert_eq!((outcome.code, outcome.stdout.lines().count()), (1, lines));
            assert!(took < Duration::from_secs(12), "{took:?}");
        })
    });
    for thread in threads {
        thread.join().unwrap();
    }
}

/// Whatever fails, the second line is the next step.
#[test]
fn every_failure_has_a_next_step() {
    let user = "token: x";
    let no_plugin = "exec: {apiVersion: client.authentication.k8s.io/v1, command: ./none, interactiveMode: Never}";
    let refused = |code, reason| vec![Reply::refusal(code, reason, "so it is")];
    for (replies, user, args) in [
        (vec![], user, &["create", "--usages", "bogus"][..]),
        (vec![], user, &["create", "--groups", "bogus"]),
        (vec![], user, &["create", "--ttl", "bogus"]),
        (vec![], user, &["create", "--usages", "\"a"]),
        (vec![], user, &["create", "--token-file", "none"]),
        (vec![], user, &["create", "--dry-run=bogus"]),
        (vec![], user, &["list", "--show-managed-fields=bogus"]),
        (vec![], user, &["list", "-v=bogus"]),
        (vec![], user, &["list", "--version=bogus"]),
        (vec![], user, &["list", "-o", "bogus"]),
        (vec![], user, &["list", "--rootfs", "none"]),
        (vec![], no_plugin, &["list"]),
        (vec![], "tokenFile: none", &["list"]),
        (refused(404, "NotFound"), user, &CREATE),
        (refused(404, "NotFound"), user, &["create"]),
        (refused(404, "NotFound"), user, &["list"]),
        (refused(404, "NotFound"), user, &["delete", "abcdef"]),
        (refused(409, "Conflict"), user, &CREATE),
        (refused(409, "Conflict"), user, &["delete", "abcdef"]),
        (refused(418, "Teapot"), user, &["list"]),
        (
            vec![Reply::refusal(410, "Expired", "too old"); 3],
            user,
            &["list"],
        ),
    ] {
        let (_server, cluster) = FakeServer::trusted(replies);
        let home = Home::empty();
        home.write("config", &kubeconfig(&cluster, user));
        let outcome = home.run(args);
        let what = format!("{args:?} with {user:?}: {outcome:?}");
        assert_eq!((outcome.code, &*outcome.stdout), (1, ""), "{what}");
        assert!(outcome.stderr.contains("\nhelp: "), "{what}");
    }
}

/// Who deleted it, if anybody did, is not known: standard output does not claim it, and a script is told.
#[test]
fn gone_after_an_attempt_in_doubt_is_not_said_to_be_deleted() {
    fails(
        [
            Reply::refusal(500, "InternalError", "etcdserver: request timed out"),
            Reply::refusal(
                404,
                "NotFound",
                "secrets \"bootstrap-token-abcdef\" not found",
            ),
        ],
        &["delete", "abcdef"],
        "",
        "error: failed to delete bootstrap token \"abcdef\": secrets \"bootstrap-token-abcdef\" not found\n\
         help: an earlier attempt, whose outcome is not known, may have deleted it, or it was never there; see what is there with `kubeadm-token list`\n",
    );
}
