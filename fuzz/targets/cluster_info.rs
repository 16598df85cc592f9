//! The data of a ConfigMap from whoever answered: `%% KEY` on a line of its own, and the value below it.
#![no_main]

use std::collections::BTreeMap;

use bootstrap_token_discovery::cluster_info::{self, KUBECONFIG, signature_id, signature_key};
use bootstrap_token_discovery::{Anchor, ClusterInfo, DetachedJws, Distrust, TrustedCluster};
use fuzz::{anchor, another_secret, holds_together, now, tells_no_secret, token};
use libfuzzer_sys::fuzz_target;

/// Stands for the genuine signature: no fuzzer would find it.
const GENUINE: &str = "genuine";

fuzz_target!(|text: &str| {
    let data = data(text);
    let info = ClusterInfo::new(data.clone());
    counted(&info, &data);
    for anchor in [anchor(), Anchor::danger_token_alone()] {
        match info.trust(&token(), &anchor, now()) {
            Ok(cluster) => trusted_rightly(&cluster, &info, &anchor),
            Err(error) => {
                tells_no_secret(&error);
                refused_rightly(&error, &info);
            }
        }
        let verdict = info.trust(&another_secret(), &anchor, now());
        tells_no_secret(&verdict.expect_err("another secret signed nothing"));
    }
    if let Err(error) = info.danger_unverified_cluster() {
        tells_no_secret(&error);
    }
});

fn data(text: &str) -> BTreeMap<String, String> {
    let mut data: BTreeMap<_, _> = format!("\n{text}")
        .split("\n%% ")
        .skip(1)
        .map(|entry| entry.split_once('\n').unwrap_or((entry, "")))
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let kubeconfig = data.get(KUBECONFIG).cloned().unwrap_or_default();
    if let Some(signature) = data.get_mut(&signature_key(token().id()))
        && signature.trim_end() == GENUINE
    {
        *signature = DetachedJws::sign(kubeconfig.as_bytes(), &token()).to_string();
    }
    data
}

fn counted(info: &ClusterInfo, data: &BTreeMap<String, String>) {
    let bytes: usize = data.values().map(String::len).sum();
    assert_eq!(info.bytes(), bytes);
    for id in info.signed_by() {
        assert!(data.contains_key(&signature_key(id)));
    }
    for (key, value) in info.signatures() {
        assert_eq!(data.get(key).map(String::as_str), Some(value));
        if let Some(id) = signature_id(key) {
            assert_eq!(signature_key(id), key);
            assert!(info.signed_by().any(|by| by == id));
        } else {
            assert!(key.starts_with(cluster_info::SIGNATURE_PREFIX));
        }
    }
}

fn trusted_rightly(cluster: &TrustedCluster, info: &ClusterInfo, anchor: &Anchor) {
    let kubeconfig = info.kubeconfig().expect("trusted");
    let signed = DetachedJws::sign(kubeconfig.as_bytes(), &token());
    assert_eq!(info.signature(token().id()), Some(signed.as_str()));
    holds_together(cluster, anchor);
    let all = info.danger_unverified_cluster().expect("trusted");
    let all = all.certificates();
    assert!(cluster.certificates().iter().all(|one| all.contains(one)));
    let vouched = all.iter().filter(|one| anchor.vouches_for(one)).count();
    assert_eq!(cluster.certificates().len(), vouched);
    let handed_over = TrustedCluster::from_discovery_file(kubeconfig, anchor, now());
    let handed_over = handed_over.expect("trusted");
    assert_eq!(handed_over.server(), cluster.server());
    assert_eq!(handed_over.certificates(), cluster.certificates());
    assert_eq!(
        (cluster.tls_server_name(), cluster.expose_proxy_url()),
        (None, None)
    );
}

/// Nothing of the YAML is told before the signature holds.
fn refused_rightly(error: &Distrust, info: &ClusterInfo) {
    let signature = info.signature(token().id());
    match (info.kubeconfig(), signature) {
        (None, _) => assert_eq!(*error, Distrust::NoKubeconfig),
        (Some(_), None) => assert!(matches!(error, Distrust::NotSigned { .. })),
        (Some(kubeconfig), Some(signature)) => {
            let signed = DetachedJws::sign(kubeconfig.as_bytes(), &token());
            let wrong = matches!(error, Distrust::Signature(_));
            assert_eq!(wrong, signature != signed.as_str(), "{error:?}");
        }
    }
}
