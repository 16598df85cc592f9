//! A kubeconfig that was handed over, whoever wrote it.
#![no_main]

use bootstrap_token_discovery::{Anchor, TrustedCluster};
use fuzz::{anchor, holds_together, now, tells_no_secret};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let alone = Anchor::danger_token_alone();
    let read = |anchor: &Anchor| TrustedCluster::from_discovery_file(text, anchor, now());
    let whoever = read(&alone);
    let pinned = read(&anchor());
    match &whoever {
        Ok(cluster) => holds_together(cluster, &alone),
        Err(error) => tells_no_secret(error),
    }
    match &pinned {
        Ok(cluster) => {
            holds_together(cluster, &anchor());
            // A pin takes certificates away and does nothing else. The pinned one is valid now, so that
            // there is no telling the two apart by time.
            let all = whoever
                .as_ref()
                .expect("what a pin lets in, no pin lets in");
            assert_eq!(all.server(), cluster.server());
            let of = |certificate| all.certificates().contains(certificate);
            assert!(cluster.certificates().iter().all(of));
        }
        Err(error) => tells_no_secret(error),
    }
});
