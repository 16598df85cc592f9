//! Which signatures are good, missing, stale or dead.

use std::collections::BTreeMap;
use std::time::SystemTime;

use bootstrap_token_discovery::VerifyError;
use bootstrap_token_kube::{Dead, SignatureState};
use bootstrap_token_secret::{Defect, Expiration, Usage, keys};
use http::header::DATE;
use k8s_openapi::ByteString;
use k8s_openapi::api::core::v1::Secret;

use super::{KUBECONFIG, TARGET, key, page, signed, signing, with_kubeconfig};
use crate::server::serve;

/// Builds the Secret of a signing token and changes one key.
fn spoilt(id: &str, key: &str, value: Option<&str>) -> Secret {
    let mut secret = signing(id).expose_secret();
    let data = secret.data.as_mut().unwrap();
    match value {
        Some(value) => data.insert(key.to_owned(), ByteString(value.into())),
        None => data.remove(key),
    };
    secret
}

fn long_ago() -> Expiration {
    Expiration::from_unix_seconds(1_000_000_000).unwrap()
}

/// With a wrong local clock, a good signature would be deleted and nobody would restore it.
#[tokio::test(start_paused = true)]
async fn expirations_use_the_api_servers_clock() {
    let token = signing("good00").with_expiration(Some(long_ago()));
    let read = with_kubeconfig("7", &[(key("good00"), signed("good00", KUBECONFIG))]);
    let told = read.clone().header(DATE, "Fri, 07 Sep 2001 01:46:40 GMT");
    for (answer, is_good) in [(told, true), (read, false)] {
        let answers = [answer, page(&[token.expose_secret()])];
        let (signatures, _) = serve(answers, async |tokens| {
            tokens.signatures(SystemTime::now()).await
        })
        .await;
        assert_eq!(signatures.unwrap().are_in_order(), is_good);
    }
}

/// One token of each kind, by its ID.
fn tokens_of_each_kind() -> Vec<Secret> {
    vec![
        signing("good00").expose_secret(),
        signing("miss00").expose_secret(),
        signing("stale0").expose_secret(),
        signing("other0").expose_secret(),
        signing("empty0").expose_secret(),
        signing("gone00")
            .with_expiration(Some(long_ago()))
            .expose_secret(),
        signing("mute00")
            .with_usages([Usage::Authentication].into_iter().collect())
            .expose_secret(),
        // Does not sign and is not signed: not reported.
        signing("quiet0")
            .with_usages([Usage::Authentication].into_iter().collect())
            .expose_secret(),
        spoilt("when00", keys::EXPIRATION, Some("tomorrow")),
        spoilt("bad000", keys::TOKEN_SECRET, Some("short")),
        spoilt("none00", keys::TOKEN_SECRET, None),
        spoilt("name00", keys::TOKEN_ID, Some("name01")),
    ]
}

/// The signatures in cluster-info for these tokens.
fn signatures_of_each_kind() -> Vec<(String, String)> {
    vec![
        (key("good00"), signed("good00", KUBECONFIG)),
        (key("stale0"), signed("stale0", "apiVersion: v1\n")),
        (key("other0"), signed("good00", KUBECONFIG)),
        (key("empty0"), String::new()),
        (key("gone00"), signed("gone00", KUBECONFIG)),
        (key("mute00"), signed("mute00", KUBECONFIG)),
        (key("when00"), signed("when00", KUBECONFIG)),
        (key("bad000"), "whatever".to_owned()),
        (key("none00"), "whatever".to_owned()),
        (key("name00"), signed("name00", KUBECONFIG)),
        (key("nobody"), signed("nobody", KUBECONFIG)),
        (key("No.Id"), "x".to_owned()),
        ("jws-other".to_owned(), "x".to_owned()),
    ]
}

#[tokio::test(start_paused = true)]
async fn each_state_has_its_reason_and_nothing_is_written() {
    let answers = [
        with_kubeconfig("7", &signatures_of_each_kind()),
        page(&tokens_of_each_kind()),
    ];
    let (signatures, seen) = serve(answers, async |tokens| {
        tokens.signatures(SystemTime::now()).await
    })
    .await;
    let signatures = signatures.unwrap();
    let states: BTreeMap<_, _> = signatures
        .iter()
        .map(|(key, signature)| (key.to_owned(), signature.state().clone()))
        .collect();
    let disabled = |defect| SignatureState::Dead(Dead::Disabled(defect));
    let lacks = Defect::LacksUsage {
        usage: Usage::Signing,
        present: false,
    };
    for (id, state) in [
        ("good00", SignatureState::Good),
        ("miss00", SignatureState::Missing),
        ("stale0", SignatureState::Stale(VerifyError::Signature)),
        (
            "other0",
            SignatureState::Stale(VerifyError::OtherToken("good00".parse().unwrap())),
        ),
        ("empty0", SignatureState::Stale(VerifyError::NotDetached)),
        (
            "gone00",
            disabled(Defect::Expired {
                expiration: long_ago(),
            }),
        ),
        ("mute00", disabled(lacks)),
        (
            "none00",
            disabled(Defect::MissingKey {
                key: keys::TOKEN_SECRET,
            }),
        ),
        (
            "name00",
            disabled(Defect::WrongName {
                token_id: Some("name01".parse().unwrap()),
            }),
        ),
        ("nobody", SignatureState::Dead(Dead::NoToken)),
        ("No.Id", SignatureState::Dead(Dead::NoId)),
    ] {
        assert_eq!(states[&key(id)], state, "{id}");
    }
    assert!(matches!(
        &states[&key("when00")],
        SignatureState::Dead(Dead::Disabled(Defect::MalformedExpiration(_)))
    ));
    // The controller manager signs with a malformed secret too. Its signature is left unchanged.
    assert!(matches!(
        &states[&key("bad000")],
        SignatureState::Unusable(Defect::MalformedSecret(_))
    ));
    assert_eq!(states.len(), 13);

    let changes: BTreeMap<_, _> = signatures.changes().collect();
    let published: BTreeMap<_, _> = ["miss00", "stale0", "other0", "empty0"]
        .map(|id| (key(id), signed(id, KUBECONFIG)))
        .into();
    assert_eq!(changes.len(), 11);
    for (key, value) in changes {
        assert_eq!(value, published.get(key).map(String::as_str), "{key}");
    }
    assert!(!format!("{signatures:?}").contains("f395accd246ae52d"));
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0].line(), format!("GET {TARGET}"));
    assert!(seen[1].target.contains("/secrets?fieldSelector=type"));
}
