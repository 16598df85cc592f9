//! From cluster-info to the cluster that may be trusted, and every reason not to.
#![allow(clippy::unwrap_used, reason = "tests, helpers included")]

use std::collections::BTreeMap;
use std::error::Error as _;
use std::slice;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bootstrap_token::Token;
use bootstrap_token_discovery::cluster_info::{KUBECONFIG, signature_key};
use bootstrap_token_discovery::{
    Anchor, Certificate, ClusterInfo, DetachedJws, Distrust, Hashed, Pin, TrustedCluster,
    VerifyError,
};
use rcgen::{CertificateParams, KeyPair};
use sha2::{Digest as _, Sha256};

fn token() -> Token {
    "07401b.f395accd246ae52d".parse().unwrap()
}

/// 2026-11-25.
fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_795_564_800)
}

fn authority(from: i32, to: i32) -> (String, Certificate) {
    let mut params = CertificateParams::default();
    params.not_before = rcgen::date_time_ymd(from, 1, 1);
    params.not_after = rcgen::date_time_ymd(to, 1, 1);
    let made = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
    (made.pem(), Certificate::from_der(made.der()).unwrap())
}

/// As `kubeadm init` writes it.
fn kubeconfig(pem: &str) -> String {
    format!(
        "apiVersion: v1\n\
         clusters:\n\
         - cluster:\n\
         \x20   certificate-authority-data: {}\n\
         \x20   server: https://10.0.0.1:6443\n\
         \x20 name: \"\"\n\
         contexts: null\n\
         current-context: \"\"\n\
         kind: Config\n\
         preferences: {{}}\n\
         users: null\n",
        STANDARD.encode(pem)
    )
}

fn signed(kubeconfig: &str) -> ClusterInfo {
    let signature = DetachedJws::sign(kubeconfig.as_bytes(), &token());
    ClusterInfo::new(BTreeMap::from([
        (KUBECONFIG.to_owned(), kubeconfig.to_owned()),
        (signature_key(token().id()), signature.to_string()),
    ]))
}

fn pinned(certificate: &Certificate) -> Anchor {
    Anchor::pins([Pin::of(certificate)]).unwrap()
}

fn trust(kubeconfig: &str, anchor: &Anchor) -> Result<TrustedCluster, Distrust> {
    signed(kubeconfig).trust(&token(), anchor, now())
}

#[test]
fn what_the_token_signed_and_a_pin_vouches_for_is_trusted() {
    let (pem, ca) = authority(2026, 2036);
    for anchor in [
        pinned(&ca),
        Anchor::certificates([&ca]).unwrap(),
        Anchor::danger_token_alone(),
    ] {
        let cluster = trust(&kubeconfig(&pem), &anchor).unwrap();
        assert_eq!(cluster.server().to_string(), "https://10.0.0.1:6443");
        assert_eq!(cluster.certificates(), slice::from_ref(&ca));
        assert_eq!(cluster.certificates_pem(), pem.replace("\r\n", "\n"));
    }
    assert_eq!(Anchor::pins([]), None);
}

#[test]
fn a_discovery_file_needs_no_signature() {
    let (pem, ca) = authority(2026, 2036);
    let (_, other) = authority(2026, 2036);
    let read =
        |anchor: &Anchor| TrustedCluster::from_discovery_file(&kubeconfig(&pem), anchor, now());
    let alone = Anchor::danger_token_alone();
    assert!(alone.is_token_alone() && !pinned(&ca).is_token_alone());
    for anchor in [alone, pinned(&ca)] {
        let cluster = read(&anchor).unwrap();
        assert_eq!(cluster.certificates(), slice::from_ref(&ca));
    }
    let found = vec![Pin::of(&ca)];
    let hashed = None;
    assert_eq!(
        read(&pinned(&other)),
        Err(Distrust::NotPinned { found, hashed })
    );
}

