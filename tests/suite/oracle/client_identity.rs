//! Which client certificates and keys are good: the files of a folder, each shown by crypto/tls and by us to a server of
//! crypto/tls, by TLS 1.2 and 1.3.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use conformance::oracle::Oracle;
use conformance::paths;
use conformance::suite::Test;
use conformance::tests;
use kube::config::AuthInfo;
use serde_json::json;

use crate::tls::{Pem, get, pems, runtime};

pub(crate) const TESTS: &[Test] = tests!["client_identity":
    a_client_is_who_it_is_for_crypto_tls,
];

/// What crypto/tls takes, by TLS 1.2, and we do not (docs/DIFFERENCES.md).
const ONLY_GO: &[(&str, &str)] = &[("p224-pkcs8", "1.2")];

fn a_client_is_who_it_is_for_crypto_tls() {
    let folder = paths::workspace().join("tests/certificates");
    let server = Pem::read(&folder.join("servers/p256-signs-by-sha384.pem"));
    let roots = server.last_certificate();
    let mut oracle = Oracle::start();
    let (mut taken, mut refused, mut differ) = (0, 0, Vec::new());
    for path in pems(&folder.join("clients")) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let identity = fs::read_to_string(&path).unwrap();
        for version in ["1.2", "1.3"] {
            let question = json!({
                "op": "tls_serve", "pem": server.text, "version": version, "asks_client": true,
            });
            let address = oracle.ask(&question);
            let address = address.ok().unwrap().as_str().unwrap();
            let theirs = oracle.ask(&json!({
                "op": "tls_get", "address": address, "roots": roots, "identity": identity,
            }));
            let mut config = kube::Config::new(format!("https://{address}").parse().unwrap());
            config.root_cert = Some(vec![Pem::der(&roots)]);
            let pem = STANDARD.encode(&identity);
            config.auth_info = AuthInfo {
                client_certificate_data: Some(pem.clone()),
                client_key_data: Some(pem.into()),
                ..AuthInfo::default()
            };
            let ours = runtime().block_on(get(config));
            let is_only_go = ONLY_GO.contains(&(name, version));
            let same = match (theirs.ok().and_then(|body| body.as_str()), &ours) {
                (Some(_), Err(_)) if is_only_go => true,
                (Some(theirs), Ok(ours)) if !is_only_go => {
                    taken += 1;
                    theirs == ours
                }
                (None, Err(_)) => {
                    refused += 1;
                    true
                }
                _ => false,
            };
            if !same {
                differ.push(format!(
                    "{name} {version}\n  Go: {theirs:?}\n  ours: {ours:?}"
                ));
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert!(taken >= 40 && refused >= 8, "{taken} and {refused}");
}
