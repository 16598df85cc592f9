//! A quota: a refusal in the API server's own words, by which it is known, and which are shown whole.

use conformance::command::kubectl;
use conformance::suite::Test;
use conformance::{secrets, tests, wait};

use crate::support::{complaint, ours_admin, plane};

pub(crate) const TESTS: &[Test] = tests!["quota": a_quota_is_told_in_its_own_words];

fn a_quota_is_told_in_its_own_words() {
    let kubectl = |arguments: &[&str]| {
        let run = kubectl(arguments).args(["--namespace", "kube-system"]);
        run.kubeconfig(plane().kubeconfig()).run()
    };
    kubectl(&["create", "quota", "q-2026", "--hard", "count/secrets=0"]).success();
    // In the place of the controller that counts.
    let counted = r#"{"status": {"hard": {"count/secrets": "0"}, "used": {"count/secrets": "0"}}}"#;
    let patch = [
        "patch",
        "quota",
        "q-2026",
        "--subresource=status",
        "--type=merge",
        "-p",
        counted,
    ];
    kubectl(&patch).success();
    let create = || {
        let token = secrets::token();
        let run = ours_admin(&["create", "-"]).stdin(token.expose().to_string());
        (token, run.prints_token().run())
    };
    let (token, refused) = wait::until("the quota counts", || {
        let (token, run) = create();
        match run.code {
            Some(0) => Err(run),
            _ => Ok((token, run)),
        }
    });
    let words = format!(
        "secrets \"bootstrap-token-{}\" is forbidden: exceeded quota: q-2026, requested: count/secrets=1, used: count/secrets=0, limited: count/secrets=0\n",
        token.id()
    );
    assert!(complaint(&refused).contains(&words), "{refused:?}");
    kubectl(&["delete", "quota", "q-2026"]).success();
    wait::until_true("it counts no more", || create().1.code == Some(0));
}