/// As kubeadm hands it on, with the file.
#[test]
fn a_discovery_file_says_how_its_server_is_reached() {
    let (pem, ca) = authority(2026, 2036);
    let fields = "    tls-server-name: \"kubernetes\\x22\"\n    proxy-url: http://ann:secret@proxy.example:3128\n";
    let text = kubeconfig(&pem).replace("  name: \"\"\n", &format!("{fields}  name: \"\"\n"));
    let read = |text: &str| TrustedCluster::from_discovery_file(text, &pinned(&ca), now());
    let cluster = read(&text).unwrap();
    assert_eq!(cluster.tls_server_name(), Some("kubernetes\""));
    assert_eq!(
        cluster.expose_proxy_url(),
        Some("http://ann:secret@proxy.example:3128")
    );
    assert!(!format!("{cluster:?}").contains("secret"));
    let handed_on = cluster.expose_bootstrap_kubeconfig(&token());
    assert!(
        handed_on.contains("    proxy-url: \"http://ann:secret@proxy.example:3128\"\n"),
        "{handed_on:?}"
    );
    assert_eq!(read(&handed_on), Ok(cluster));

    // Both may be empty, and cluster-info has neither: kubeadm takes nothing else of it.
    for cluster in [
        read(&kubeconfig(&pem).replace(
            "  name: \"\"\n",
            "    tls-server-name: ''\n    proxy-url:\n  name: \"\"\n",
        )),
        trust(&text, &pinned(&ca)),
    ] {
        let cluster = cluster.unwrap();
        assert_eq!(cluster.tls_server_name(), None);
        assert_eq!(cluster.expose_proxy_url(), None);
        let handed_on = cluster.expose_bootstrap_kubeconfig(&token());
        assert!(!handed_on.contains("proxy-url") && !handed_on.contains("tls-server-name"));
    }
}

/// kubeadm trusts the whole bundle if one of it is pinned.
#[test]
fn a_certificate_beside_the_pinned_one_is_not_trusted() {
    let (pem, ca) = authority(2026, 2036);
    let (evil_pem, evil) = authority(2026, 2036);
    for bundle in [format!("{pem}{evil_pem}"), format!("{evil_pem}{pem}")] {
        let cluster = trust(&kubeconfig(&bundle), &pinned(&ca)).unwrap();
        assert_eq!(cluster.certificates(), slice::from_ref(&ca));
        let shown = cluster.expose_bootstrap_kubeconfig(&token());
        assert!(!shown.contains(&STANDARD.encode(evil.der())[..40]));
    }
    let found = vec![Pin::of(&evil)];
    let hashed = None;
    assert_eq!(
        trust(&kubeconfig(&evil_pem), &pinned(&ca)),
        Err(Distrust::NotPinned { found, hashed })
    );
}

#[test]
fn a_ca_that_is_not_valid_now_is_told_from_one_that_is_not_pinned() {
    let (old_pem, old) = authority(2016, 2026);
    let (new_pem, new) = authority(2027, 2037);
    let (pem, ca) = authority(2026, 2036);
    assert!(matches!(
        trust(&kubeconfig(&old_pem), &pinned(&old)),
        Err(Distrust::Expired { not_after }) if not_after == old.not_after()
    ));
    assert!(matches!(
        trust(&kubeconfig(&new_pem), &pinned(&new)),
        Err(Distrust::NotYetValid { not_before }) if not_before == new.not_before()
    ));
    // In the middle of a rotation one of two is enough, and vouches alone.
    for (other_pem, other) in [(&old_pem, &old), (&new_pem, &new)] {
        let both = Anchor::certificates([other, &ca]).unwrap();
        let trusted = trust(&kubeconfig(&format!("{other_pem}{pem}")), &both).unwrap();
        assert_eq!(trusted.certificates(), slice::from_ref(&ca));
    }
    let neither = Anchor::certificates([&old, &new]).unwrap();
    assert!(matches!(
        trust(&kubeconfig(&format!("{old_pem}{new_pem}")), &neither),
        Err(Distrust::Expired { not_after }) if not_after == old.not_after()
    ));
}

#[test]
fn without_a_good_signature_nothing_is_read() {
    let (pem, ca) = authority(2026, 2036);
    let good = kubeconfig(&pem);
    let trust = |data: &[(&str, &str)]| {
        let data = data.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        ClusterInfo::new(data.collect()).trust(&token(), &pinned(&ca), now())
    };
    let key = signature_key(token().id());
    let signature = DetachedJws::sign(good.as_bytes(), &token()).to_string();
    assert_eq!(trust(&[]), Err(Distrust::NoKubeconfig));
    assert_eq!(
        trust(&[(KUBECONFIG, ""), (&key, &signature)]),
        Err(Distrust::NoKubeconfig)
    );
    assert_eq!(
        trust(&[(KUBECONFIG, &good)]),
        Err(Distrust::NotSigned { by: vec![] })
    );
    assert_eq!(
        trust(&[(KUBECONFIG, &good), (&key, "")]),
        Err(Distrust::NotSigned {
            by: vec![token().id()]
        })
    );
    let others = [
        ("jws-kubeconfig-abcdef", "x"),
        ("jws-kubeconfig-nonsense", "x"),
        ("other", "x"),
    ];
    assert_eq!(
        trust(&[&[(KUBECONFIG, &*good)], &others[..]].concat()),
        Err(Distrust::NotSigned {
            by: vec!["abcdef".parse().unwrap()]
        })
    );
    // No YAML at all, and still the signature is what is told.
    let wrong = Err(Distrust::Signature(VerifyError::Signature));
    assert_eq!(trust(&[(KUBECONFIG, "\t{"), (&key, &signature)]), wrong);
    assert_eq!(
        trust(&[
            (KUBECONFIG, &good.replace("10.0", "10.1")),
            (&key, &signature)
        ]),
        wrong
    );
    assert_eq!(
        trust(&[(KUBECONFIG, &good), (&key, "x")]),
        Err(Distrust::Signature(VerifyError::NotDetached))
    );
}

