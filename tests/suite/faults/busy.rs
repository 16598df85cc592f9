//! An API server that has no time: 429 Too Many Requests, for one user to whom its own flow control gives
//! room for one request, which another takes.

use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bootstrap_token_secret::BootstrapToken;
use conformance::api::Api;
use conformance::command::{Command, Output, ours};
use conformance::kubeconfig::Kubeconfig;
use conformance::suite::Test;
use conformance::{pki, secrets, tests, wait};
use serde_json::json;

use crate::support::{admin, complaint, created_as_it_says, plane, secret_of};

pub(crate) const TESTS: &[Test] = tests!["busy":
    a_request_that_is_turned_away_is_sent_again_until_the_deadline,
    a_request_is_carried_out_once_there_is_room,
];

/// A user whose one place is taken by a create that waits for a webhook, which does not answer.
struct Crowded {
    kubeconfig: Kubeconfig,
    released: Arc<AtomicBool>,
    webhook: Arc<Mutex<Vec<TcpStream>>>,
    creator: Option<JoinHandle<()>>,
}

impl Crowded {
    fn new(user: &str) -> Self {
        let blocking = BootstrapToken::new(secrets::token());
        let webhook = webhook(user, &blocking.secret_name());
        flow_control(user);
        let kubeconfig = pki::user(&plane(), user, "nobody-in-particular");
        let released = Arc::new(AtomicBool::new(false));
        let creator = thread::spawn({
            let (released, api) = (
                Arc::clone(&released),
                Api::from_kubeconfig(&kubeconfig.path()),
            );
            move || {
                // The server waits for a webhook for 30 s at most.
                while !released.load(Ordering::Relaxed) {
                    let secret = json!(blocking.expose_secret());
                    let _ =
                        api.try_post("/api/v1/namespaces/kube-system/secrets?dryRun=All", &secret);
                }
            }
        });
        let this = Self {
            kubeconfig,
            released,
            webhook,
            creator: Some(creator),
        };
        // Its first attempt is all that there is to see.
        wait::until_true("there is no room", || {
            let list = this.run(&["list"]).prints_token();
            was_turned_away(&list.timeout(Duration::from_secs(2)).run())
        });
        this
    }

    fn run(&self, arguments: &[&str]) -> Command {
        ours(arguments)
            .args(["-v=10"])
            .kubeconfig(&self.kubeconfig.path())
    }

    fn release(&mut self) {
        self.released.store(true, Ordering::Relaxed);
        if let Some(creator) = self.creator.take() {
            while !creator.is_finished() {
                for stream in self.webhook.lock().unwrap().drain(..) {
                    let _ = stream.shutdown(Shutdown::Both);
                }
                thread::sleep(Duration::from_millis(10));
            }
        }
    }
}

impl Drop for Crowded {
    fn drop(&mut self) {
        self.release();
    }
}

/// A webhook for one Secret that takes connections and keeps them.
fn webhook(name: &str, secret: &str) -> Arc<Mutex<Vec<TcpStream>>> {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let connections = Arc::new(Mutex::new(Vec::new()));
    thread::spawn({
        let connections = Arc::clone(&connections);
        move || {
            for stream in listener.incoming().flatten() {
                connections.lock().unwrap().push(stream);
            }
        }
    });
    let name = format!("{name}.example.com");
    let condition =
        json!({"name": "it", "expression": format!("object.metadata.name == '{secret}'")});
    admin().post(
        "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
        &json!({
            "metadata": {"name": name},
            "webhooks": [{
                "name": name,
                "clientConfig": {"url": url},
                "rules": [{"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["secrets"]}],
                "matchConditions": [condition],
                "timeoutSeconds": 30,
                "failurePolicy": "Ignore",
                "sideEffects": "None",
                "admissionReviewVersions": ["v1"],
            }],
        }),
    );
    connections
}

/// A user who may do everything, one thing at a time.
fn flow_control(name: &str) {
    admin().post(
        "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
        &json!({
            "metadata": {"name": name},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": name}],
        }),
    );
    admin().post(
        "/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations",
        &json!({
            "metadata": {"name": name},
            "spec": {"type": "Limited", "limited": {
                "nominalConcurrencyShares": 0,
                "lendablePercent": 0,
                "borrowingLimitPercent": 0,
                "limitResponse": {"type": "Reject"},
            }},
        }),
    );
    admin().post(
        "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas",
        &json!({
            "metadata": {"name": name},
            "spec": {
                "matchingPrecedence": 2,
                "priorityLevelConfiguration": {"name": name},
                "rules": [{
                    "subjects": [{"kind": "User", "user": {"name": name}}],
                    "resourceRules": [{
                        "verbs": ["*"],
                        "apiGroups": ["*"],
                        "resources": ["*"],
                        "clusterScope": true,
                        "namespaces": ["*"],
                    }],
                }],
            },
        }),
    );
}

fn was_turned_away(output: &Output) -> bool {
    output.stderr.contains("429 Too Many Requests")
}

fn a_request_that_is_turned_away_is_sent_again_until_the_deadline() {
    let (there, new) = (secrets::token(), secrets::token());
    ours(["create", "-"])
        .kubeconfig(plane().kubeconfig())
        .stdin(there.expose().to_string())
        .prints_token()
        .run()
        .success();
    let crowded = Crowded::new("in-vain");
    let create = crowded
        .run(&["create", "-"])
        .stdin(new.expose().to_string())
        .start();
    let others = [
        crowded.run(&["list"]).start(),
        crowded.run(&["delete", there.id().as_str()]).start(),
    ];
    let outputs = [create.wait()]
        .into_iter()
        .chain(others.map(|run| run.wait()));
    for output in outputs {
        let says = complaint(&output);
        assert!(
            says.contains("429 Too Many Requests")
                && says.contains("tried again until the deadline"),
            "{says}"
        );
        assert!(
            says.contains("\nhelp: the API server is too busy: try again later\n"),
            "{says}"
        );
        assert_eq!(output.stdout, "");
    }
    assert_eq!(secret_of(new.id()), None);
    assert!(secret_of(there.id()).is_some());
}

fn a_request_is_carried_out_once_there_is_room() {
    for round in 0..5 {
        let mut crowded = Crowded::new(&format!("for-a-while-{round}"));
        let token = secrets::token();
        let create = crowded
            .run(&["create", "-"])
            .stdin(token.expose().to_string())
            .prints_token()
            .start();
        thread::sleep(Duration::from_millis(500));
        crowded.release();
        let create = create.wait();
        created_as_it_says(&create, &token);
        if was_turned_away(&create) && create.code == Some(0) {
            return;
        }
        // There was room before it asked, or not before its deadline.
    }
    panic!("five times there was room too early or too late");
}
