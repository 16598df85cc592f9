//! Secrets of the type that are no readable tokens, among good ones.

use crate::fake_server::{FakeServer, Reply, secret, token};
use crate::process::Home;

const HEADER: &str = "TOKEN                     TTL         EXPIRES   USAGES                   DESCRIPTION                                                EXTRA GROUPS\n";

#[test]
fn each_broken_one_is_named_with_its_reason_and_the_good_ones_are_listed() {
    let server = FakeServer::new([Reply::secrets(&[
        token("aaaaaa.9r2c3d4e5f6g7h8i", &[]),
        secret("badbad", &[]),
        secret(
            "badba1",
            &[
                ("token-id", b"other1"),
                ("token-secret", b"9r2c3d4e5f6g7h8i"),
            ],
        ),
        secret("badba2", &[("token-id", b"badba2")]),
        secret(
            "badba3",
            &[
                ("token-id", b"badba3"),
                ("token-secret", b"TOO-SECRET-TO-SHOW"),
            ],
        ),
        secret(
            "badba4",
            &[("token-id", b"badba4"), ("token-secret", b"\xFF\xFE")],
        ),
        token("badba5.9r2c3d4e5f6g7h8i", &[("expiration", b"tomorrow")]),
        secret(
            "BAD",
            &[("token-id", b"BAD"), ("token-secret", b"9r2c3d4e5f6g7h8i")],
        ),
        token("zzzzzz.9r2c3d4e5f6g7h8i", &[]),
    ])]);
    Home::new(&server).run(&["list"]).is(
        0,
        &format!(
            "{HEADER}\
             aaaaaa.9r2c3d4e5f6g7h8i   <forever>   <never>   <none>                   <none>                                                     <none>\n\
             zzzzzz.9r2c3d4e5f6g7h8i   <forever>   <never>   <none>                   <none>                                                     <none>\n"
        ),
        "Secret \"bootstrap-token-badbad\" in kube-system is not a readable bootstrap token: its data has no \"token-id\"\n\
         Secret \"bootstrap-token-badba1\" in kube-system is not a readable bootstrap token: its name does not match its token-id, which asks for \"bootstrap-token-other1\"\n\
         Secret \"bootstrap-token-badba2\" in kube-system is not a readable bootstrap token: its data has no \"token-secret\"\n\
         Secret \"bootstrap-token-badba3\" in kube-system is not a readable bootstrap token: its token-secret is malformed: character 1 of the token secret is an upper-case letter (expected [a-z0-9]{16})\n\
         Secret \"bootstrap-token-badba4\" in kube-system is not a readable bootstrap token: its token-secret is malformed: character 1 of the token secret is neither a-z nor 0-9 (expected [a-z0-9]{16})\n\
         Secret \"bootstrap-token-badba5\" in kube-system is not a readable bootstrap token: its expiration cannot be read: not an RFC 3339 time (expected a form like 2006-01-02T15:04:05Z)\n\
         Secret \"bootstrap-token-BAD\" in kube-system is not a readable bootstrap token: its token-id is malformed: character 1 of the token ID is an upper-case letter (expected [a-z0-9]{6})\n",
    );
}

#[test]
fn text_that_is_no_utf_8_is_shown_and_breaks_nothing() {
    let odd: &[(&str, &[u8])] = &[
        ("description", b"a\xFFb"),
        ("auth-extra-groups", b"system:bootstrappers:\xFE"),
    ];
    for (format, expected) in [
        (
            "text",
            format!(
                "{HEADER}aaaaaa.9r2c3d4e5f6g7h8i   <forever>   <never>   <none>                   a\u{fffd}b                                                        system:bootstrappers:\u{fffd}\n"
            ),
        ),
        (
            "yaml",
            "apiVersion: output.kubeadm.k8s.io/v1alpha3\ndescription: a\u{fffd}b\ngroups:\n- system:bootstrappers:\u{fffd}\nkind: BootstrapToken\ntoken: aaaaaa.9r2c3d4e5f6g7h8i\n".to_owned(),
        ),
    ] {
        let server = FakeServer::new([Reply::secrets(&[token("aaaaaa.9r2c3d4e5f6g7h8i", odd)])]);
        Home::new(&server).run(&["list", "-o", format]).is(0, &expected, "");
    }
}

#[test]
fn only_broken_ones_make_no_table_and_no_error() {
    let server = FakeServer::new([Reply::secrets(&[secret("badbad", &[])])]);
    Home::new(&server).run(&["list"]).is(
        0,
        "",
        "Secret \"bootstrap-token-badbad\" in kube-system is not a readable bootstrap token: its data has no \"token-id\"\n",
    );
}

#[test]
fn of_very_many_the_first_are_named_and_the_good_one_behind_them_is_listed() {
    let mut secrets: Vec<_> = (0..2500).map(|n| secret(&format!("bad{n}"), &[])).collect();
    secrets.push(token("zzzzzz.9r2c3d4e5f6g7h8i", &[]));
    let server = FakeServer::new([Reply::secrets(&secrets)]);
    let outcome = Home::new(&server).run(&["list", "--no-headers", "-o", "name"]);
    assert_eq!(outcome.stdout, "secret/bootstrap-token-zzzzzz\n");
    assert_eq!(outcome.stderr.lines().count(), 1001);
    assert!(
        outcome
            .stderr
            .ends_with("1500 more Secrets in kube-system are not readable bootstrap tokens\n")
    );
}