#[test]
fn what_the_kubeconfig_lacks_is_named() {
    let (pem, ca) = authority(2026, 2036);
    let good = kubeconfig(&pem);
    let refused = |kubeconfig: &str| trust(kubeconfig, &pinned(&ca)).unwrap_err();
    let cluster = good
        .split("- cluster")
        .nth(1)
        .unwrap()
        .split("contexts")
        .next()
        .unwrap();
    let twice = good.replace("contexts", &format!("- cluster{cluster}contexts"));
    assert_eq!(refused(&twice), Distrust::SeveralClusters { found: 2 });
    assert_eq!(refused("kind: Config\n"), Distrust::NoCluster);
    assert_eq!(refused("clusters: []\n"), Distrust::NoCluster);
    assert_eq!(refused("clusters: [{name: ''}]\n"), Distrust::NoCluster);
    assert_eq!(
        refused(&good.replace("kind: Config", "kind: Secret")),
        Distrust::NotAKubeconfig
    );
    assert_eq!(
        refused(&good.replace("apiVersion: v1", "apiVersion: v2")),
        Distrust::NotAKubeconfig
    );
    assert_eq!(
        refused(&good.replace("name: \"\"", "name: x")),
        Distrust::NotCurrent
    );
    let current = good
        .replace("name: \"\"", "name: x")
        .replace(
            "contexts: null",
            "contexts: [{name: c, context: {cluster: x}}]",
        )
        .replace("current-context: \"\"", "current-context: c");
    assert!(trust(&current, &pinned(&ca)).is_ok());
    assert!(matches!(
        refused(&good.replace("https:", "http:")),
        Distrust::Server(_)
    ));
    assert!(matches!(
        refused(&good.replace("server", "serve")),
        Distrust::Server(_)
    ));
    let data = format!("certificate-authority-data: {}", STANDARD.encode(&pem));
    let with = |value: &str| refused(&good.replace(&data, value));
    assert_eq!(with("x: y"), Distrust::NoAuthority);
    assert_eq!(
        with("certificate-authority: /etc/ca.crt"),
        Distrust::NoAuthority
    );
    assert_eq!(
        with("certificate-authority-data: ''"),
        Distrust::NoAuthority
    );
    assert_eq!(
        with("certificate-authority-data: '!'"),
        Distrust::AuthorityNotBase64
    );
    assert!(matches!(
        with("certificate-authority-data: aGk="),
        Distrust::Authority(_)
    ));
}

#[test]
fn yaml_that_does_harm_is_not_read() {
    let (pem, ca) = authority(2026, 2036);
    let good = kubeconfig(&pem);
    let deep = "[".repeat(10_000);
    let bomb = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n";
    let wide = format!("{good}x: [{}]\n", "y,".repeat(50_000));
    let long = format!("{good}# {}\n", "y".repeat(2 << 20));
    for kubeconfig in [
        "\t{",
        "- x\n",
        "text",
        "clusters: x\n",
        &deep,
        bomb,
        &wide,
        &long,
        &good.replace("preferences: {}", "preferences: &a {}"),
        &good.replace("kind: Config", "kind: *a"),
        &good.replace("preferences: {}", "preferences: !x {}"),
        &good.replace("preferences: {}", "<<: {kind: Config}"),
        &good.replace("preferences: {}", "kind: Config"),
        &format!("{good}---\n{good}"),
        &good.replace("kind: Config", "kind: Config # x\u{2028}clusters: []"),
        &good.replace("kind: Config", "kind: Config # x\u{2029}y"),
        &good.replace("kind: Config", "kind: Config # x\u{85}y"),
    ] {
        let answer = trust(kubeconfig, &pinned(&ca));
        let shown = &kubeconfig[..kubeconfig.len().min(60)];
        assert!(
            matches!(answer, Err(Distrust::Malformed { .. })),
            "{shown}: {answer:?}"
        );
    }
}

