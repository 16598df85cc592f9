//! A component is stopped: it takes connections and does nothing.

use std::time::Duration;

use conformance::control_plane::Component::{self, ApiServer, ControllerManager, Etcd};
use conformance::secrets;
use conformance::suite::Test;
use conformance::{tests, wait};

use crate::support::{admin, complaint, created_as_it_says, ours_admin, plane, secret_of};

pub(crate) const TESTS: &[Test] = tests!["frozen":
    a_frozen_api_server_ends_every_command_at_its_deadline,
    a_frozen_etcd_ends_every_command_at_its_deadline,
    a_frozen_controller_manager_keeps_nobody_from_creating,
];

fn a_frozen_api_server_ends_every_command_at_its_deadline() {
    every_command_ends(ApiServer);
}

fn a_frozen_etcd_ends_every_command_at_its_deadline() {
    every_command_ends(Etcd);
}

/// The deadline is 10 s; whoever has not ended by then is killed and has not failed as commands fail.
const BY_FAR: Duration = Duration::from_secs(40);

fn every_command_ends(component: Component) {
    let there = secrets::token();
    ours_admin(&["create", "-"])
        .stdin(there.expose().to_string())
        .prints_token()
        .run()
        .success();
    let new = secrets::token();

    plane().stop(component);
    let create = ours_admin(&["create", "-"])
        .stdin(new.expose().to_string())
        .prints_token()
        .timeout(BY_FAR)
        .start();
    let running = [
        ours_admin(&["create"]).prints_token(),
        ours_admin(&["delete", there.id().as_str()]),
        ours_admin(&["list"]).prints_token(),
        ours_admin(&["sign", "--write"]),
        ours_admin(&["pin", "--cluster"]),
        ours_admin(&["diagnose", there.id().as_str()]),
    ]
    .map(|command| command.timeout(BY_FAR).start());
    let create = create.wait();
    let [generated, delete, list, sign, pin, diagnose] = running.map(|run| run.wait());
    plane().cont(component);

    for output in [&create, &generated, &delete, &sign, &pin, &diagnose] {
        assert_eq!(output.stdout, "");
    }
    // A list may be answered out of the API server's cache, and then it is right.
    let mut failed = vec![&create, &generated, &delete, &sign, &pin, &diagnose];
    if list.code != Some(0) {
        failed.push(&list);
    }
    assert!(
        list.code == Some(1) || (component == Etcd && list.code == Some(0)),
        "{list:?}"
    );
    for output in failed {
        let says = complaint(output);
        assert!(
            says.contains("deadline")
                || says.contains("answered 50")
                || says.contains("the answer was 50"),
            "{says}"
        );
        assert!(says.contains("\nhelp: "), "{says}");
    }

    wait::until_true("the API server answers again", || {
        ours_admin(&["list"]).prints_token().run().code == Some(0)
    });
    created_as_it_says(&create, &new);
    if secret_of(there.id()).is_none() {
        assert!(
            complaint(&delete).contains("it is not known whether it was deleted"),
            "{delete:?}"
        );
    }
}

fn a_frozen_controller_manager_keeps_nobody_from_creating() {
    plane().stop(ControllerManager);
    let lasting = secrets::token();
    ours_admin(&["create", "-"])
        .stdin(lasting.expose().to_string())
        .prints_token()
        .run()
        .success();
    let short = secrets::token();
    ours_admin(&["create", "--ttl", "1s", "-"])
        .stdin(short.expose().to_string())
        .prints_token()
        .run()
        .success();
    let key = format!("jws-kubeconfig-{}", lasting.id());

    // Nobody takes the expired one away, and it is shown as what it is.
    wait::until("the token expires", || {
        let list = ours_admin(&["list"]).prints_token().run();
        let row = list
            .success()
            .lines()
            .find(|row| row.starts_with(&*short.expose()))
            .map(str::to_owned);
        let row = row.expect("it is still there");
        if row.contains("<invalid>") {
            Ok(())
        } else {
            Err(row)
        }
    });
    assert_eq!(admin().who_is(&short), None);
    assert!(
        !admin().cluster_info().contains_key(&key),
        "nobody is there to sign"
    );

    plane().cont(ControllerManager);
    wait::until_true("the signature appears", || {
        admin().cluster_info().contains_key(&key)
    });
    wait::until_true("the expired token is removed", || {
        secret_of(short.id()).is_none()
    });
}
