//! `--dry-run` writes nothing and shows no secret but the token that was asked for.

use conformance::suite::Test;
use conformance::{secrets, tests};
use k8s_openapi::ByteString;

use crate::support::{create, created, find_secret, kubeadm_admin, ours_admin, secret};

pub(crate) const TESTS: &[Test] = tests!["dry_run":
    create_writes_nothing,
    an_id_that_exists_is_refused,
    delete_deletes_nothing,
    list_shows_the_tokens_and_attaches_no_secret,
];

fn create_writes_nothing() {
    let token = secrets::token();
    let text = token.expose();
    let [ours, theirs] = [ours_admin(&[]), kubeadm_admin(&[])].map(|command| {
        let output = command
            .args(["create", &text, "--dry-run"])
            .prints_token()
            .run();
        output.success().to_owned()
    });
    // An intended difference: kubeadm shows the secret in the object as well.
    let object = |text: &str| -> Vec<String> {
        let lines = text
            .lines()
            .filter(|line| !line.contains("token-secret:") && !line.contains("expiration:"));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(object(&ours), object(&theirs));
    assert!(ours.contains("  token-secret: '***'\n"), "{ours}");
    assert_eq!(ours.matches(token.secret().expose()).count(), 1);
    assert!(ours.ends_with(&format!("\n{}\n", &*text)), "{ours}");
    assert!(find_secret(token.id()).is_none());

    let output = ours_admin(&["create", "--dry-run"]).prints_token().run();
    let token: bootstrap_token::Token = output.success().lines().last().unwrap().parse().unwrap();
    assert!(find_secret(token.id()).is_none());
}

fn an_id_that_exists_is_refused() {
    let token = create(&[]);
    let text = token.expose();
    let output = ours_admin(&["create", "--dry-run", "-"])
        .stdin(text.to_string())
        .run();
    assert!(output.failure().contains("already exists"), "{output:?}");
}

fn delete_deletes_nothing() {
    let token = created(ours_admin(&["create"]));
    let before = secret(token.id());
    let [ours, theirs] = [ours_admin(&[]), kubeadm_admin(&[])].map(|command| {
        command
            .args(["delete", token.id().as_str(), "--dry-run"])
            .run()
            .success()
            .to_owned()
    });
    assert_eq!(ours.lines().last(), theirs.lines().last());
    assert_eq!(secret(token.id()), before);
}

fn list_shows_the_tokens_and_attaches_no_secret() {
    let token = create(&[]);
    let output = ours_admin(&["list", "--dry-run"]).prints_token().run();
    let list = output.success();
    assert_eq!(
        list.matches(token.secret().expose()).count(),
        1,
        "in the table only"
    );
    let secret = ByteString(token.secret().expose().into());
    let encoded = serde_json::to_string(&secret).unwrap();
    assert!(!list.contains(encoded.trim_matches('"')));
    assert!(list.contains("token-secret: '***'"), "{list}");
}