#[test]
fn a_kubelet_can_bootstrap_from_the_kubeconfig() {
    let (pem, ca) = authority(2026, 2036);
    let cluster = trust(&kubeconfig(&pem), &pinned(&ca)).unwrap();
    let text = cluster.expose_bootstrap_kubeconfig(&token());
    let expected = format!(
        "apiVersion: v1\n\
         clusters:\n\
         - cluster:\n\
         \x20   certificate-authority-data: {}\n\
         \x20   server: https://10.0.0.1:6443\n\
         \x20 name: kubernetes\n\
         contexts:\n\
         - context:\n\
         \x20   cluster: kubernetes\n\
         \x20   user: tls-bootstrap-token-user\n\
         \x20 name: tls-bootstrap-token-user@kubernetes\n\
         current-context: tls-bootstrap-token-user@kubernetes\n\
         kind: Config\n\
         users:\n\
         - name: tls-bootstrap-token-user\n\
         \x20 user:\n\
         \x20   token: 07401b.f395accd246ae52d\n",
        STANDARD.encode(cluster.certificates_pem())
    );
    assert_eq!(*text, expected);
}

/// A key with a colon at its end is a mapping to YAML unless it is quoted: such a kubeconfig could not be read.
#[test]
fn a_server_with_a_colon_at_its_end_is_quoted() {
    let (pem, ca) = authority(2026, 2036);
    let server = "https://10.0.0.1:6443/one:";
    let given = kubeconfig(&pem).replace("https://10.0.0.1:6443", &format!("'{server}'"));
    let cluster = trust(&given, &pinned(&ca)).unwrap();
    let text = cluster.expose_bootstrap_kubeconfig(&token());
    assert!(text.contains(&format!("server: '{server}'\n")), "{server}");
    let again = TrustedCluster::from_discovery_file(&text, &pinned(&ca), now());
    assert_eq!(again, Ok(cluster));
}

#[test]
fn reasons_are_told_in_words_and_without_secrets() {
    let by = |n: usize| (0..n).map(|n| format!("{n:06}").parse().unwrap()).collect();
    for (reason, says) in [
        (
            Distrust::NotSigned { by: by(0) },
            "cluster-info is not signed by any token",
        ),
        (
            Distrust::NotSigned { by: by(2) },
            "cluster-info is not signed by this token, but by 000000, 000001",
        ),
        (
            Distrust::NotSigned { by: by(10) },
            "cluster-info is not signed by this token, but by 000000, 000001, 000002, 000003, \
             000004, 000005, 000006, 000007 and 2 more",
        ),
        (
            Distrust::Malformed { line: Some(3) },
            "the kubeconfig cannot be read beyond line 3",
        ),
    ] {
        assert_eq!(reason.to_string(), says);
        assert!(reason.source().is_none());
    }
    assert!(Distrust::Signature(VerifyError::Header).source().is_some());
    let (pem, _) = authority(2026, 2036);
    let shown = format!("{:?}", signed(&kubeconfig(&pem)));
    assert!(
        shown.contains("signed_by: [") && !shown.contains("10.0.0.1"),
        "{shown}"
    );
}

/// It is told, and no pin with it: of several in a bundle, whoever wrote it may have added one.
#[test]
fn a_pin_by_a_wrong_recipe_is_told_by_what_it_is_the_hash_of() {
    let (pem, ca) = authority(2026, 2036);
    let (evil_pem, evil) = authority(2026, 2036);
    let pem = pem.replace("\r\n", "\n");
    let key = STANDARD.encode(ca.spki());
    let lines: Vec<_> = key
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).unwrap())
        .collect();
    let key = format!(
        "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n",
        lines.join("\n")
    );
    let both = format!("{pem}{evil_pem}").replace("\r\n", "\n");
    let as_it_is = format!("subject=CN = kubernetes\n{both}");
    for (bytes, hashed, says) in [
        (
            ca.der(),
            Hashed::Certificate,
            "the CA certificate, which is its fingerprint",
        ),
        (pem.as_bytes(), Hashed::File, "the CA certificate's file"),
        (both.as_bytes(), Hashed::File, "the CA certificate's file"),
        (
            as_it_is.as_bytes(),
            Hashed::File,
            "the CA certificate's file",
        ),
        (
            key.as_bytes(),
            Hashed::PublicKeyPem,
            "the CA's public key in PEM",
        ),
    ] {
        let digest = Sha256::digest(bytes);
        let digits: Vec<_> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let digest = digits.concat();
        let anchor = Anchor::from_pin_list(&format!("sha256:{digest}")).unwrap();
        let refused = trust(&kubeconfig(&as_it_is), &anchor).unwrap_err();
        assert!(
            matches!(refused, Distrust::NotPinned { hashed: Some(found), .. } if found == hashed),
            "{refused:?}"
        );
        let text = refused.to_string();
        assert!(text.contains(says), "{text}");
        for pin in [Pin::of(&ca), Pin::of(&evil)] {
            assert!(!text.contains(&pin.to_string()[7..]), "{text}");
        }
    }
}
