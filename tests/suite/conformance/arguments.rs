//! Arguments that are refused: by both commands, with the cause in ours, and before anything is written.

use conformance::suite::Test;
use conformance::{secrets, tests};

use crate::support::{find_secret, kubeadm_admin, ours_admin};

pub(crate) const TESTS: &[Test] = tests!["arguments":
    what_both_refuse,
    what_only_we_refuse,
    a_malformed_token_is_not_repeated,
];

const SIGNING_ONLY: &str =
    "token groups cannot be specified unless --usages includes \"authentication\"";

/// Arguments after `create TOKEN`, and what the error must name.
const REFUSED: &[(&[&str], &[&str])] = &[
    (&["--ttl", "5"], &["time: missing unit in duration"]),
    (&["--ttl", "five"], &["time: invalid duration"]),
    (&["--ttl", "5 m"], &["time: unknown unit \" m\""]),
    (&["--ttl", ""], &["time: invalid duration"]),
    (
        &["--ttl", "1h", "--ttl", "1parsec"],
        &["time: unknown unit \"parsec\""],
    ),
    (&["--ttl", "9999999h"], &["time: invalid duration"]),
    (
        &["--usages", "signin"],
        &["invalid bootstrap token usage string: signin", SIGNING_ONLY],
    ),
    (&["--usages", "signing"], &[SIGNING_ONLY]),
    (&["--usages", "signing", "--groups", ""], &[SIGNING_ONLY]),
    (
        &["--usages", "Signing,authentication"],
        &["invalid bootstrap token usage string: Signing"],
    ),
    (
        &["--groups", "system:bootstrappers"],
        &["bootstrap group \"system:bootstrappers\" is invalid"],
    ),
    (
        &["--groups", "system:masters"],
        &["bootstrap group \"system:masters\" is invalid"],
    ),
    (
        &["--groups", "system:bootstrappers:A"],
        &["bootstrap group \"system:bootstrappers:A\" is invalid"],
    ),
    (&["--groups", "system:bootstrappers:a-"], &["is invalid"]),
    (&["--bogus"], &["bogus"]),
    (&["--kubeconfig"], &["kubeconfig"]),
];

fn what_both_refuse() {
    for (arguments, causes) in REFUSED {
        let token = secrets::token();
        let text = token.expose();
        let theirs = kubeadm_admin(&["create", &text]).args(*arguments).run();
        assert_eq!(theirs.code, Some(1), "kubeadm: {arguments:?}: {theirs:?}");
        let ours = ours_admin(&["create", &text]).args(*arguments).run();
        assert_eq!(ours.stdout, "", "{arguments:?}");
        for cause in *causes {
            assert!(ours.failure().contains(cause), "{arguments:?}: {ours:?}");
        }
        assert!(
            ours.stderr.starts_with("error: ") && ours.stderr.ends_with('\n'),
            "{ours:?}"
        );
        assert!(find_secret(token.id()).is_none(), "{arguments:?}");
    }
    for (arguments, cause) in [
        (["list", "x"], "unknown command \"x\" for"),
        (["generate", "x"], "unknown command \"x\" for"),
        (
            ["list", "-obogus"],
            "unable to match a printer suitable for the output format \"bogus\", allowed formats are: ",
        ),
        (["delete", "abcde"], "given token didn't match pattern"),
        (["delete", "ABCDEF"], "given token didn't match pattern"),
    ] {
        let theirs = kubeadm_admin(&arguments).run();
        assert_eq!(theirs.code, Some(1), "kubeadm: {arguments:?}: {theirs:?}");
        let ours = ours_admin(&arguments).run();
        assert_eq!(ours.stdout, "", "{arguments:?}");
        assert!(ours.failure().contains(cause), "{arguments:?}: {ours:?}");
    }
}

/// Intended differences: kubeadm makes a token that never expires, or does not look at the other words.
fn what_only_we_refuse() {
    for (arguments, cause) in [
        (&["--ttl", "-5m"][..], "negative"),
        (&["--ttl=-1ns"], "negative"),
        (&["more", "words"], "accepts at most 1 arg(s), received 3"),
    ] {
        let token = secrets::token();
        let text = token.expose();
        let ours = ours_admin(&["create", &text]).args(arguments).run();
        assert!(ours.failure().contains(cause), "{arguments:?}: {ours:?}");
        assert!(find_secret(token.id()).is_none(), "{arguments:?}");
        let theirs = kubeadm_admin(&["create", &text])
            .args(arguments)
            .prints_token()
            .run();
        theirs.success();
    }
}

/// It may be a secret with a typing error in it. kubeadm shows it in full.
fn a_malformed_token_is_not_repeated() {
    let good = secrets::token();
    let good = good.expose();
    for text in [
        good.to_uppercase(),
        good.replace('.', ""),
        good.replace('.', ":"),
        format!("{}x", &*good),
        good[..22].to_owned(),
        format!(" {}", &*good),
        format!("\"{}\"", &*good),
    ] {
        secrets::register_text(&text);
        // Each is also checked by the harness for what has just been registered.
        for arguments in [
            &["create", &text][..],
            &["delete", &text],
            &["create", &text, "--dry-run"],
            &["delete", "-v=10", &text],
        ] {
            let output = ours_admin(arguments).run();
            assert!(output.failure().contains("error: "), "{output:?}");
        }
        ours_admin(&["create", "-", "-v=10"])
            .stdin(text.as_str())
            .run()
            .failure();
    }
}
