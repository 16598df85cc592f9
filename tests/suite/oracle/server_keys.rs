//! Which keys and signatures of servers and CAs are good: the files of a folder, each served by crypto/tls to itself and
//! to us, by TLS 1.2 and 1.3.

use conformance::oracle::{Answer, Oracle};
use conformance::paths;
use conformance::suite::Test;
use conformance::tests;
use serde_json::json;

use crate::tls::{Pem, get, pems, runtime};

pub(crate) const TESTS: &[Test] = tests!["server_keys":
    a_server_s_keys_are_taken_that_crypto_tls_takes,
];

/// What crypto/tls takes and we do not (docs/DIFFERENCES.md).
const ONLY_GO: &[&str] = &["p224"];

fn a_server_s_keys_are_taken_that_crypto_tls_takes() {
    let mut oracle = Oracle::start();
    let (mut trusted, mut refused, mut differ) = (0, 0, Vec::new());
    for path in pems(&paths::workspace().join("tests/certificates/servers")) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let pem = Pem::read(&path);
        let roots = pem.last_certificate();
        // With its CA and without: crypto/tls refuses large keys among the certificates that it is sent.
        let shown = [Some(pem.text.clone()), pem.without_last_certificate()];
        let served = shown
            .iter()
            .flatten()
            .flat_map(|pem| ["1.2", "1.3"].map(|version| (pem, version)));
        for (shown, version) in served {
            let serve = json!({"op": "tls_serve", "pem": shown, "version": version});
            let Answer::Ok(address) = oracle.ask(&serve) else {
                panic!("{name}: crypto/tls cannot be such a server");
            };
            let address = address.as_str().unwrap();
            let dial = json!({
                "op": "tls_dial", "address": address, "name": "127.0.0.1", "roots": roots,
            });
            let theirs = oracle.ask(&dial);
            let mut config = kube::Config::new(format!("https://{address}").parse().unwrap());
            config.root_cert = Some(vec![Pem::der(&roots)]);
            let ours = runtime().block_on(get(config));
            let expected = theirs.accepted() && !ONLY_GO.contains(&name);
            match ours {
                Ok(_) if expected => trusted += 1,
                Err(_) if !expected => refused += 1,
                _ => differ.push(format!(
                    "{name} {version}\n  Go: {theirs:?}\n  ours: {ours:?}"
                )),
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    assert!(trusted >= 80 && refused >= 24, "{trusted} and {refused}");
}
